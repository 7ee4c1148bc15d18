#!/usr/bin/env bash
# usage: borg.sh
# Unpacks borg of Debian 13, with the Python and the C library that it wants, and prints a command that runs it with these. The system
# has others, so nothing of it may be found by them, nor the other way round. Downloaded once, then cached.
set -euo pipefail
HERE=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
. "$HERE/../lib/say.sh"
. "$HERE/../lib/mirror.sh"
. "$HERE/../lib/suite.sh"

VERSION=1.4.0-5
PYTHON=python3.13
TARGET=$(cache_directory)/peers/borg-$VERSION
PACKAGES=("borgbackup=$VERSION" "$PYTHON-minimal" "$PYTHON" "lib$PYTHON-minimal" "lib$PYTHON-stdlib" python3-msgpack python3-packaging
  libc6 libgcc-s1 libacl1 liblz4-1 libssl3t64 libxxhash0 libzstd1 zlib1g libbz2-1.0 liblzma5 libexpat1 libffi8 libuuid1)

if [ ! -x "$TARGET/borg" ]; then
  mkdir -p "$(dirname "$TARGET")"
  WORK=$(mktemp -d "$TARGET.XXXXXX")
  trap 'rm -rf "$WORK"' EXIT
  unpack_of_suite trixie "$WORK" "${PACKAGES[@]}" >&2
  cat > "$WORK/root/borg" << 'RUN'
#!/bin/sh
root=$(dirname "$(readlink -f "$0")")
libraries=$(echo "$root"/usr/lib/*-linux-gnu)
export PYTHONHOME="$root/usr" PYTHONDONTWRITEBYTECODE=
exec "$libraries"/ld-linux-*.so.2 --library-path "$libraries" "$root"/usr/bin/python3.?? -P "$root/usr/bin/borg" "$@"
RUN
  chmod 755 "$WORK/root/borg"
  mv -T "$WORK/root" "$TARGET"
fi
echo "$TARGET/borg"
