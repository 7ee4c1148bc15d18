#!/usr/bin/env bash
# usage: control-plane.sh DIRECTORY PROGRAMS S3_PROGRAM
# The first process of the cluster, in namespaces of its own: when it is killed, the kernel ends everything else inside, both nodes
# with their containers and mounts too. Runs etcd, the API server at 10.0.0.1:443, the controllers, the scheduler, and an S3 server
# at 10.1.0.254:7070.
set -euo pipefail
D=$1 PROGRAMS=$2 S3=$3
# The old /proc still counts as the machine does.
read -r PID _ < /proc/self/stat

# What others mount on this machine is none of our business, and a copy of it would hold their devices.
let_go_of_others() {
  local mounted
  while read -r mounted; do
    case $mounted in
      / | /proc | /proc/* | /sys | /sys/* | /dev | /dev/*) ;;
      *) [[ $D/ == "$mounted"/* || $PROGRAMS/ == "$mounted"/* ]] || umount -l "$mounted" 2> /dev/null || true ;;
    esac
  done < <(awk '{ print $5 }' /proc/self/mountinfo | sort -r)
}

# start NAME PROGRAM…: again when it ends, for some give up before those that they need are there.
start() {
  local name=$1
  shift
  while :; do
    "$@" >> "$D/log/$name.log" 2>&1 < /dev/null || true
    sleep 0.5
  done &
}

let_go_of_others
mount -t proc proc /proc
mount -t tmpfs -o mode=755 tmpfs /run
hostname moorage-cluster
ip link set lo up
ip address add 10.0.0.1/32 dev lo
ip link add nodes type bridge
ip address add 10.1.0.254/24 dev nodes
ip link set nodes up
echo 1 > /proc/sys/net/ipv4/ip_forward
for n in 1 2; do ip route add "10.88.$n.0/24" via "10.1.0.$n"; done

cd "$D"
start etcd "$PROGRAMS/etcd" --data-dir "$D/etcd" --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 \
  --listen-peer-urls http://127.0.0.1:2380 --unsafe-no-fsync
ROOT_ACCESS_KEY=MOORAGETESTKEY ROOT_SECRET_KEY=moorage-test-secret start s3 "$S3" --port :7070 posix "$D/s3"
start apiserver "$PROGRAMS/kube-apiserver" --etcd-servers=http://127.0.0.1:2379 --secure-port=443 --bind-address=0.0.0.0 \
  --advertise-address=10.0.0.1 --client-ca-file="$D/pki/ca.crt" --tls-cert-file="$D/pki/apiserver.crt" \
  --tls-private-key-file="$D/pki/apiserver.key" --authorization-mode=Node,RBAC --service-cluster-ip-range=10.0.0.0/24 \
  --service-account-issuer=https://kubernetes.default.svc --service-account-key-file="$D/pki/sa.pub" \
  --service-account-signing-key-file="$D/pki/sa.key" --allow-privileged=true --endpoint-reconciler-type=none \
  --kubelet-client-certificate="$D/pki/kubelet-client.crt" --kubelet-client-key="$D/pki/kubelet-client.key" \
  --kubelet-preferred-address-types=InternalIP
start controllers "$PROGRAMS/kube-controller-manager" --kubeconfig="$D/controllers.conf" \
  --authentication-kubeconfig="$D/controllers.conf" --authorization-kubeconfig="$D/controllers.conf" \
  --service-account-private-key-file="$D/pki/sa.key" --root-ca-file="$D/pki/ca.crt" --use-service-account-credentials \
  --service-cluster-ip-range=10.0.0.0/24 --leader-elect=false --node-monitor-period=2s --node-monitor-grace-period=16s \
  --flex-volume-plugin-dir="$D/volume-plugins"
cat > "$D/scheduler.yaml" <<CONFIG
apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
clientConnection: {kubeconfig: $D/scheduler.conf}
leaderElection: {leaderElect: false}
CONFIG
start scheduler "$PROGRAMS/kube-scheduler" --config="$D/scheduler.yaml" --authentication-kubeconfig="$D/scheduler.conf" \
  --authorization-kubeconfig="$D/scheduler.conf"
echo "$PID" > "$D/pid.new"
mv "$D/pid.new" "$D/pid"
# Bash takes in the processes whose parents ended, too.
while :; do wait || true; sleep 1; done
