#!/bin/bash
# Copies an archive from one folder to another. Not the timetable of the same name.
set -eu
[ $# -eq 2 ] || { echo "usage: ferry FROM TO" >&2; exit 2; }
cp -a "$1" "$2"
