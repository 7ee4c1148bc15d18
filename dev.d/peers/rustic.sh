#!/usr/bin/env bash
# usage: rustic.sh
# Builds rustic by cargo, which takes several minutes, and prints where the program is; fails where no cargo is new enough. Built once,
# then cached.
set -euo pipefail
HERE=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
. "$HERE/../lib/say.sh"
. "$HERE/../lib/mirror.sh"

VERSION=0.11.4
TARGET=$(cache_directory)/peers/rustic-$VERSION

if [ ! -x "$TARGET" ]; then
  command -v cargo > /dev/null || die "rustic is built by cargo, which is not installed"
  mkdir -p "$(dirname "$TARGET")"
  WORK=$(mktemp -d "$TARGET.XXXXXX")
  trap 'rm -rf "$WORK"' EXIT
  cargo install --quiet --locked --root "$WORK" --target-dir "$WORK/build" --version "$VERSION" rustic-rs >&2 || die "rustic $VERSION could not be built"
  mv "$WORK/bin/rustic" "$TARGET"
fi
echo "$TARGET"
