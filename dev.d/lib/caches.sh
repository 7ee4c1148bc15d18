# shellcheck shell=bash
# Ahead-of-time caches: the product runs once, does everything it can do without root and without loop devices, an image to a repository
# and back among it, and the Java machine writes down what it loaded, how it was used and what it compiled. One for the service, one for
# the client. Without them everything works, but starts slower and takes more memory.

make_caches() {
  local wanted stamp=$DIST/lib/caches-made-of
  # Jars all have the same time stamp, by which a changed one would not be told from the one before; this sum tells them.
  wanted=$(cat "$DIST"/lib/*.jar "$DIST/bin/moorage" "$DIST/runtime/made-of" "$ROOT/dev.d/lib/caches.sh" | sha256sum)
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
  MOORAGE_MAIN=dev.moorage.cli.ServeRehearsal \
    MOORAGE_JAVA_OPTIONS="-XX:AOTCacheOutput=$TRAINING/serve.aot -Djava.io.tmpdir=$TRAINING" "$DIST/bin/moorage" serve --pool "$TRAINING/pool" \
    --pool-backends directory --run-dir "$TRAINING/run" \
    --docker-socket "$TRAINING/docker.sock" --admin-socket "$TRAINING/admin.sock" > "$TRAINING/serve.log" 2>&1 &
  local service=$!
  trap 'kill '$service' 2> /dev/null || true; cat "$TRAINING/serve.log"' EXIT
  await_ready "$service"
  export MOORAGE_ADMIN_SOCKET=$TRAINING/admin.sock
  exercise_docker
  exercise_admin
  rehearse
  kill -TERM "$service"
  # The Java machine writes the cache while it ends.
  wait "$service" || true
  [ -s "$TRAINING/serve.aot" ] && [ -s "$TRAINING/client.aot" ]
}

# Each start of the Java machine makes one cache, so one of them does what several commands do. Without profiles, which cost more time at
# the start of a command than they save.
rehearse() {
  MOORAGE_MAIN=dev.moorage.cli.Rehearsal \
    MOORAGE_JAVA_OPTIONS="-XX:AOTCacheOutput=$TRAINING/client.aot -XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining" \
    "$DIST/bin/moorage" volume "volume ls" "snapshot create docker/one before --to backups --wait" "snapshot ls" "snapshot upload docker/one@before --to backups" \
    "volume create made --size 20M" "volume restore docker/one --wait" "volume rm made" > "$TRAINING/rehearsal.log" 2>&1
}

await_ready() {
  local _
  for _ in $(seq 1 300); do
    ! grep -q '^ready' "$TRAINING/serve.log" || return 0
    kill -0 "$1" || return 1
    sleep 0.1
  done
  return 1
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
  curl -sS --unix-socket "$TRAINING/admin.sock" http://localhost/metrics > /dev/null
  curl -sS --unix-socket "$TRAINING/admin.sock" http://localhost/health
}
