# shellcheck shell=bash
# How one gets into the cluster and its nodes, and what is left of it outside.

# inside DIRECTORY COMMAND…: as on the machine of the control plane.
inside() {
  local pid
  pid=$(< "$1/pid")
  shift
  nsenter --target "$pid" --mount --pid --net --ipc --uts -- "$@"
}

# on_node DIRECTORY N COMMAND…: as on a node.
on_node() {
  local directory=$1 n=$2 pid
  shift 2
  [ -s "$directory/node-$n/pid" ] || die "node-$n does not run"
  pid=$(< "$directory/node-$n/pid")
  inside "$directory" nsenter --target "$pid" --mount --pid --net --uts -- "$@"
}

# kubectl_inside DIRECTORY ARGUMENT…: with the files of this machine, in the network of the cluster.
kubectl_inside() {
  local directory=$1 pid
  shift
  pid=$(< "$directory/pid")
  nsenter --target "$pid" --net -- "$(< "$directory/programs")/kubectl" --kubeconfig "$directory/admin.conf" "$@"
}

is_up() { [ -s "$1/pid" ] && grep -qzxF "$1" "/proc/$(< "$1/pid")/cmdline" 2> /dev/null; }

# control_groups DIRECTORY: what they are called below each hierarchy, so that two clusters have nothing in common.
control_groups() { echo "moorage-cluster-$(echo "$1" | sha256sum | cut -c 1-8)"; }

# node_filesystems DIRECTORY N: the numbers of those that only this node has, of its pool and of what is mounted for pods.
node_filesystems() {
  local root
  root=$(on_node "$1" "$2" findmnt -no MAJ:MIN / | head -n 1 | tr -d ' ')
  on_node "$1" "$2" awk -v root="$root" '$5 ~ "^/(run/moorage|var/lib/kubelet|var/lib/moorage)" && $3 != root { print $3 }' /proc/self/mountinfo | sort -u
}

# loops_on NUMBER…: the loop devices of files and device nodes there, each with what identifies its file. A volume's own has no autoclear
# when it is a raw device, and the kubelet puts another on its node: they would outlive the machine.
loops_on() {
  # Not --raw: it writes the blanks around the numbers as \x20.
  losetup --list --noheadings --output NAME,BACK-MAJ:MIN,BACK-INO | awk -v all=" $* " 'index(all, " " $2 " ") { print $1, $2, $3 }'
}

# detach_loops LINE…, as loops_on prints them: those that are still bound to the same, until none is. One that another lies on goes after it.
detach_loops() {
  local tries line left
  for tries in $(seq 50); do
    left=
    for line in "$@"; do
      losetup --list --noheadings --output NAME,BACK-MAJ:MIN,BACK-INO "${line%% *}" 2> /dev/null | awk '{ print $1, $2, $3 }' | grep -qxF "$line" || continue
      left+=" ${line%% *}"
      losetup --detach "${line%% *}" || true
    done
    [ -n "$left" ] || return 0
    [ "$tries" -lt 50 ] || die "somebody holds$left"
    sleep 0.1
  done
}
