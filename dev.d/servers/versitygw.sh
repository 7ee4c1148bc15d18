#!/usr/bin/env bash
# usage: versitygw.sh
# Builds the S3 server versitygw by Go and prints where the program is. Built once, then cached.
set -euo pipefail
HERE=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
. "$HERE/../lib/say.sh"
. "$HERE/../lib/mirror.sh"
. "$HERE/../lib/packages.sh"
. "$HERE/../lib/go.sh"

go_program github.com/versity/versitygw/cmd/versitygw v1.8.0
