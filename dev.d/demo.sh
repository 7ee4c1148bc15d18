# shellcheck shell=bash
# help: demo                           the main job, with the commands a user would type: a database, its snapshot, its rescue

# Works on a bare machine; uses the Docker Engine that runs, or one of its own. Leaves nothing behind.

DEMO_IMAGE=moorage-demo/postgres

demo_say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }

# Prints a command the way a user would type it, then runs it.
demo_run() {
  printf '\033[36m$ %s\033[0m\n' "$*"
  "$@"
}

demo_fail() {
  printf '\ndemo: FAILED: %s\n' "$*" >&2
  exit 1
}

demo_sql() { docker exec "$1" psql -U postgres -At -c "$2"; }

demo_ready() {
  local _
  for _ in $(seq 1 240); do
    docker exec "$1" pg_isready -q -U postgres 2>/dev/null && return 0
    [ "$(docker inspect -f '{{.State.Running}}' "$1" 2>/dev/null)" = true ] || {
      docker logs "$1" >&2 || true
      demo_fail "container $1 ended before its database was ready"
    }
    sleep 0.25
  done
  demo_fail "the database in container $1 was not ready within 60 s"
}

demo_database() { # container volume
  demo_run docker run -d --name "$1" --network none -v "$2:/var/lib/postgresql/data" --volume-driver "$DEMO_DRIVER" "$DEMO_IMAGE"
  demo_ready "$1"
}

demo_expect() { # what expected actual
  [ "$2" = "$3" ] || demo_fail "$1: expected '$2' and got '$3'"
  printf '   %s: %s\n' "$1" "$3"
}

demo_engine() {
  if docker info >/dev/null 2>&1; then
    echo "Using the Docker Engine that is running: $(docker version -f '{{.Server.Version}}')"
    return
  fi
  need_engine_tools
  export DOCKER_HOST=unix://$DEMO/docker.sock
  dockerd --data-root "$DEMO/docker" --exec-root "$DEMO/exec" --pidfile "$DEMO/docker.pid" -H "$DOCKER_HOST" \
    --bridge=none --iptables=false --ip6tables=false >"$DEMO/docker.log" 2>&1 &
  DEMO_DOCKERD=$!
  local _
  for _ in $(seq 1 120); do
    docker info >/dev/null 2>&1 && break
    kill -0 "$DEMO_DOCKERD" 2>/dev/null || { tail -5 "$DEMO/docker.log" >&2; demo_fail "dockerd ended at its start"; }
    sleep 0.5
  done
  echo "Started a Docker Engine for the demo: $(docker version -f '{{.Server.Version}}')"
}

# PostgreSQL from a registry when one answers, else made from Debian's packages.
demo_image() {
  docker image inspect "$DEMO_IMAGE" >/dev/null 2>&1 && return
  if timeout 30 docker pull -q postgres:17 >/dev/null 2>&1; then
    printf 'FROM postgres:17\nENV POSTGRES_HOST_AUTH_METHOD=trust PGDATA=/var/lib/postgresql/data\n' | docker build -q -t "$DEMO_IMAGE" - >/dev/null
    return
  fi
  echo "No registry answers: making a PostgreSQL image from Debian's packages"
  docker import -c 'USER postgres' -c 'CMD ["database"]' "$("$ROOT/dev.d/images/postgres.sh")" "$DEMO_IMAGE" >/dev/null
}

demo_stop() {
  local status=$?
  trap - EXIT INT TERM
  set +e
  [ -n "${DEMO_LOAD:-}" ] && kill "$DEMO_LOAD" 2>/dev/null
  docker rm -f demo-db demo-restored demo-clone >/dev/null 2>&1
  docker volume rm -f db restored clone >/dev/null 2>&1
  docker rmi "$DEMO_IMAGE" >/dev/null 2>&1
  if [ -n "${DEMO_SERVE:-}" ]; then
    kill "$DEMO_SERVE" 2>/dev/null
    wait "$DEMO_SERVE" 2>/dev/null
  fi
  if [ -n "${DEMO_DOCKERD:-}" ]; then
    kill "$DEMO_DOCKERD" 2>/dev/null
    wait "$DEMO_DOCKERD" 2>/dev/null
  fi
  local mounted
  while read -r mounted; do umount -l "$mounted"; done < <(awk -v d="$DEMO/" 'index($5, d) == 1 {print $5}' /proc/self/mountinfo | sort -r)
  if [ "$status" -ne 0 ]; then
    echo "The log of moorage serve ended with:" >&2
    tail -15 "$DEMO/serve.log" >&2
  fi
  rm -rf "$DEMO"
  exit "$status"
}

demo_start() {
  DEMO=$(mktemp -d /tmp/moorage-demo.XXXXXX)
  trap demo_stop EXIT
  trap 'exit 130' INT TERM
  DEMO_DRIVER=moorage
  [ -S /run/docker/plugins/moorage.sock ] && DEMO_DRIVER=moorage-demo
  export MOORAGE_ADMIN_SOCKET=$DEMO/admin.sock
  export PATH=$ROOT/dist/bin:$PATH
  printf '\033[36m$ moorage serve --pool %s/pool &\033[0m\n' "$DEMO"
  moorage serve --pool "$DEMO/pool" --docker-socket "/run/docker/plugins/$DEMO_DRIVER.sock" --admin-socket "$DEMO/admin.sock" \
    --run-dir "$DEMO/run" >"$DEMO/serve.log" 2>&1 &
  DEMO_SERVE=$!
  local _
  for _ in $(seq 1 100); do
    grep -q ready "$DEMO/serve.log" && break
    kill -0 "$DEMO_SERVE" 2>/dev/null || demo_fail "moorage serve ended at its start"
    sleep 0.1
  done
  grep ready "$DEMO/serve.log" || demo_fail "moorage serve was not ready within 10 s"
  demo_engine
  demo_image
}

demo_write_and_snapshot() {
  demo_say "A database on a Moorage volume"
  demo_run docker volume create -d "$DEMO_DRIVER" -o size=2G -o fs=xfs db
  demo_database demo-db db
  demo_run docker exec demo-db psql -U postgres -q -c "create table ships as select i id, md5(i::text) name from generate_series(1, 100000) i"
  demo_expect "rows written" 100000 "$(demo_sql demo-db 'select count(*) from ships')"

  demo_say "A snapshot while the database is written to"
  docker exec demo-db pgbench -U postgres -q -i -s 2 postgres >/dev/null 2>&1
  docker exec demo-db pgbench -U postgres -c 4 -T 60 postgres >/dev/null 2>&1 &
  DEMO_LOAD=$!
  sleep 2
  demo_run moorage snapshot create db before
  kill -0 "$DEMO_LOAD" 2>/dev/null || demo_fail "the load had ended before the snapshot was cut"
  demo_run moorage snapshot ls db
}

demo_destroy_and_restore() {
  demo_say "The rows are destroyed"
  demo_run docker exec demo-db psql -U postgres -q -c "drop table ships"
  { demo_sql demo-db 'select count(*) from ships' 2>&1 || true; } | grep ERROR || demo_fail "the rows are still there"

  demo_say "A second container on a volume made from the snapshot"
  demo_run docker volume create -d "$DEMO_DRIVER" -o from=db@before restored
  demo_database demo-restored restored
  demo_expect "rows in the restored database" 100000 "$(demo_sql demo-restored 'select count(*) from ships')"
  docker rm -f demo-restored >/dev/null
}

demo_clone_and_grow() {
  demo_say "A clone of the running volume, to try something out"
  demo_run moorage volume clone db clone
  demo_database demo-clone clone
  demo_expect "the clone is a database of its own" 1 "$(demo_sql demo-clone 'select 1')"
  docker rm -f demo-clone >/dev/null

  demo_say "Growing it while it is mounted and written to"
  local before after
  before=$(docker exec demo-db df -BM --output=size /var/lib/postgresql/data | tail -1 | tr -d ' M')
  demo_run moorage volume grow db 4G
  after=$(docker exec demo-db df -BM --output=size /var/lib/postgresql/data | tail -1 | tr -d ' M')
  echo "   inside the container: ${before}M before, ${after}M after"
  [ "$after" -gt $((before * 3 / 2)) ] || demo_fail "the filesystem did not grow"
  kill "$DEMO_LOAD" 2>/dev/null || true
  DEMO_LOAD=
}

demo_remove_and_undo() {
  demo_say "A volume removed by mistake, and back"
  demo_sql demo-db "create table last as select 42 answer" >/dev/null
  demo_run docker rm -f demo-db
  demo_run docker volume rm db
  docker volume ls -q -f driver="$DEMO_DRIVER" | grep -qx db && demo_fail "the volume is still listed"
  demo_run moorage volume undo db
  demo_database demo-db db
  demo_expect "the last row written before the mistake" 42 "$(demo_sql demo-db 'select answer from last')"
}

dev_demo() {
  need_root "./dev demo"
  need_test_tools
  say "building"
  dev_build >/dev/null
  demo_start
  demo_write_and_snapshot
  demo_destroy_and_restore
  demo_clone_and_grow
  demo_remove_and_undo
  cat <<'EOF'

What this proved, with a real database on a real Docker Engine:
  - a volume on local disk, named in `docker run`, with nothing prepared on the machine
  - a snapshot under load, and rows that were destroyed brought back from it
  - a clone of a running volume, and growth while it is mounted
  - a removed volume undone, to its last committed row
EOF
}
