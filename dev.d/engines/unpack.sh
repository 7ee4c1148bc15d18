#!/usr/bin/env bash
# usage: unpack.sh SUITE
# Unpacks the Docker Engine of another Debian suite (trixie: 26, sid: 28 or later) and its Docker Compose beside the installed
# ones, without touching the system, and prints the directory: usr/bin and usr/sbin in it go in front of PATH, and Compose is the
# client's plugin in usr/libexec/docker/cli-plugins. Downloaded once, then cached.
set -euo pipefail
HERE=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
. "$HERE/../lib/say.sh"
. "$HERE/../lib/mirror.sh"

SUITE=$1
TARGET=$(cache_directory)/engines/$SUITE-$(sha256sum < "$HERE/unpack.sh" | cut -c 1-8)
PACKAGES=(docker.io docker-cli containerd docker-compose)

download() {
  local work=$1 mirror
  mirror=$(apt_mirror)
  mkdir -p "$work"/{state/lists/partial,cache/archives/partial,debs,root}
  : > "$work/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $SUITE main" > "$work/sources.list"
  local apt=(-qq -o "Dir::State=$work/state" -o "Dir::State::status=$work/status" -o "Dir::Cache=$work/cache"
    -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferencesparts=/dev/null
    -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false)
  apt-get "${apt[@]}" update
  (cd "$work/debs" && apt-get "${apt[@]}" download "${PACKAGES[@]}")
  local deb
  for deb in "$work"/debs/*.deb; do
    dpkg -x "$deb" "$work/root"
  done
  rm -rf "$work/root/usr/share" "$work/root/etc"
}

if [ ! -d "$TARGET" ]; then
  mkdir -p "$(dirname "$TARGET")"
  WORK=$(mktemp -d "$TARGET.XXXXXX")
  trap 'rm -rf "$WORK"' EXIT
  download "$WORK" >&2
  # Another run may have been quicker: then its result stands.
  mv -T "$WORK/root" "$TARGET" 2> /dev/null || [ -d "$TARGET" ]
fi
echo "$TARGET"
