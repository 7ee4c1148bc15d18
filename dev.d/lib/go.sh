# shellcheck shell=bash
# Servers for tests that are written in Go.

GO_TOOLCHAIN=go1.26.8

# go_program MODULE VERSION: builds the program, unless the cache has it, and prints its path.
go_program() {
  local target work go
  target=$(cache_directory)/servers/$(basename "$1")-$2
  if [ ! -x "$target" ]; then
    go=$(go_command)
    mkdir -p "$(dirname "$target")"
    work=$(mktemp -d "$target.XXXXXX")
    GOBIN=$work "$go" install "$1@$2" >&2 || { rm -rf "$work"; die "$1@$2 could not be built"; }
    # Another run may have been quicker: both made the same.
    mv "$work/$(basename "$1")" "$target"
    rm -rf "$work"
  fi
  echo "$target"
}

# go_command: a Go that is new enough for all of them. That of Debian 12 is not, and cannot renew itself as later ones do; but
# newer toolchains are modules like others, so it can fetch one.
go_command() {
  local found target work
  found=$(command -v go || command -v /usr/local/go/bin/go || true)
  if [ -z "$found" ]; then
    need_commands go:golang-go >&2
    found=$(command -v go)
  fi
  if "$found" version | grep -qE 'go1\.(2[1-9]|[3-9][0-9])'; then
    echo "$found"
    return 0
  fi
  target=$(cache_directory)/$GO_TOOLCHAIN
  if [ ! -d "$target" ]; then
    mkdir -p "$(dirname "$target")"
    work=$(mktemp -d "$target.XXXXXX")
    fetch_toolchain "$found" "$work" || { rm -rf "$work"; die "Go could not be renewed"; }
    mv -T "$work" "$target" 2> /dev/null || rm -rf "$work"
  fi
  echo "$target/bin/go"
}

# fetch_toolchain GO DIRECTORY: modules are kept without execute permission and read-only, so they are copied.
fetch_toolchain() {
  local module
  module=$("$1" mod download -json "golang.org/toolchain@v0.0.1-$GO_TOOLCHAIN.linux-$("$1" env GOARCH)" \
    | sed -n 's/^[[:space:]]*"Dir": "\(.*\)",\{0,1\}$/\1/p')
  [ -n "$module" ] || return 1
  cp -r "$module/." "$2/"
  chmod -R u+w "$2"
  find "$2/bin" "$2/pkg/tool" -type f -exec chmod 755 {} +
}
