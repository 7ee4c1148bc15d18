#!/usr/bin/env bash
# usage: fake-gcs-server.sh
# Builds fake-gcs-server, a server that speaks the language of Google Cloud Storage, by Go and prints where the program is.
# Built once, then cached.
set -euo pipefail
HERE=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
. "$HERE/../lib/say.sh"
. "$HERE/../lib/mirror.sh"
. "$HERE/../lib/packages.sh"
. "$HERE/../lib/go.sh"

go_program github.com/fsouza/fake-gcs-server v1.56.1
