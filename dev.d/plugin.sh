# shellcheck shell=bash
# help: plugin                         the managed Docker plugin in dist/plugin, for docker plugin create moorage dist/plugin

dev_plugin() {
  need_root "./dev plugin"
  need_image_tools
  dev_build
  make_image
  make_plugin
  say "dist/plugin is ready, $(du -sh "$ROOT/dist/plugin/rootfs" | cut -f 1): docker plugin create moorage dist/plugin && docker plugin enable moorage"
}

# The same files as the image, beside the description that dockerd asks for.
make_plugin() {
  local work=$ROOT/target/image plugin=$ROOT/dist/plugin wanted
  wanted=$(cat "$work/made-of" "$ROOT/deploy/plugin/config.json" "$ROOT/dev.d/plugin.sh" | sha256sum)
  if [ -e "$plugin/config.json" ] && unchanged "$work/plugin-made-of" "$wanted"; then
    return 0
  fi
  rm -rf "$plugin"
  mkdir -p "$plugin/rootfs"
  cp -a "$work/debian/." "$work/product/." "$plugin/rootfs/"
  cp "$ROOT/deploy/plugin/config.json" "$plugin/"
  echo "$wanted" > "$work/plugin-made-of"
}
