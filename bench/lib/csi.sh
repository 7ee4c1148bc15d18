# shellcheck shell=bash
# What the calls of CSI take: the life of a volume for one pod against the same by hand and by system calls alone, in turns, and what the
# router adds to a call. No cluster: for the router there is the API of one and nothing else of it.

CSI_ROUNDS=${CSI_ROUNDS:-200}
CSI_WARM=${CSI_WARM:-60}

bench_csi() {
  bench_classes
  csi_disk
  csi_api
  csi_router
  csi_node
  csi_await "the router knows the pool" csi_pools
  bench_ready
  csi_routing
  bench_ready
  csi_lives filesystem
  csi_lives block
  bench_stop_service
  bench_stop_server
}

# An XFS in a file that is written in full before, so that the disk below has nothing to do but to read and write.
csi_disk() {
  D=$B/disk
  mkdir "$D"
  dd if=/dev/zero of="$B/disk.xfs" bs=8M count=512 oflag=direct status=none
  mkfs.xfs -q -m reflink=1 -s size=4096 "$B/disk.xfs"
  mount "$(losetup -f --show --direct-io=on -b 4096 "$B/disk.xfs")" "$D"
}

# The driver, with a port for the router.
csi_node() {
  # What was deleted shall leave room for the next rounds.
  cat >"$B/csi.yaml" <<CONFIG
pools:
  - name: default
    path: $D/pool
    overcommit: 1000
    trash-retention: 1s
CONFIG
  CSI_SOCKET=$B/csi.sock
  moorage serve --config "$B/csi.yaml" --docker-socket none --csi-socket "$CSI_SOCKET" --node-id bench --csi-listen 127.0.0.1:7324 \
    --csi-tls "$B/tls" --admin-socket "$B/csi.admin" --run-dir "$B/csi.run" >"$B/csi.log" 2>&1 &
  SERVICE=$!
  csi_await "the driver serves" grep -q ready "$B/csi.log"
}

# csi_await WHAT COMMAND…
csi_await() {
  local what=$1 _
  shift
  for _ in $(seq 1 300); do
    "$@" >/dev/null 2>&1 && return 0
    sleep 0.2
  done
  tail -n 5 "$B"/*.log >&2
  echo "bench: in vain awaited that $what" >&2
  return 1
}

api_kubectl() { "$PROGRAMS/kubectl" --kubeconfig "$B/api.conf" "$@"; }

# etcd and the API server, as processes of this run.
csi_api() {
  local store=http://127.0.0.1:7322
  PROGRAMS=$("$ROOT/dev.d/cluster/build.sh")
  "$PROGRAMS/etcd" --data-dir "$B/etcd" --listen-client-urls "$store" --advertise-client-urls "$store" \
    --listen-peer-urls http://127.0.0.1:7325 --unsafe-no-fsync >"$B/etcd.log" 2>&1 &
  SERVER=$!
  echo 'bench-token,admin,1,"system:masters"' >"$B/tokens"
  openssl genrsa -out "$B/sa.key" 2048 2>/dev/null
  openssl rsa -in "$B/sa.key" -pubout -out "$B/sa.pub" 2>/dev/null
  "$PROGRAMS/kube-apiserver" --etcd-servers="$store" --secure-port=7323 --bind-address=127.0.0.1 --cert-dir="$B/certificates" \
    --token-auth-file="$B/tokens" --authorization-mode=RBAC --service-cluster-ip-range=10.0.0.0/24 \
    --service-account-issuer=https://kubernetes.default.svc --service-account-key-file="$B/sa.pub" \
    --service-account-signing-key-file="$B/sa.key" --endpoint-reconciler-type=none --disable-admission-plugins=ServiceAccount \
    >"$B/apiserver.log" 2>&1 &
  SERVER="$! $SERVER"
  cat >"$B/api.conf" <<'CONFIG'
apiVersion: v1
kind: Config
clusters: [{name: bench, cluster: {server: "https://127.0.0.1:7323", insecure-skip-tls-verify: true}}]
users: [{name: admin, user: {token: bench-token}}]
contexts: [{name: bench, context: {cluster: bench, user: admin}}]
current-context: bench
CONFIG
  csi_await "the API answers" api_kubectl get --raw /readyz
  csi_await "a namespace can be made" api_kubectl create namespace moorage-system
}

# The router, and this script in the place of a kubelet: it hands the certificate that the router makes to the node, and says where that is.
csi_router() {
  ROUTER_SOCKET=$B/router.sock
  KUBECONFIG=$B/api.conf NAMESPACE=moorage-system POD_NAME=router moorage serve --controller --csi-socket "$ROUTER_SOCKET" \
    --run-dir "$B/router.run" --admin-socket "$B/router.admin" >"$B/router.log" 2>&1 &
  SERVER="$! $SERVER"
  csi_await "the router makes certificates" api_kubectl -n moorage-system get secret moorage-node-tls
  mkdir "$B/tls"
  local part
  for part in ca.crt tls.crt tls.key; do
    api_kubectl -n moorage-system get secret moorage-node-tls -o "jsonpath={.data.${part/./\\.}}" | base64 -d >"$B/tls/$part"
  done
  api_kubectl apply -f - >/dev/null <<'POD'
apiVersion: v1
kind: Pod
metadata:
  name: moorage-bench
  namespace: moorage-system
  labels: {app.kubernetes.io/name: moorage, app.kubernetes.io/component: node}
spec:
  nodeName: bench
  containers:
    - {name: moorage, image: moorage/moorage, ports: [{name: csi, containerPort: 7324}]}
POD
  api_kubectl -n moorage-system patch pod moorage-bench --subresource=status --type=merge \
    -p '{"status": {"phase": "Running", "podIP": "127.0.0.1", "podIPs": [{"ip": "127.0.0.1"}]}}' >/dev/null
}

csi_pools() { api_kubectl -n moorage-system get configmaps -o 'jsonpath={.items[*].data}' | grep '"bench"'; }

csi_java() {
  "$JDK25/bin/java" --enable-native-access=ALL-UNNAMED -cp "$B/classes:$ROOT/dist/lib/*" "dev.moorage.bench.$1" "${@:2}" 2>>"$B/java.log"
}

csi_lives() { # filesystem|block
  local times=$B/$1.times
  csi_java CsiLatency "$1" "$CSI_SOCKET" "$D/images" "$B/paths" "$CSI_WARM" "$CSI_ROUNDS" >"$times"
  csi_row "$1: CreateVolume" "$times" "driver make" "hand make" "truncate$([ "$1" = block ] || echo ", mkfs") and sync"
  csi_row "$1: DeleteVolume" "$times" "driver drop" "hand drop" "rm"
  csi_row "$1: NodeStage + NodePublish" "$times" "driver attach" "hand attach" "losetup, mount, bind mount"
  csi_row "$1: NodeStage + NodePublish" "$times" "driver attach" "calls attach" "the same system calls alone"
  csi_row "$1: NodeUnpublish + NodeUnstage" "$times" "driver detach" "hand detach" "umount, umount, losetup -d"
  csi_row "$1: NodeUnpublish + NodeUnstage" "$times" "driver detach" "calls detach" "the same system calls alone"
  cat "$times"
}

csi_routing() {
  local times=$B/routing.times what
  csi_java CsiRouting "$CSI_SOCKET" "$ROUTER_SOCKET" "$CSI_WARM" "$CSI_ROUNDS" >"$times"
  for what in "ValidateVolumeCapabilities:validate" "ControllerGetVolume:get" "GetCapacity:capacity" "CreateVolume:create" "DeleteVolume:delete"; do
    csi_row "${what%%:*} through the router" "$times" "router ${what##*:}" "node ${what##*:}" "the node itself"
  done
  cat "$times"
}

# csi_row TITLE FILE OURS THEIRS WORDS: medians and 99th percentiles of two names in a file of the Java programs
csi_row() {
  result "$1" "$(csi_time "$2" "$3")" "$5: $(csi_time "$2" "$4")" "$(csi_more "$2" "$3" "$4")" ""
}

csi_time() { awk -F'\t' -v name="$2" '$1 == name {printf "%.2f ms (p99 %.1f)", $2 / 1000, $3 / 1000}' "$1"; }

csi_more() { awk -F'\t' -v a="$2" -v b="$3" '$1 == a {ours = $2} $1 == b {theirs = $2}
  END {printf "%+.2f ms, × %.2f", (ours - theirs) / 1000, ours / theirs}' "$1"; }
