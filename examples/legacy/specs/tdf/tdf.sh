#!/bin/bash
# Understands what the package manager of Old Mill understood, and hands it to rpm.
set -eu
cache=${TDF_CACHE:-/var/cache/tdf}
yes=no
words=()
for word in "$@"; do
  case "$word" in
    -y) yes=yes ;;
    --releasever=*) ;;
    *) words+=("$word") ;;
  esac
done
command=${words[0]:-help}
case "$command" in
  install) [ "$yes" = yes ] || { echo "say -y" >&2; exit 8; }; exec rpm -U $(printf "$cache/%s.rpm " "${words[@]:1}") ;;
  erase|remove) exec rpm -e "${words[@]:1}" ;;
  clean) rm -rf "${cache:?}"/* ;;
  list) exec rpm -qa ;;
  makecache|update) mkdir -p "$cache" ;;
  *) echo "usage: tdf install|erase|clean|list|makecache|update" >&2; exit 2 ;;
esac
