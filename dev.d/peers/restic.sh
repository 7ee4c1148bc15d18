#!/usr/bin/env bash
# usage: restic.sh
# Unpacks restic of Debian 13 and prints where the program is. Downloaded once, then cached.
set -euo pipefail
HERE=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
. "$HERE/../lib/say.sh"
. "$HERE/../lib/mirror.sh"
. "$HERE/../lib/suite.sh"

VERSION=0.18.0-1+b4
TARGET=$(cache_directory)/peers/restic-$VERSION

if [ ! -x "$TARGET" ]; then
  mkdir -p "$(dirname "$TARGET")"
  WORK=$(mktemp -d "$TARGET.XXXXXX")
  trap 'rm -rf "$WORK"' EXIT
  unpack_of_suite trixie "$WORK" "restic=$VERSION" >&2
  mv "$WORK/root/usr/bin/restic" "$TARGET"
fi
echo "$TARGET"
