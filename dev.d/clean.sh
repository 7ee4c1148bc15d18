# shellcheck shell=bash
# help: clean                          delete everything that was built

dev_clean() {
  rm -rf "$ROOT/dist" "$ROOT"/target "$ROOT"/*/target
}
