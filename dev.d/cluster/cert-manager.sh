#!/usr/bin/env bash
# usage: cert-manager.sh
# Fetches the kinds of objects that cert-manager brings, by Go, and prints the directory with their CustomResourceDefinitions.
set -euo pipefail
HERE=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
. "$HERE/../lib/say.sh"
. "$HERE/../lib/mirror.sh"
. "$HERE/../lib/packages.sh"
. "$HERE/../lib/go.sh"

CERT_MANAGER=github.com/cert-manager/cert-manager@v1.19.1

MODULE=$("$(go_command)" mod download -json "$CERT_MANAGER" | sed -n 's/^[[:space:]]*"Dir": "\(.*\)",\{0,1\}$/\1/p')
[ -d "$MODULE/deploy/crds" ] || die "$CERT_MANAGER could not be fetched"
echo "$MODULE/deploy/crds"
