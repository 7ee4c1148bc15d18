#!/usr/bin/env bash
# usage: node.sh DIRECTORY PROGRAMS N
# The first process of node N, in namespaces of its own inside those of the cluster: killing it is pulling the plug of a machine. What a
# machine would keep on its disks is in DIRECTORY/node-N. Runs containerd and the kubelet, and starts them again as an init system does.
set -euo pipefail
D=$1 PROGRAMS=$2 N=$3
NODE=$D/node-$N
read -r PID _ < /proc/self/stat
mount -t proc proc /proc
mount -t tmpfs -o mode=755 tmpfs /run
mount --bind "$NODE/lib" /var/lib
# The kubelet writes the logs of containers there.
mount --bind "$NODE/log" /var/log
# With autoclear: the device goes with the mount.
mount -o loop "$NODE/pool.xfs" /var/lib/moorage
# Bidirectional mounts of pods need it.
mount --make-rshared /
hostname "node-$N"
echo "$PID" > "$NODE/pid.new"
mv "$NODE/pid.new" "$NODE/pid"
until ip link show eth0 > /dev/null 2>&1; do sleep 0.05; done
ip link set lo up
ip address add "10.1.0.$N/24" dev eth0
ip link set eth0 up
ip route add default via 10.1.0.254
echo 1 > /proc/sys/net/ipv4/ip_forward

# again NAME PROGRAM…: until the node ends.
again() {
  local name=$1
  shift
  while :; do
    "$@" >> "$NODE/log/$name.log" 2>&1 < /dev/null &
    echo $! > "$NODE/$name.pid"
    wait $! || true
    sleep 0.5
  done
}

again containerd containerd --config "$NODE/containerd.toml" &
until [ -S /run/containerd/containerd.sock ]; do sleep 0.1; done
again kubelet "$PROGRAMS/kubelet" --config="$NODE/kubelet.yaml" --kubeconfig="$D/node-$N.conf" --hostname-override="node-$N" \
  --node-ip="10.1.0.$N" --root-dir=/var/lib/kubelet &
while :; do wait || true; sleep 1; done
