#!/usr/bin/env bash
# usage: node-kill.sh DIRECTORY N
# Pulls the plug of node N: every process and mount of it is gone at once.
set -euo pipefail
HERE=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
. "$HERE/../lib/say.sh"
. "$HERE/inside.sh"

D=$(readlink -f "$1")
PID=$(< "$D/node-$2/pid")
inside "$D" kill -KILL "$PID"
for _ in $(seq 200); do
  inside "$D" test -d "/proc/$PID" || break
  sleep 0.05
done
rm -f "$D/node-$2/pid"
