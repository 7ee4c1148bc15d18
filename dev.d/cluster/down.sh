#!/usr/bin/env bash
# usage: down.sh DIRECTORY [--after-input]
# Ends the cluster of this directory and takes away all that is left of it; with --after-input when its own input has ended, which is
# when whoever holds the other end has gone. There may be none.
set -euo pipefail
HERE=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
. "$HERE/../lib/say.sh"
. "$HERE/inside.sh"

[ "${2:-}" != --after-input ] || cat > /dev/null
[ -d "$1" ] || exit 0
D=$(readlink -f "$1")
FILESYSTEMS=()
if is_up "$D"; then
  for n in 1 2; do
    [ ! -s "$D/node-$n/pid" ] || mapfile -t -O ${#FILESYSTEMS[@]} FILESYSTEMS < <(node_filesystems "$D" "$n" || true)
  done
  PID=$(< "$D/pid")
  kill -KILL "$PID"
  for _ in $(seq 200); do
    [ -d "/proc/$PID" ] || break
    sleep 0.05
  done
fi
mapfile -t LOOPS < <(loops_on "${FILESYSTEMS[@]}")
detach_loops "${LOOPS[@]}"
GROUPS_OF_OURS=$(control_groups "$D")
for _ in $(seq 50); do
  find /sys/fs/cgroup/*/"$GROUPS_OF_OURS" -depth -type d -exec rmdir {} + 2> /dev/null || true
  compgen -G "/sys/fs/cgroup/*/$GROUPS_OF_OURS" > /dev/null || break
  sleep 0.1
done
rm -rf --one-file-system "$D"
