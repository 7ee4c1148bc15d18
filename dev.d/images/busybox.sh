#!/usr/bin/env bash
# usage: busybox.sh
# Prints the path of a tar of a root with Debian's static busybox, for `docker import`. /data holds one file, owned by user
# 1000, so that copy-up into an empty volume can be seen.
set -euo pipefail
HERE=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
. "$HERE/../lib/say.sh"
. "$HERE/../lib/mirror.sh"

TARGET=$(cache_directory)/images/busybox-$(sha256sum < "$HERE/busybox.sh" | cut -c 1-8).tar
if [ ! -e "$TARGET" ]; then
  mkdir -p "$(dirname "$TARGET")"
  WORK=$(mktemp -d "$TARGET.XXXXXX")
  trap 'rm -rf "$WORK"' EXIT
  mkdir -p "$WORK"/root/{bin,data,tmp,proc,sys,dev,etc}
  cp /bin/busybox "$WORK/root/bin/"
  for applet in $(/bin/busybox --list); do
    [ "$applet" = busybox ] || ln -s busybox "$WORK/root/bin/$applet"
  done
  echo seed > "$WORK/root/data/seed"
  chown -R 1000:1000 "$WORK/root/data"
  echo 'root:x:0:0:root:/:/bin/sh' > "$WORK/root/etc/passwd"
  tar -C "$WORK/root" --numeric-owner -cf "$WORK/image.tar" .
  mv "$WORK/image.tar" "$TARGET"
fi
echo "$TARGET"
