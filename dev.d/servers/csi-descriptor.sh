#!/usr/bin/env bash
# usage: csi-descriptor.sh
# Writes the descriptor of the CSI messages that csi-sanity is built with (a serialised FileDescriptorProto) and prints where the file
# is. Made once, then cached.
set -euo pipefail
HERE=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
. "$HERE/../lib/say.sh"
. "$HERE/../lib/mirror.sh"
. "$HERE/../lib/packages.sh"
. "$HERE/../lib/go.sh"
. "$HERE/../lib/csi.sh"

TARGET=$(cache_directory)/servers/csi-descriptor-$CSI_TEST
if [ ! -s "$TARGET" ]; then
  GO=$(go_command)
  mkdir -p "$(dirname "$TARGET")"
  WORK=$(mktemp -d "$TARGET.XXXXXX")
  trap 'rm -rf "$WORK"' EXIT
  cat > "$WORK/go.mod" <<MODULE
module descriptor

go 1.25.0

require github.com/kubernetes-csi/csi-test/v5 $CSI_TEST
MODULE
  cat > "$WORK/main.go" <<'PROGRAM'
package main

import (
	"os"

	"github.com/container-storage-interface/spec/lib/go/csi"
	_ "github.com/kubernetes-csi/csi-test/v5/pkg/sanity"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
)

func main() {
	bytes, err := proto.Marshal(protodesc.ToFileDescriptorProto((&csi.ProbeRequest{}).ProtoReflect().Descriptor().ParentFile()))
	if err == nil {
		err = os.WriteFile(os.Args[1], bytes, 0o644)
	}
	if err != nil {
		panic(err)
	}
}
PROGRAM
  (cd "$WORK" && GOFLAGS=-mod=mod "$GO" mod tidy && GOFLAGS=-mod=mod "$GO" run . "$WORK/descriptor") >&2 || die "the descriptor of CSI could not be made"
  mv "$WORK/descriptor" "$TARGET"
fi
echo "$TARGET"
