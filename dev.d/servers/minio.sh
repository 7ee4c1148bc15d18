#!/usr/bin/env bash
# usage: minio.sh
# Builds the S3 server MinIO by Go and prints where the program is. Built once, then cached.
set -euo pipefail
HERE=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
. "$HERE/../lib/say.sh"
. "$HERE/../lib/mirror.sh"
. "$HERE/../lib/packages.sh"
. "$HERE/../lib/go.sh"

go_program github.com/minio/minio v0.0.0-20260212201848-7aac2a2c5b7c
