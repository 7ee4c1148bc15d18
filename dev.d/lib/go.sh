# shellcheck shell=bash
# Servers for tests that are written in Go.

# go_program MODULE VERSION: builds the program, unless the cache has it, and prints its path.
go_program() {
  local target work go
  target=$(cache_directory)/servers/$(basename "$1")-$2
  if [ ! -x "$target" ]; then
    go=$(command -v go || ls /usr/local/go/bin/go 2> /dev/null) \
      || die "$(basename "$1") is built by Go, which is missing. Run: apt-get install golang-go"
    mkdir -p "$(dirname "$target")"
    work=$(mktemp -d "$target.XXXXXX")
    # A toolchain that is newer than the one that is installed comes from the module proxy, like the modules.
    GOTOOLCHAIN=auto GOBIN=$work "$go" install "$1@$2" >&2 || { rm -rf "$work"; die "$1@$2 could not be built"; }
    # Another run may have been quicker: both made the same.
    mv "$work/$(basename "$1")" "$target"
    rm -rf "$work"
  fi
  echo "$target"
}
