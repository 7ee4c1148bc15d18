#!/usr/bin/env bash
# usage: node-kill.sh DIRECTORY N
# Pulls the plug of node N: every process and mount of it is gone at once.
set -euo pipefail
HERE=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
. "$HERE/../lib/say.sh"
. "$HERE/inside.sh"

D=$(readlink -f "$1")
PID=$(< "$D/node-$2/pid")
mapfile -t FILESYSTEMS < <(node_filesystems "$D" "$2")
inside "$D" kill -KILL "$PID"
for _ in $(seq 200); do
  inside "$D" test -d "/proc/$PID" || break
  sleep 0.05
done
rm -f "$D/node-$2/pid"
mapfile -t LOOPS < <(loops_on "${FILESYSTEMS[@]}")
# What else a machine that is switched off does not keep: the groups of its containers,
GROUP=$(control_groups "$D")/node-$2
for _ in $(seq 50); do
  find /sys/fs/cgroup/*/"$GROUP" -mindepth 1 -depth -type d -exec rmdir {} + 2> /dev/null && break
  sleep 0.1
done
# and loop devices.
detach_loops "${LOOPS[@]}"
