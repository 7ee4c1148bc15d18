#!/usr/bin/env bash
# usage: debian.sh
# Prints the path of a tar of a minimal Debian root, of this machine's release and mirror, with the packages of which the image takes
# its programs; for collect.sh and, by `docker import`, for the Dockerfile. Made anew when the mirror has newer packages.
set -euo pipefail
HERE=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
. "$HERE/../lib/say.sh"
. "$HERE/../lib/mirror.sh"
. "$HERE/packages.sh"

RELEASE=$(. /etc/os-release && echo "$VERSION_CODENAME")
# A machine whose lists were never fetched knows none; the mirror does.
VERSIONS=$(apt-cache show --no-all-versions libc6 dash coreutils "${IMAGE_PACKAGES[@]}" 2> /dev/null | sed -n 's/^Version: //p') || VERSIONS=unknown
TARGET=$(cache_directory)/images/debian-$RELEASE-$({ echo "$VERSIONS" && cat "$HERE/debian.sh" "$HERE/packages.sh"; } | sha256sum | cut -c 1-8).tar

if [ ! -e "$TARGET" ]; then
  mkdir -p "$(dirname "$TARGET")"
  WORK=$(mktemp -d "$TARGET.XXXXXX")
  trap 'rm -rf "$WORK"' EXIT
  mmdebstrap --quiet --variant=minbase --include="$(IFS=, && echo "${IMAGE_PACKAGES[*]}")" --components=main \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' --aptopt='APT::Install-Recommends "false"' \
    "$RELEASE" "$WORK/root.tar" "deb $(apt_mirror) $RELEASE main" 1>&2
  mv "$WORK/root.tar" "$TARGET"
fi
echo "$TARGET"
