#!/usr/bin/env bash
# usage: up.sh DIRECTORY [ARCHIVE…]
# Starts a Kubernetes of two nodes whose whole state is below DIRECTORY; what an earlier one left there is taken away first. The
# archives are images that both nodes get beside the usual ones. Each node has a pool of its own, an XFS with reflink, at
# /var/lib/moorage. Ends when both nodes are ready.
set -euo pipefail
HERE=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
. "$HERE/../lib/say.sh"
. "$HERE/../lib/mirror.sh"
. "$HERE/../lib/packages.sh"
. "$HERE/pki.sh"
. "$HERE/inside.sh"

# Different, so that the scheduler has something to choose by.
POOL_SIZES=(_ 16G 10G)

configure_node() {
  local node=$D/node-$1
  mkdir -p "$node"/log "$node"/cni "$node"/lib/{kubelet,containerd,cni,moorage}
  truncate -s "${POOL_SIZES[$1]}" "$node/pool.xfs"
  mkfs.xfs -q -s size=4096 -m reflink=1 "$node/pool.xfs"
  : > "$node/resolv.conf"
  # containerd 1.6 would lower the oom_score_adj of pods, which takes a capability that machines for tests often lack.
  cat > "$node/containerd.toml" <<CONFIG
version = 2
disabled_plugins = ["io.containerd.internal.v1.opt", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs"]
[plugins."io.containerd.grpc.v1.cri"]
  restrict_oom_score_adj = true
  sandbox_image = "moorage.test/pause:1"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$node/cni"
CONFIG
  cat > "$node/cni/10-bridge.conflist" <<CONFIG
{"cniVersion": "1.0.0", "name": "bridge", "plugins": [{"type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": false,
  "ipam": {"type": "host-local", "ranges": [[{"subnet": "10.88.$1.0/24"}]], "routes": [{"dst": "0.0.0.0/0"}]}}]}
CONFIG
  cat > "$node/kubelet.yaml" <<CONFIG
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
cgroupDriver: cgroupfs
cgroupRoot: /$(control_groups "$D")/node-$1
failCgroupV1: false
failSwapOn: false
oomScoreAdj: 0
maxPods: 200
clusterDNS: [10.0.0.10]
authentication: {x509: {clientCAFile: $D/pki/ca.crt}, webhook: {enabled: true}, anonymous: {enabled: false}}
authorization: {mode: Webhook}
evictionHard: {memory.available: "100Mi", nodefs.available: "1%", imagefs.available: "1%", nodefs.inodesFree: "1%"}
imageGCHighThresholdPercent: 100
nodeStatusUpdateFrequency: 4s
syncFrequency: 5s
volumePluginDir: /var/lib/kubelet/volume-plugins
resolvConf: $node/resolv.conf
tlsCertFile: $D/pki/node-$1.crt
tlsPrivateKeyFile: $D/pki/node-$1.key
CONFIG
}

make_control_groups() {
  local hierarchy group
  for hierarchy in /sys/fs/cgroup/*/; do
    for group in "$(control_groups "$D")"{,/node-1,/node-2}; do
      mkdir -p "$hierarchy$group" 2> /dev/null || continue
      [ ! -e "$hierarchy$group/cpuset.cpus" ] || {
        cat "$hierarchy/cpuset.cpus" > "$hierarchy$group/cpuset.cpus"
        cat "$hierarchy/cpuset.mems" > "$hierarchy$group/cpuset.mems"
      }
    done
  done
}

start_control_plane() {
  mkdir -p "$D/log" "$D/s3"
  setsid unshare --mount --pid --fork --kill-child --net --ipc --uts --propagation private -- \
    bash "$HERE/control-plane.sh" "$D" "$PROGRAMS" "$S3" > "$D/log/control-plane.log" 2>&1 < /dev/null &
  # A cluster that does not come up is none.
  trap 'kill -KILL '$!' 2> /dev/null || true; sleep 1; "$HERE/down.sh" "$D"' EXIT
  await 30 "the control plane starts" test -s "$D/pid"
}

# await SECONDS WHAT COMMAND…
await() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" > /dev/null 2>&1; do
    [ $SECONDS -lt $end ] || { tail -n 5 "$D"/log/*.log "$D"/node-*/log/*.log >&2 && die "in vain awaited that $what"; }
    sleep 0.2
  done
}

import() {
  local n=$1 archive reference
  shift
  await 30 "containerd of node-$n answers" on_node "$D" "$n" ctr version
  for archive in "$@"; do
    on_node "$D" "$n" ctr -n k8s.io images import "$archive" > /dev/null
  done
  # The sidecars get the names by which the manifests ask for them.
  while read -r reference; do
    archive=$(basename "${reference%:*}")
    [ ! -e "$IMAGES/$archive.tar" ] || on_node "$D" "$n" ctr -n k8s.io images tag --force "moorage.test/$archive:1" "$reference" > /dev/null
  done < <(grep -rhoE 'image: *[^ ]+/[^ ]+:[^ ]+' "$HERE/../../manifests" 2> /dev/null | sed 's/image: *//' | sort -u)
}

[ $# -ge 1 ] || die "usage: up.sh DIRECTORY [ARCHIVE…]"
"$HERE/down.sh" "$1"
mkdir -p "$1"
D=$(readlink -f "$1")
shift
PROGRAMS=$("$HERE/build.sh")
IMAGES=$("$HERE/images.sh")
S3=$("$HERE/../servers/versitygw.sh")
echo "$PROGRAMS" > "$D/programs"
make_pki "$D"
configure_node 1
configure_node 2
make_control_groups
start_control_plane
"$HERE/node-start.sh" "$D" 1
"$HERE/node-start.sh" "$D" 2
import 1 "$IMAGES"/*.tar "$@" &
FIRST=$!
import 2 "$IMAGES"/*.tar "$@"
wait $FIRST
await 120 "the API answers" kubectl_inside "$D" get --raw /readyz
await 60 "both nodes are ready" kubectl_inside "$D" wait --for=condition=Ready node/node-1 node/node-2 --timeout=30s
await 60 "there is a service account" kubectl_inside "$D" get serviceaccount default
trap - EXIT
