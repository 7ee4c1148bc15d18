# shellcheck shell=bash
# Makes an image archive of layers, in the form of `docker save`, which `docker load` and `ctr images import` read, without an engine.

# write_archive NAME:TAG REVISION ARCHIVE LAYER…: each layer is a directory.
write_archive() (
  name=$1 revision=$2 archive=$3
  shift 3
  work=$(mktemp -d "$archive.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  mkdir "$work/out"
  digests=()
  for layer in "$@"; do
    pack_layer "$layer" "$work/layer.tar"
    digests+=("$(sha256sum < "$work/layer.tar" | cut -d ' ' -f 1)")
    mkdir -p "$work/out/${digests[-1]}"
    mv "$work/layer.tar" "$work/out/${digests[-1]}/layer.tar"
  done
  image_config "${name##*:}" "$revision" "${digests[@]}" > "$work/config"
  config=$(sha256sum < "$work/config" | cut -d ' ' -f 1).json
  mv "$work/config" "$work/out/$config"
  jq -cn --arg config "$config" --arg name "$name" '[{Config: $config, RepoTags: [$name], Layers: [$ARGS.positional[] + "/layer.tar"]}]' \
    --args "${digests[@]}" > "$work/out/manifest.json"
  tar -C "$work/out" "${TAR_SAME[@]}" -cf "$work/archive.tar" "$config" manifest.json "${digests[@]}"
  mv "$work/archive.tar" "$archive"
)

# One moment for every file, the same owner and order: the same files make the same bytes.
TAR_SAME=(--sort=name --owner=0 --group=0 --numeric-owner "--mtime=@$PRODUCT_EPOCH" --format=gnu)

pack_layer() { (cd "$1" && tar "${TAR_SAME[@]}" -cf "$2" -- *); }

image_config() {
  local version=$1 revision=$2
  shift 2
  jq -cn --arg version "$version" --arg revision "$revision" --arg architecture "$(dpkg --print-architecture)" \
    --arg created "$(date -u -d "@$PRODUCT_EPOCH" +%Y-%m-%dT%H:%M:%SZ)" '{
      architecture: $architecture, os: "linux", created: $created,
      config: {
        Entrypoint: ["/usr/bin/moorage"], Cmd: ["--help"], WorkingDir: "/",
        Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "MOORAGE_CONTAINER=yes"],
        Labels: {
          "org.opencontainers.image.title": "Moorage",
          "org.opencontainers.image.description": "Container volumes on local disks whose snapshots live in an object store",
          "org.opencontainers.image.version": $version,
          "org.opencontainers.image.revision": $revision,
          "org.opencontainers.image.created": $created,
          "dev.moorage.sbom": "/opt/moorage/sbom.json"
        }
      },
      rootfs: {type: "layers", diff_ids: [$ARGS.positional[] | "sha256:" + .]},
      history: [$ARGS.positional[] | {created: $created, created_by: "./dev image"}]
    }' --args "$@"
}
