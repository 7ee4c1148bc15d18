# shellcheck shell=bash
# The ahead-of-time caches of a node and of a router. The two talk with each other as in a cluster; in the place of the cluster's API is a
# small program of testkit, and in that of kubelet and sidecars is curl.

train_cluster() {
  begin_training
  local api node health_node health_router
  start_api
  read -r api node health_node health_router < "$TRAINING/ports"
  mkdir -p "$TRAINING/tls"
  # Profiles would be compiled from while the service starts, and take memory in one that mostly idles.
  local OPTIONS_OF_TRAINING=$WITHOUT_PROFILES
  serve_to_train node --pool "$TRAINING/pool-of-node" --pool-backends directory --docker-socket none --csi-socket "$TRAINING/node.sock" \
    --node-id node-1 --csi-listen "127.0.0.1:$node" --csi-tls "$TRAINING/tls" --csi-registration "$TRAINING/registration.sock" \
    --health-listen "127.0.0.1:$health_node"
  # As in a pod: the address in the environment, the token and the authority in files.
  KUBERNETES_SERVICE_HOST=127.0.0.1 KUBERNETES_SERVICE_PORT=$api KUBERNETES_CERTS_CA_FILE=$TRAINING/api.crt \
    KUBERNETES_AUTH_SERVICEACCOUNT_TOKEN=$TRAINING/token NAMESPACE=moorage POD_NAME=router-1 \
    serve_to_train router --controller --docker-socket none --csi-socket "$TRAINING/router.sock" --health-listen "127.0.0.1:$health_router"
  exercise_kubelet "$health_node"
  exercise_controller "$TRAINING/node.sock"
  # Until the router has made its certificates and the node has seen them.
  await "the router reaches the node" routed
  exercise_controller "$TRAINING/router.sock"
  exercise_health "$health_router"
  end_training node router
  demand_caches node router
}

# With a certificate, because a real API has one, and the router is to be prepared for that.
start_api() {
  "$JDK25/bin/keytool" -genkeypair -alias api -keyalg RSA -dname CN=api -ext san=ip:127.0.0.1 -validity 1 \
    -keystore "$TRAINING/api.p12" -storepass training
  "$JDK25/bin/keytool" -exportcert -rfc -alias api -keystore "$TRAINING/api.p12" -storepass training -file "$TRAINING/api.crt"
  printf token > "$TRAINING/token"
  "$JDK25/bin/java" -cp "$ROOT/testkit/target/classes" dev.moorage.testkit.training.ClusterApi "$TRAINING" > "$TRAINING/api.log" 2>&1 &
  STARTED[api]=$!
  await "the API" test -e "$TRAINING/ports"
}

# The first volume that the router makes: it needs a node that has told of its pools, over a connection with the router's certificates.
routed() {
  csi_call "$TRAINING/router.sock" csi.v1.Controller/CreateVolume "$(message_of_volume any)" | grep -a 'grpc-status: 0' > /dev/null
}

# What the kubelet asks, and those that look whether a node lives.
exercise_kubelet() {
  csi_call "$TRAINING/registration.sock" pluginregistration.Registration/GetInfo ''
  csi_call "$TRAINING/registration.sock" pluginregistration.Registration/NotifyRegistrationStatus '\010\001'
  csi_call "$TRAINING/node.sock" csi.v1.Node/NodeGetInfo ''
  csi_call "$TRAINING/node.sock" csi.v1.Node/NodeGetCapabilities ''
  csi_call "$TRAINING/node.sock" csi.v1.Node/NodeUnstageVolume '\n\003one\022\004/one'
  csi_call "$TRAINING/node.sock" csi.v1.Node/NodeUnpublishVolume '\n\003one\022\004/one'
  csi_call "$TRAINING/node.sock" csi.v1.Node/NodeGetVolumeStats '\n\003one\022\004/one'
  exercise_health "$1"
  MOORAGE_ADMIN_SOCKET=$TRAINING/node-admin.sock "$DIST/bin/moorage" volume ls
}

exercise_health() {
  local what
  for what in livez readyz metrics; do
    curl -sS "http://127.0.0.1:$1/$what"
  done
}

# What the sidecars ask of a router, and a router of a node. Some of it is answered with an error, which is as good.
exercise_controller() {
  local name
  csi_call "$1" csi.v1.Identity/GetPluginInfo ''
  csi_call "$1" csi.v1.Identity/GetPluginCapabilities ''
  csi_call "$1" csi.v1.Identity/Probe ''
  csi_call "$1" csi.v1.Controller/ControllerGetCapabilities ''
  csi_call "$1" csi.v1.GroupController/GroupControllerGetCapabilities ''
  for name in one two; do
    csi_call "$1" csi.v1.Controller/GetCapacity ''
    csi_call "$1" csi.v1.Controller/CreateVolume "$(message_of_volume $name)"
    csi_call "$1" csi.v1.Controller/ListVolumes ''
    csi_call "$1" csi.v1.Controller/CreateSnapshot "\n\003$name\022\003$name"
    csi_call "$1" csi.v1.Controller/ListSnapshots ''
    csi_call "$1" csi.v1.Controller/DeleteVolume "\n\003$name"
  done
  csi_call "$1" csi.v1.SnapshotMetadata/GetMetadataAllocated '\n\003one'
}

# message_of_volume NAME: one of three letters, with a filesystem, to be written by one node.
message_of_volume() { printf '%s' '\n\003'"$1"'\032\006\022\000\032\002\010\001'; }

# csi_call SOCKET METHOD MESSAGE: a call of gRPC, printed with its trailers; the message as printf writes it, below 128 bytes.
csi_call() {
  local length
  # shellcheck disable=SC2059 # it is a format, without arguments
  length=$(printf "$3" | wc -c)
  # shellcheck disable=SC2059
  { printf '\000\000\000\000\'"$(printf %03o "$length")" && printf "$3"; } \
    | curl -sS --http2-prior-knowledge --unix-socket "$1" --max-time 20 -H 'Content-Type: application/grpc' -H 'TE: trailers' --data-binary @- -i \
      "http://localhost/$2" | tr -d '\000\r'
}
