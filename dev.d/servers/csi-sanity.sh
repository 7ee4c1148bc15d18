#!/usr/bin/env bash
# usage: csi-sanity.sh
# Builds csi-sanity, the conformance test of Kubernetes for CSI drivers, by Go and prints where the program is. Built once, then cached.
set -euo pipefail
HERE=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
. "$HERE/../lib/say.sh"
. "$HERE/../lib/mirror.sh"
. "$HERE/../lib/packages.sh"
. "$HERE/../lib/go.sh"
. "$HERE/../lib/csi.sh"

go_program github.com/kubernetes-csi/csi-test/v5/cmd/csi-sanity "$CSI_TEST"
