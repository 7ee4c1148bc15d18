#!/usr/bin/env bash
# usage: azurite.sh
# Fetches Azurite, Microsoft's own server for tests of Azure Blob Storage, by npm and prints its program for node. Fetched once,
# then cached.
set -euo pipefail
HERE=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
. "$HERE/../lib/say.sh"
. "$HERE/../lib/mirror.sh"
. "$HERE/../lib/packages.sh"

VERSION=3.37.0
TARGET=$(cache_directory)/servers/azurite-$VERSION

if [ ! -d "$TARGET" ]; then
  need_commands npm:npm node:nodejs >&2
  mkdir -p "$(dirname "$TARGET")"
  WORK=$(mktemp -d "$TARGET.XXXXXX")
  trap 'rm -rf "$WORK"' EXIT
  npm install --silent --no-fund --no-audit --prefix "$WORK" "azurite@$VERSION" >&2 || die "azurite $VERSION could not be fetched"
  # Another run may have been quicker: then its result stands.
  mv -T "$WORK" "$TARGET" 2> /dev/null || [ -d "$TARGET" ]
fi
echo "$TARGET/node_modules/azurite/dist/src/blob/main.js"
