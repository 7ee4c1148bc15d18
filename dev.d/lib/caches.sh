# shellcheck shell=bash
# Ahead-of-time caches: the product runs once, does everything it can do without root and without loop devices, and the Java
# machine writes down what it loaded and compiled. One for each that is started for long, for Docker, for a node and a router of a
# cluster, and one for the command. Without them everything works, but starts slower and takes more memory.

make_caches() {
  local wanted stamp=$DIST/lib/caches-made-of
  # Jars all have the same time stamp, by which a changed one would not be told from the one before; this sum tells them.
  wanted=$(cat "$DIST"/lib/*.jar "$DIST"/lib/router/*.jar "$DIST/bin/moorage" "$DIST/runtime/made-of" "$ROOT/dev.d/lib/caches.sh" | sha256sum)
  if unchanged "$stamp" "$wanted"; then
    return 0
  fi
  rm -f "$DIST"/lib/*.aot "$stamp"
  TRAINING=$(mktemp -d /tmp/mo.XXXXXX)
  # It may fail, for the product is whole without the caches; in the background, so that its first failure ends it.
  train > "$TRAINING/output" 2>&1 &
  if wait $!; then
    mv "$TRAINING"/*.aot "$DIST/lib/"
    echo "$wanted" > "$stamp"
  else
    warn "no ahead-of-time caches were made; the product works, but starts slower. The training said:"
    tail -n 20 "$TRAINING/output" >&2
  fi
  rm -rf "$TRAINING"
}

train() {
  set -euo pipefail
  TRAINED=()
  trap 'kill $(jobs -p) 2> /dev/null || true; tail -n 20 "$TRAINING"/*.log' EXIT
  train_docker
  train_cluster
  local cache
  for cache in serve client node router; do
    [ -s "$TRAINING/$cache.aot" ] || { echo "there is no $cache.aot" && return 1; }
  done
}

# serve_to_train NAME ARGUMENT…: starts it in the background, and waits until it is ready.
serve_to_train() {
  local name=$1
  shift
  MOORAGE_JAVA_OPTIONS=-XX:AOTCacheOutput=$TRAINING/$name.aot "$DIST/bin/moorage" serve --run-dir "$TRAINING/run-$name" \
    --admin-socket "$TRAINING/$name-admin.sock" "$@" > "$TRAINING/$name.log" 2>&1 &
  TRAINED+=($!)
  await "$name" grep -q '^ready' "$TRAINING/$name.log"
}

# The Java machine writes the cache while it ends.
end_trained() {
  local service
  for service in "$@"; do
    kill -TERM "$service"
  done
  for service in "$@"; do
    wait "$service" || true
  done
}

train_docker() {
  serve_to_train serve --pool "$TRAINING/pool" --pool-backends directory --docker-socket "$TRAINING/docker.sock"
  export MOORAGE_ADMIN_SOCKET=$TRAINING/serve-admin.sock
  exercise_docker
  exercise_admin
  rehearse
  end_trained "${TRAINED[-1]}"
}

# A router, with the API of a cluster that has one node; the router makes the certificates with which it then speaks to that node.
train_cluster() {
  "$JDK25/bin/java" -cp "$ROOT/testkit/target/classes" dev.moorage.testkit.training.ClusterApi "$TRAINING" > "$TRAINING/api.log" 2>&1 &
  TRAINED+=($!)
  await "the API" test -e "$TRAINING/ports"
  local api node
  read -r api node < "$TRAINING/ports"
  mkdir -p "$TRAINING/tls"
  serve_to_train node --pool "$TRAINING/pool-of-node" --pool-backends directory --docker-socket none --csi-socket "$TRAINING/node.sock" \
    --node-id node-1 --csi-listen "127.0.0.1:$node" --csi-tls "$TRAINING/tls" --csi-registration "$TRAINING/registration.sock" \
    --health-listen 127.0.0.1:0
  KUBERNETES_MASTER=http://127.0.0.1:$api NAMESPACE=moorage POD_NAME=router-1 \
    serve_to_train router --controller --docker-socket none --csi-socket "$TRAINING/router.sock" --health-listen 127.0.0.1:0
  exercise_csi "$TRAINING/node.sock"
  # Until the router has its certificates, and the node has seen them.
  await "the router" eval 'csi_call "$TRAINING/router.sock" Controller/ListVolumes "" | grep "^grpc-status: 0" > /dev/null'
  exercise_csi "$TRAINING/router.sock"
  end_trained "${TRAINED[-1]}" "${TRAINED[-2]}"
  kill "${TRAINED[-3]}"
}

# Each start of the Java machine makes one cache, so one of them does what several commands do. Without profiles, which cost more time at
# the start of a command than they save.
rehearse() {
  MOORAGE_MAIN=dev.moorage.cli.Rehearsal \
    MOORAGE_JAVA_OPTIONS="-XX:AOTCacheOutput=$TRAINING/client.aot -XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining" \
    "$DIST/bin/moorage" volume "volume ls" "snapshot create docker/one before --to backups --wait" "snapshot ls" "snapshot upload docker/one@before --to backups" \
    "volume create made --size 20M" "volume restore docker/one --wait" "volume rm made" > "$TRAINING/rehearsal.log" 2>&1
}

# await WHAT COMMAND…: until it succeeds.
await() {
  local what=$1 _
  shift
  for _ in $(seq 1 300); do
    ! "$@" || return 0
    sleep 0.1
  done
  echo "within 30 s this was not to be had: $what"
  return 1
}

# A volume, made, listed and deleted; what needs root is answered with an error, which is as good.
exercise_csi() {
  local name
  csi_call "$1" Identity/GetPluginInfo ''
  csi_call "$1" Identity/GetPluginCapabilities ''
  csi_call "$1" Identity/Probe ''
  csi_call "$1" Controller/ControllerGetCapabilities ''
  csi_call "$1" Controller/GetCapacity ''
  for name in one two three; do
    csi_call "$1" Controller/CreateVolume "\n\003${name:0:3}\032\006\022\000\032\002\010\001"
    csi_call "$1" Controller/ListVolumes ''
    csi_call "$1" Controller/ListSnapshots ''
    csi_call "$1" Controller/DeleteVolume "\n\003${name:0:3}"
    csi_call "$1" Controller/CreateSnapshot "\n\003${name:0:3}\022\003${name:0:3}"
    csi_call "$1" Node/NodeGetInfo ''
    csi_call "$1" Node/NodeUnstageVolume "\n\003${name:0:3}\022\004/one"
  done
  csi_call "$1" GroupController/GroupControllerGetCapabilities ''
  csi_call "$1" SnapshotMetadata/GetMetadataAllocated "\n\003one"
}

# csi_call SOCKET METHOD MESSAGE: one call of gRPC, printed with its trailers; the message as printf writes it, below 128 bytes.
csi_call() {
  local length
  # shellcheck disable=SC2059 # it is a format, without arguments
  length=$(printf "$3" | wc -c)
  # shellcheck disable=SC2059
  { printf '\000\000\000\000\'"$(printf %03o "$length")" && printf "$3"; } \
    | curl -sS --http2-prior-knowledge --unix-socket "$1" --max-time 20 -H 'Content-Type: application/grpc' -H 'TE: trailers' --data-binary @- -i \
      "http://localhost/csi.v1.$2" | tr -d '\000\r'
}

exercise_docker() {
  local name
  docker_call Plugin.Activate ''
  docker_call VolumeDriver.Capabilities '{}'
  for name in one two three; do
    docker_call VolumeDriver.Get '{"Name":"'$name'"}'
    docker_call VolumeDriver.Create '{"Name":"'$name'","Opts":null}'
    docker_call VolumeDriver.Mount '{"Name":"'$name'","ID":"trained"}'
    docker_call VolumeDriver.Path '{"Name":"'$name'"}'
    docker_call VolumeDriver.List '{}'
    docker_call VolumeDriver.Unmount '{"Name":"'$name'","ID":"trained"}'
  done
  docker_call VolumeDriver.Create '{"Name":"four","Opts":{"size":"1M","backend":"directory"}}'
  docker_call VolumeDriver.Create '{"Name":"bad","Opts":{"colour":"red"}}'
  docker_call VolumeDriver.Remove '{"Name":"three"}'
}

# As dockerd calls: no Content-Type, and an answer is an answer whatever it says.
docker_call() {
  curl -sS --unix-socket "$TRAINING/docker.sock" -H 'Content-Type:' \
    -H 'Accept: application/vnd.docker.plugins.v1.2+json' -d "$2" "http://plugin.moby.localhost/$1"
}

exercise_admin() {
  local moorage=$DIST/bin/moorage
  "$moorage" volume create made --size 10M
  "$moorage" volume inspect one || true
  "$moorage" volume ls -o json
  "$moorage" pool ls
  "$moorage" snapshot ls
  # What is asked often from elsewhere; which answer comes is no matter.
  curl -sS --unix-socket "$TRAINING/serve-admin.sock" http://localhost/metrics > /dev/null
  curl -sS --unix-socket "$TRAINING/serve-admin.sock" http://localhost/health
}
