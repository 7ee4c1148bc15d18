# shellcheck shell=bash
# help: image                          the container image dist/moorage-image.tar, of this machine's JDK and Debian's packages, without an engine

# Two layers: what is Debian's, which changes rarely, and the product with its runtime. They are left in target/image for ./dev plugin.
dev_image() {
  local started=$SECONDS
  need_root "./dev image"
  need_image_tools
  dev_build
  make_image
  say "dist/moorage-image.tar is ready after $((SECONDS - started)) s: $(image_name), $(du -h "$ROOT/dist/moorage-image.tar" | cut -f 1)"
}

need_image_tools() {
  need_build_tools
  need_commands mmdebstrap:mmdebstrap jq:jq curl:curl
}

# The release of the product, as Maven knows it.
product_version() { sed -n 's|.*<revision>\(.*\)</revision>.*|\1|p' "$ROOT/pom.xml"; }

image_name() { echo "docker.io/moorage/moorage:$(product_version)"; }

make_image() {
  . "$ROOT/dev.d/image/archive.sh"
  . "$ROOT/dev.d/image/sbom.sh"
  local debian wanted work=$ROOT/target/image
  debian=$("$ROOT/dev.d/image/debian.sh")
  wanted=$(image_inputs "$debian" | sha256sum)
  if [ -e "$ROOT/dist/moorage-image.tar" ] && unchanged "$work/made-of" "$wanted"; then
    return 0
  fi
  rm -rf "$work"
  mkdir -p "$work/product/opt/moorage"
  collect_debian "$debian" "$work/debian"
  cp -a "$ROOT/dist/bin" "$ROOT/dist/lib" "$ROOT/dist/runtime" "$work/product/opt/moorage/"
  chmod -R go+rX "$work/product"
  write_sbom "$(product_version)" "$work/debian" "$work/product" "$work/product/opt/moorage/sbom.json"
  cp "$work/product/opt/moorage/sbom.json" "$ROOT/dist/moorage-sbom.json"
  write_archive "$(image_name)" "$(image_revision)" "$ROOT/dist/moorage-image.tar" "$work/debian" "$work/product"
  echo "$wanted" > "$work/made-of"
}

image_revision() { git -C "$ROOT" rev-parse HEAD 2> /dev/null || echo unknown; }

image_inputs() {
  echo "$1" "$(product_version)" "$(image_revision)"
  cat "$ROOT"/dev.d/image/*.sh "$ROOT/dev.d/image.sh" "$ROOT/dist/bin/moorage" "$ROOT/dist/runtime/made-of"
  find "$ROOT/dist/lib" -type f ! -name caches-made-of -print0 | sort -z | xargs -0 sha256sum
}

# collect_debian TAR TARGET: in a root of its own, which goes again.
collect_debian() (
  root=$(mktemp -d /tmp/mi.XXXXXX)
  trap 'rm -rf --one-file-system "$root"' EXIT
  # Device nodes need a right that some sandboxes keep back, and are of no use here.
  tar -C "$root" --exclude='./dev/*' -xf "$1"
  mkdir "$root/collect"
  cp "$ROOT/dev.d/image/collect.sh" "$ROOT/dev.d/image/packages.sh" "$root/collect/"
  chroot "$root" /bin/bash /collect/collect.sh /collected
  mv "$root/collected" "$2"
)
