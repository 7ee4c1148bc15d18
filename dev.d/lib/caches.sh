# shellcheck shell=bash
# Ahead-of-time caches: the product runs once, does everything it can do without root and without loop devices, and the Java
# machine writes down what it loaded, how it was used and what it compiled. One for each kind of service, which differ much in what they
# load: for Docker, for a node of a cluster, for its router (clustercaches.sh); and one for the command. Without them everything works, but
# starts slower and takes more memory.

make_caches() {
  local wanted kind whole=yes stamp=$DIST/lib/caches-made-of
  # Jars all have the same time stamp, by which a changed one would not be told from the one before; this sum tells them.
  wanted=$(cat "$DIST"/lib/*.jar "$DIST"/lib/router/*.jar "$DIST/bin/moorage" "$DIST/runtime/made-of" "$ROOT"/dev.d/lib/*caches.sh \
    "$ROOT"/testkit/src/main/java/dev/moorage/testkit/training/*.java | sha256sum)
  if unchanged "$stamp" "$wanted"; then
    return 0
  fi
  rm -f "$DIST"/lib/*.aot "$stamp"
  TRAINING=$(mktemp -d /tmp/mo.XXXXXX)
  for kind in docker cluster; do
    # It may fail, for the product is whole without the caches; in the background, so that its first failure ends it.
    "train_$kind" > "$TRAINING/$kind.output" 2>&1 &
    if wait $!; then
      mv "$TRAINING"/*.aot "$DIST/lib/"
    else
      whole=
      warn "the ahead-of-time caches for $kind were not made; the product works, but starts slower. The training said:"
      tail -n 40 "$TRAINING/$kind.output" >&2
      rm -f "$TRAINING"/*.aot
    fi
  done
  [ -z "$whole" ] || echo "$wanted" > "$stamp"
  rm -rf "$TRAINING"
}

# An image goes to a repository and back before it serves.
train_docker() {
  begin_training
  MOORAGE_MAIN=dev.moorage.cli.ServeRehearsal OPTIONS_OF_TRAINING=-Djava.io.tmpdir=$TRAINING \
    serve_to_train serve --pool "$TRAINING/pool" --pool-backends directory --docker-socket "$TRAINING/docker.sock"
  export MOORAGE_ADMIN_SOCKET=$TRAINING/serve-admin.sock
  exercise_docker
  exercise_admin
  rehearse
  end_training serve
  demand_caches serve client
}

# Whatever goes wrong from now on ends the training, and what it started.
begin_training() {
  set -euo pipefail
  declare -gA STARTED=()
  trap 'kill "${STARTED[@]}" 2> /dev/null || true; tail -n 20 "$TRAINING"/*.log' EXIT
}

# serve_to_train NAME ARGUMENT…: starts the service that makes NAME.aot, and waits until it is ready. With the OPTIONS_OF_TRAINING.
serve_to_train() {
  local name=$1
  shift
  MOORAGE_JAVA_OPTIONS="-XX:AOTCacheOutput=$TRAINING/$name.aot ${OPTIONS_OF_TRAINING:-}" "$DIST/bin/moorage" serve --run-dir "$TRAINING/run-$name" \
    --admin-socket "$TRAINING/$name-admin.sock" "$@" > "$TRAINING/$name.log" 2>&1 &
  STARTED[$name]=$!
  await "$name" is_ready "$name"
}

# There is no use in waiting for one that has ended.
is_ready() { grep -q '^ready' "$TRAINING/$1.log" || { kill -0 "${STARTED[$1]}" || exit 1; false; }; }

# end_training NAME…: the Java machine writes a cache while it ends.
end_training() {
  local name
  for name in "$@"; do
    kill -TERM "${STARTED[$name]}"
  done
  for name in "$@"; do
    wait "${STARTED[$name]}" || true
    unset "STARTED[$name]"
  done
}

demand_caches() {
  local name
  for name in "$@"; do
    [ -s "$TRAINING/$name.aot" ] || { echo "there is no $name.aot" && return 1; }
  done
}

# await WHAT COMMAND…: until it succeeds.
await() {
  local what=$1 _
  shift
  for _ in $(seq 1 900); do
    ! "$@" || return 0
    sleep 0.1
  done
  echo "in vain awaited: $what"
  return 1
}

WITHOUT_PROFILES="-XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining"

# Each start of the Java machine makes one cache, so one of them does what several commands do. Without profiles, which cost more time at
# the start of a command than they save.
rehearse() {
  MOORAGE_MAIN=dev.moorage.cli.Rehearsal MOORAGE_JAVA_OPTIONS="-XX:AOTCacheOutput=$TRAINING/client.aot $WITHOUT_PROFILES" \
    "$DIST/bin/moorage" volume "volume ls" "snapshot create docker/one before --to backups --wait" "snapshot ls" "snapshot upload docker/one@before --to backups" \
    "volume create made --size 20M" "volume restore docker/one --wait" "volume rm made" > "$TRAINING/rehearsal.log" 2>&1
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
  curl -sS --unix-socket "$MOORAGE_ADMIN_SOCKET" http://localhost/metrics > /dev/null
  curl -sS --unix-socket "$MOORAGE_ADMIN_SOCKET" http://localhost/health
}
