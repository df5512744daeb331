#!/usr/bin/bash
# Keeps short notes in one file, newest last.
set -eu
version=2.1
book=${MILLNOTE_BOOK:-${HOME:-/root}/.millnote}
case "${1:-list}" in
  --version) echo "millnote $version" ;;
  add) shift; mkdir -p "$(dirname "$book")"; printf '%s\n' "$*" >> "$book" ;;
  list) [ ! -e "$book" ] || cat "$book" ;;
  *) echo "usage: millnote [add TEXT|list|--version]" >&2; exit 2 ;;
esac
