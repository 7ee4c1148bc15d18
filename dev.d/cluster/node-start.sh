#!/usr/bin/env bash
# usage: node-start.sh DIRECTORY N
# Starts node N of the cluster, at first or after it was killed, as if a machine were switched on; does not wait until it is ready.
set -euo pipefail
HERE=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
. "$HERE/../lib/say.sh"
. "$HERE/inside.sh"

D=$(readlink -f "$1")
[ ! -s "$D/node-$2/pid" ] || ! inside "$D" test -d "/proc/$(< "$D/node-$2/pid")" || die "node-$2 runs already"
rm -f "$D/node-$2/pid"
inside "$D" ip link delete "node-$2" 2> /dev/null || true
inside "$D" setsid unshare --mount --pid --fork --net --uts --propagation private -- \
  bash "$HERE/node.sh" "$D" "$(< "$D/programs")" "$2" > "$D/node-$2/log/node.log" 2>&1 < /dev/null &
for _ in $(seq 100); do
  [ ! -s "$D/node-$2/pid" ] || break
  sleep 0.1
done
[ -s "$D/node-$2/pid" ] || die "node-$2 did not start: $(cat "$D/node-$2/log/node.log")"
inside "$D" ip link add "node-$2" type veth peer name eth0 netns "$(< "$D/node-$2/pid")"
inside "$D" ip link set "node-$2" master nodes up
