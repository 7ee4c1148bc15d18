#!/usr/bin/env bash
# usage: postgres.sh
# Prints the path of a tar of a root with Debian's PostgreSQL (server, client, pgbench, pg_amcheck), for `docker import`
# with USER postgres and the command `database`. Made once from the machine's own mirror, then cached.
set -euo pipefail
HERE=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
. "$HERE/../lib/say.sh"
. "$HERE/../lib/mirror.sh"

RELEASE=$(. /etc/os-release && echo "$VERSION_CODENAME")
# The name changes with this script and with what it puts into the image.
TARGET=$(cache_directory)/images/postgres-$RELEASE-$(cat "$HERE/postgres.sh" "$HERE/database" | sha256sum | cut -c 1-8).tar

make_root() {
  # The just-in-time compiler's library is half of the image and is switched off in ours.
  mmdebstrap --quiet --skip=cleanup/run --variant=minbase --include=postgresql --components=main \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=*/libLLVM*' \
    --aptopt='APT::Install-Recommends "false"' \
    --customize-hook='copy-in '"$HERE/database"' /usr/local/bin' \
    --customize-hook='chroot "$1" sh -c "install -d -m 0700 -o postgres -g postgres /var/lib/postgresql/data"' \
    --customize-hook='chroot "$1" sh -c "install -d -m 0755 -o postgres -g postgres /run/postgresql"' \
    --customize-hook='chroot "$1" sh -c "ln -s /usr/lib/postgresql/*/bin/* /usr/local/bin/"' \
    --customize-hook='rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*.bin "$1"/var/lib/postgresql/*/main' \
    "$RELEASE" "$1" "deb $(apt_mirror) $RELEASE main" 1>&2
}

if [ ! -e "$TARGET" ]; then
  mkdir -p "$(dirname "$TARGET")"
  WORK=$(mktemp -d "$TARGET.XXXXXX")
  trap 'rm -rf "$WORK"' EXIT
  make_root "$WORK/image.tar"
  mv "$WORK/image.tar" "$TARGET"
fi
echo "$TARGET"
