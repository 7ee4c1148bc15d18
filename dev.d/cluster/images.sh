#!/usr/bin/env bash
# usage: images.sh
# Prints the directory with the images that the cluster needs beside ours, as archives for `ctr images import`: the sidecars, pause,
# busybox, postgres. Each is called moorage.test/NAME:1. Made once, then cached.
set -euo pipefail
HERE=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
. "$HERE/../lib/say.sh"
. "$HERE/../lib/mirror.sh"

PROGRAMS=$("$HERE/build.sh")
BUSYBOX=$("$HERE/../images/busybox.sh")
POSTGRES=$("$HERE/../images/postgres.sh")
TARGET=$(cache_directory)/images/cluster-$({ cat "$HERE/images.sh" && echo "$PROGRAMS $BUSYBOX $POSTGRES"; } | sha256sum | cut -c 1-8)

# archive NAME LAYER CONFIG: an image of one layer, a tar that is moved away.
archive() {
  local name=$1 layer=$2 config=$3 work=$WORK/$1.d digest
  mkdir "$work"
  mv "$layer" "$work/layer.tar"
  digest=sha256:$(sha256sum < "$work/layer.tar" | cut -d ' ' -f 1)
  jq -n --argjson config "$config" --arg digest "$digest" '{architecture: "amd64", os: "linux",
    config: ({Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]} + $config),
    rootfs: {type: "layers", diff_ids: [$digest]}}' > "$work/config.json"
  jq -n --arg name "moorage.test/$name:1" '[{Config: "config.json", RepoTags: [$name], Layers: ["layer.tar"]}]' > "$work/manifest.json"
  tar -C "$work" -cf "$WORK/out/$name.tar" manifest.json config.json layer.tar
  rm -rf "$work"
}

# program NAME: an image that holds one static program.
program() {
  tar -C "$PROGRAMS" --owner=0 --group=0 -cf "$WORK/layer" "$1"
  archive "$1" "$WORK/layer" '{"Entrypoint": ["/'"$1"'"]}'
}

# root NAME TAR CONFIG: an image of a root filesystem.
root() {
  cp "$2" "$WORK/layer"
  archive "$1" "$WORK/layer" "$3"
}

if [ ! -d "$TARGET" ]; then
  WORK=$(mktemp -d "$TARGET.XXXXXX")
  trap 'rm -rf "$WORK"' EXIT
  mkdir "$WORK/out"
  for each in csi-provisioner csi-snapshotter csi-resizer snapshot-controller pause; do
    program "$each"
  done
  root busybox "$BUSYBOX" '{"Cmd": ["/bin/sh"]}'
  root postgres "$POSTGRES" '{"Cmd": ["database"], "User": "postgres"}'
  mv -T "$WORK/out" "$TARGET" 2> /dev/null || [ -d "$TARGET" ]
fi
echo "$TARGET"
