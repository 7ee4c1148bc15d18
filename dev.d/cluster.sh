# shellcheck shell=bash
# help: cluster up|down                a real Kubernetes of two nodes on this machine, with Moorage on it
# help: cluster kubectl ARGUMENT…      kubectl for it
# help: cluster node N COMMAND…        a command on one of its nodes, outside of containers; with kill or start: of the node itself

dev_cluster() {
  local verb=${1:-} scripts=$ROOT/dev.d/cluster
  local directory=${MOORAGE_CLUSTER:-/tmp/moorage-cluster}
  [ $# -eq 0 ] || shift
  need_root "./dev cluster"
  # shellcheck source=/dev/null
  . "$scripts/inside.sh"
  case $verb in
    up)
      need_cluster_tools
      dev_image
      "$scripts/up.sh" "$directory" "$ROOT/dist/moorage-image.tar"
      "$scripts/deploy.sh" "$directory"
      say "the cluster is up: ./dev cluster kubectl get pods -A"
      ;;
    down) "$scripts/down.sh" "$directory" ;;
    kubectl)
      need_cluster "$directory"
      kubectl_inside "$directory" "$@"
      ;;
    node)
      need_cluster "$directory"
      [ $# -ge 2 ] || die "usage: ./dev cluster node N COMMAND…, or: node N kill, node N start"
      case $2 in
        kill | start) "$scripts/node-$2.sh" "$directory" "$1" ;;
        *) on_node "$directory" "$@" ;;
      esac
      ;;
    *) die "usage: ./dev cluster up|down|kubectl ARGUMENT…|node N COMMAND…" ;;
  esac
}

need_cluster() { is_up "$1" || die "no cluster is up. Run: ./dev cluster up"; }
