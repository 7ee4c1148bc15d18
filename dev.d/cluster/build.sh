#!/usr/bin/env bash
# usage: build.sh
# Builds Kubernetes, etcd and the CSI sidecars by Go and prints the directory with the programs. Built once (some minutes), then cached.
set -euo pipefail
HERE=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
. "$HERE/../lib/say.sh"
. "$HERE/../lib/mirror.sh"
. "$HERE/../lib/packages.sh"
. "$HERE/../lib/go.sh"

KUBERNETES=1.36.3
PROVISIONER=v6.3.0
SNAPSHOTTER=v8.6.0
RESIZER=v2.2.0
# The parts of Kubernetes that are modules of their own: its go.mod looks for them beside itself, so each is named here.
PARTS="api apiextensions-apiserver apimachinery apiserver cli-runtime client-go cloud-provider cluster-bootstrap code-generator
  component-base component-helpers controller-manager cri-api cri-client cri-streaming csi-translation-lib dynamic-resource-allocation
  endpointslice externaljwt kms kube-aggregator kube-controller-manager kube-proxy kube-scheduler kubectl kubelet metrics mount-utils
  pod-security-admission sample-apiserver sample-cli-plugin sample-controller streaming"
TARGET=$(cache_directory)/kubernetes/$KUBERNETES-$(sha256sum < "$HERE/build.sh" | cut -c 1-8)

# One module for all of them, so that what Kubernetes and the sidecars share is compiled once. For the same reason nothing is built with C:
# the sidecars run in images that hold nothing else.
build() {
  local work=$1 stamp=k8s.io/component-base/version csi=github.com/kubernetes-csi part
  local programs=(go.etcd.io/etcd/server/v3 k8s.io/kubernetes/cmd/{kube-apiserver,kube-controller-manager,kube-scheduler,kubelet,kubectl}
    "$csi/external-provisioner/v6/cmd/csi-provisioner" "$csi/external-snapshotter/v8/cmd/"{csi-snapshotter,snapshot-controller}
    "$csi/external-resizer/v2/cmd/csi-resizer")
  export GOFLAGS='-mod=mod -buildvcs=false' CGO_ENABLED=0
  mkdir "$work/module"
  {
    printf 'module wrapper\n\ngo 1.26.0\n\n'
    printf 'require %s\n' "k8s.io/kubernetes v$KUBERNETES" "$csi/external-provisioner/v6 $PROVISIONER" \
      "$csi/external-snapshotter/v8 $SNAPSHOTTER" "$csi/external-resizer/v2 $RESIZER"
    for part in $PARTS; do echo "replace k8s.io/$part => k8s.io/$part v0${KUBERNETES#1}"; done
  } > "$work/module/go.mod"
  { printf '//go:build tools\n\npackage wrapper\n\n' && printf 'import _ "%s"\n' "${programs[@]}"; } > "$work/module/tools.go"
  (cd "$work/module" && "$GO" mod tidy)
  (cd "$work/module" && "$GO" build -trimpath -o "$work/out/" \
    -ldflags "-s -w -X $stamp.gitVersion=v$KUBERNETES -X $stamp.gitMajor=1 -X $stamp.gitMinor=36" "${programs[@]}")
  mv "$work/out/server" "$work/out/etcd"
  pause "$work"
}

# The first process of every pod: does nothing until it is told to end.
pause() {
  mkdir "$1/pause"
  cat > "$1/pause/main.go" <<'PROGRAM'
package main

import (
	"os"
	"os/signal"
	"syscall"
)

func main() {
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGINT, syscall.SIGTERM)
	<-end
}
PROGRAM
  printf 'module pause\n\ngo 1.26.0\n' > "$1/pause/go.mod"
  (cd "$1/pause" && "$GO" build -trimpath -ldflags '-s -w' -o "$1/out/" .)
}

if [ ! -d "$TARGET" ]; then
  GO=$(go_command)
  mkdir -p "$(dirname "$TARGET")"
  WORK=$(mktemp -d "$TARGET.XXXXXX")
  trap 'rm -rf "$WORK"' EXIT
  build "$WORK" >&2
  mv -T "$WORK/out" "$TARGET" 2> /dev/null || [ -d "$TARGET" ]
fi
echo "$TARGET"
