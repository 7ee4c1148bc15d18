# shellcheck shell=bash
# What users of Kubernetes wait for, on a real one of two nodes on this machine: the cluster that MOORAGE_CLUSTER names when it is up, else
# one of its own. Against pods with a hostPath volume on the same nodes.

CLUSTER_ROUNDS=${CLUSTER_ROUNDS:-9}
CLUSTER_MANY=${CLUSTER_MANY:-100}

bench_cluster() {
  # shellcheck source=/dev/null
  . "$ROOT/dev.d/lib/say.sh"
  # shellcheck source=/dev/null
  . "$ROOT/dev.d/cluster/inside.sh"
  cluster_open
  bench_ready
  sleep 10
  cluster_idle
  cluster_starts
  bench_ready
  cluster_pods
  bench_ready
  cluster_claims
  bench_ready
  cluster_many claim
  bench_ready
  cluster_many host
  cluster_many_rows
  kube delete namespace bench --wait=false >/dev/null
  cluster_close
}

kube() { kubectl_inside "$CLUSTER" "$@"; }

cluster_open() {
  CLUSTER=$(readlink -f "${MOORAGE_CLUSTER:-/tmp/moorage-cluster}")
  if ! is_up "$CLUSTER"; then
    CLUSTER=$B/cluster
    CLUSTER_OURS=$CLUSTER
    "$ROOT/dev.d/cluster/up.sh" "$CLUSTER" "$ROOT/dist/moorage-image.tar"
    "$ROOT/dev.d/cluster/deploy.sh" "$CLUSTER"
  fi
  # What the cluster did before shall be in nobody's memory.
  kube -n moorage-system rollout restart daemonset/moorage-node deployment/moorage-controller >/dev/null
  kube -n moorage-system rollout status daemonset/moorage-node --timeout=180s >/dev/null
  kube -n moorage-system rollout status deployment/moorage-controller --timeout=180s >/dev/null
  kube delete namespace bench --ignore-not-found >/dev/null
  kube create namespace bench >/dev/null
  cluster_until 60 "there is a service account" kube -n bench get serviceaccount default
  # As the one of the manifests, but for claims without a pod.
  kube apply -f - >/dev/null <<'CLASS'
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: bench-at-once}
provisioner: csi.moorage.dev
parameters: {csi.storage.k8s.io/fstype: ext4}
volumeBindingMode: Immediate
CLASS
}

cluster_close() {
  [ -z "${CLUSTER_OURS:-}" ] || "$ROOT/dev.d/cluster/down.sh" "$CLUSTER_OURS"
  CLUSTER_OURS=
}

# The microseconds of a command that must succeed.
cluster_timed() {
  local begun
  begun=$(now_us)
  "$@" >/dev/null || return 1
  echo $(($(now_us) - begun))
}

# cluster_until SECONDS WHAT COMMAND…
cluster_until() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt "$end" ] || { kube get pods,pvc,pv -A >&2; echo "bench: in vain awaited that $what" >&2; return 1; }
    sleep 0.3
  done
}

# cluster_pids WORDS: the processes of this cluster's containers that were started with these words.
cluster_pids() {
  local pid
  for pid in $(pgrep -f -- "$1"); do
    ! grep -qs "/$(control_groups "$CLUSTER")/" "/proc/$pid/cgroup" || echo "$pid"
  done
}

nodes_pids() { cluster_pids csi.moorage.dev-reg.sock; }
routers_pids() { cluster_pids 'serve --controller'; }

# cluster_memory FIELD PID…: the most of them in MiB, by a field of /proc/PID/status.
cluster_memory() {
  local field=$1 pid
  shift
  for pid in "$@"; do awk -v field="$field:" '$1 == field {printf "%d\n", $2 / 1024}' "/proc/$pid/status"; done | sort -n | tail -n 1
}

# From now on VmHWM is the peak since now.
cluster_forget_peaks() {
  local pid
  for pid in $(nodes_pids) $(routers_pids); do echo 5 >"/proc/$pid/clear_refs"; done
}

cluster_idle() {
  local archive=$ROOT/dist/moorage-image.tar
  result "image" "$(($(stat -c %s "$archive") / 1000000)) MB" "compressed with gzip: $(($(gzip -c "$archive" | wc -c) / 1000000)) MB" "" ""
  # shellcheck disable=SC2046 # several numbers
  result "resident memory of a node's driver, idle, no volumes" "$(cluster_memory VmRSS $(nodes_pids)) MiB" "" "" "≤ 100 MiB"
  # shellcheck disable=SC2046
  result "resident memory of a router, idle" "$(cluster_memory VmRSS $(routers_pids)) MiB" "" "" ""
}

# Hundredths of a second since the machine was started, as the kernel dates processes.
ticks_now() { awk '{printf "%d\n", $1 * 100}' /proc/uptime; }
ticks_of() { sed 's/.*) //' "/proc/$1/stat" | awk '{print $20}'; }

# The driver on the first node, replaced again and again: from the start of its process until it says that it is ready, and until
# Kubernetes has found out, which asks every two seconds.
cluster_starts() {
  local answers=() ready=() old pod pid _
  for _ in 1 2 3 4 5; do
    old=$(node_driver pod)
    kube -n moorage-system delete "$old" >/dev/null
    cluster_until 60 "the driver's pod is replaced" cluster_replaced "$old"
    pod=$(node_driver pod)
    pid=$(node_driver pid)
    until [ "$(nsenter --target "$pid" --net curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:9809/readyz)" = 200 ]; do sleep 0.01; done
    answers+=($((($(ticks_now) - $(ticks_of "$pid")) * 10)))
    kube -n moorage-system wait --for=condition=Ready "$pod" --timeout=60s >/dev/null
    ready+=($((($(ticks_now) - $(ticks_of "$pid")) * 10)))
  done
  result "start of the driver's container until it is ready" "$(printf '%s\n' "${answers[@]}" | median) ms" \
    "until Kubernetes knows: $(printf '%s\n' "${ready[@]}" | median) ms" "" ""
}

node_driver() { # pod|pid of the first node
  case $1 in
    pod) kube -n moorage-system get pods -l app.kubernetes.io/component=node --field-selector=spec.nodeName=node-1 -o name ;;
    pid)
      local pid
      for pid in $(nodes_pids); do ! grep -qs "/node-1/" "/proc/$pid/cgroup" || echo "$pid"; done
      ;;
  esac
}

cluster_replaced() { [ "$(node_driver pod | grep -cv "^$1$")" = 1 ] && [ "$(node_driver pid | wc -l)" = 1 ] && [ "$(node_driver pod | wc -l)" = 1 ]; }

# claim_yaml NAME CLASS
claim_yaml() {
  cat <<YAML
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: $1, labels: {bench: "yes"}}
spec: {storageClassName: $2, accessModes: [ReadWriteOnce], resources: {requests: {storage: 32Mi}}}
YAML
}

# pod_yaml NAME claim|host NODE: with a volume at /data; on any node when NODE is empty. It ends when it is told to, so that Kubernetes
# need not kill it: a pod without a grace period is forgotten at once, and its volume deleted while it still runs.
pod_yaml() {
  local volume="persistentVolumeClaim: {claimName: $1}" selector=
  [ "$2" = claim ] || volume="hostPath: {path: /var/lib/bench/$1, type: DirectoryOrCreate}"
  [ -z "$3" ] || selector="kubernetes.io/hostname: $3"
  cat <<YAML
---
apiVersion: v1
kind: Pod
metadata: {name: $1, labels: {bench: "yes"}}
spec:
  automountServiceAccountToken: false
  nodeSelector: {$selector}
  containers:
    - name: main
      image: moorage.test/busybox:1
      command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 3600 & wait; done"]
      volumeMounts: [{name: data, mountPath: /data}]
  volumes: [{name: data, $volume}]
YAML
}

# A claim, if any, and its pod in one file, until the pod runs.
pod_runs() { # name
  kube -n bench create -f "$B/$1.yaml" &&
    kube -n bench wait --for=condition=Ready "pod/$1" --timeout=90s
}

pod_ends() { # name
  kube -n bench delete -f "$B/$1.yaml" &&
    cluster_until 90 "no volume is left" cluster_has 0 pv '*'
}

# pod_files KIND NAME: what is made at once, and for the kind "bound" the claim that is there before.
pod_files() {
  case $1 in
    host) pod_yaml "$2" host node-1 ;;
    claim) claim_yaml "$2" moorage && pod_yaml "$2" claim node-1 ;;
    bound) pod_yaml "$2" claim '' ;;
  esac >"$B/$2.yaml"
  [ "$1" != bound ] || claim_yaml "$2" bench-at-once | kube -n bench create -f - >/dev/null
  [ "$1" != bound ] || kube -n bench wait --for=jsonpath='{.status.phase}'=Bound "pvc/$2" --timeout=60s >/dev/null
}

cluster_pods() {
  local i kind name start end
  local -A took=() gone=()
  # The first ones have what is made once on a node: a template, tables of the kernel.
  for i in warm $(seq 1 "$CLUSTER_ROUNDS"); do
    for kind in host claim bound; do
      name=$kind-$i
      pod_files $kind "$name"
      start=$(cluster_timed pod_runs "$name")
      [ $kind != bound ] || claim_yaml "$name" bench-at-once >>"$B/$name.yaml"
      end=$(cluster_timed pod_ends "$name")
      [ "$i" = warm ] || { took[$kind]+="$start " && gone[$kind]+="$end "; }
    done
  done
  cluster_pair "PVC and pod created until the pod is ready" "${took[claim]}" "${took[host]}"
  cluster_pair "pod created until it is ready, its PVC is bound already" "${took[bound]}" "${took[host]}"
  cluster_pair "pod and PVC deleted until the volume is gone" "${gone[claim]}" "${gone[host]}"
}

cluster_pair() { # what ours theirs, in microseconds
  local ours theirs
  ours=$(tr ' ' '\n' <<<"$2" | grep . | median)
  theirs=$(tr ' ' '\n' <<<"$3" | grep . | median)
  result "$1" "$(seconds "$ours")" "pod with a hostPath volume: $(seconds "$theirs")" \
    "$(awk -v a="$ours" -v b="$theirs" 'BEGIN {printf "%+.2f s, × %.2f", (a - b) / 1e6, a / b}')" ""
}

seconds() { awk -v t="$1" 'BEGIN {printf "%.2f s", t / 1e6}'; }

# cluster_has NUMBER KIND JSONPATH-CONDITION: so many objects of the kind fulfil it
cluster_has() {
  [ "$(kube -n bench get "$2" -o "jsonpath={range .items[$3]}{.metadata.name}{'\n'}{end}" | grep -c .)" = "$1" ]
}

# Claims alone, at once: what provisioning takes, and the memory of those who do it.
cluster_claims() {
  local i made bound gone before after peak
  for i in $(seq 1 "$CLUSTER_MANY"); do claim_yaml "many-$i" bench-at-once; done >"$B/claims.yaml"
  before=$(cluster_memories VmRSS)
  cluster_forget_peaks
  made=$(cluster_timed claims_made)
  bound=$(cluster_timed claims_bound)
  bound=$((made + bound))
  gone=$(cluster_timed claims_gone)
  peak=$(cluster_memories VmHWM)
  sleep 10
  after=$(cluster_memories VmRSS)
  result "$CLUSTER_MANY PVCs without pods created until all volumes are made" "$(seconds "$made")" "" "$(each_ms "$made") each" ""
  result "$CLUSTER_MANY PVCs without pods created until all are bound" "$(seconds "$bound")" "" "$(each_ms "$bound") each" ""
  result "$CLUSTER_MANY PVCs deleted until all volumes are gone" "$(seconds "$gone")" "" "$(each_ms "$gone") each" ""
  cluster_memory_rows "$CLUSTER_MANY PVCs" "$before" "$peak" "$after"
}

claims_made() {
  kube -n bench create -f "$B/claims.yaml" &&
    cluster_until 200 "all volumes are made" cluster_has "$CLUSTER_MANY" pv '*'
}

claims_bound() {
  cluster_until 200 "all claims are bound" cluster_has "$CLUSTER_MANY" pvc '?(@.status.phase=="Bound")'
}

claims_gone() {
  kube -n bench delete pvc -l bench=yes --wait=false &&
    cluster_until 200 "no volume is left" cluster_has 0 pv '*'
}

each_ms() { awk -v t="$1" -v n="$CLUSTER_MANY" 'BEGIN {printf "%.0f ms", t / n / 1000}'; }

# cluster_memories FIELD: of a node's driver and of a router, the most of each
cluster_memories() {
  # shellcheck disable=SC2046 # several numbers
  echo "$(cluster_memory "$1" $(nodes_pids)) $(cluster_memory "$1" $(routers_pids))"
}

cluster_memory_rows() { # what before peak after
  result "resident memory of a node's driver before, at the peak of, and after $1" "${2% *}, ${3% *}, ${4% *} MiB" "" "" "≤ 100 MiB idle"
  result "resident memory of a router before, at the peak of, and after $1" "${2#* }, ${3#* }, ${4#* } MiB" "" "" ""
}

# As many pods at once, each with a volume of its own.
cluster_many() { # claim|host
  local i
  for i in $(seq 1 "$CLUSTER_MANY"); do
    [ "$1" = host ] || claim_yaml "$1-$i" moorage
    pod_yaml "$1-$i" "$1" ''
  done >"$B/many.yaml"
  [ "$1" = host ] || MANY_BEFORE=$(cluster_memories VmRSS)
  cluster_forget_peaks
  local ready gone
  ready=$(cluster_timed many_ready)
  gone=$(cluster_timed many_gone)
  [ "$1" = host ] || MANY_PEAK=$(cluster_memories VmHWM)
  sleep 10
  [ "$1" = host ] || MANY_AFTER=$(cluster_memories VmRSS)
  printf -v "MANY_READY_$1" %s "$ready"
  printf -v "MANY_GONE_$1" %s "$gone"
}

many_ready() {
  kube -n bench create -f "$B/many.yaml" &&
    cluster_until 220 "all pods are ready" cluster_has "$CLUSTER_MANY" pods '?(@.status.phase=="Running")'
}

many_gone() {
  kube -n bench delete pods,pvc -l bench=yes --wait=false &&
    cluster_until 220 "no pod is left" cluster_has 0 pods '*' &&
    cluster_until 220 "no volume is left" cluster_has 0 pv '*'
}

cluster_many_rows() {
  cluster_pair "$CLUSTER_MANY PVCs and pods created until all pods are ready" "$MANY_READY_claim" "$MANY_READY_host"
  cluster_pair "$CLUSTER_MANY pods and PVCs deleted until pods and volumes are gone" "$MANY_GONE_claim" "$MANY_GONE_host"
  cluster_memory_rows "$CLUSTER_MANY PVCs and pods" "$MANY_BEFORE" "$MANY_PEAK" "$MANY_AFTER"
}
