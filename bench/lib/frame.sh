# shellcheck shell=bash
# The frame of a benchmark run: scratch space, a service, an engine, medians, the report. Sourced by bench/run.

bench_open() {
  [ "$(id -u)" = 0 ] || { echo "bench: run it as root: it mounts filesystems" >&2; exit 1; }
  B=$(mktemp -d /tmp/moorage-bench.XXXXXX)
  PATH=$ROOT/dist/bin:$PATH
  trap bench_close EXIT
  trap 'exit 130' INT TERM
}

bench_close() {
  local status=$?
  trap - EXIT INT TERM
  set +e
  bench_stop_service
  bench_stop_engine
  bench_stop_server
  [ -z "${CLUSTER_OURS:-}" ] || "$ROOT/dev.d/cluster/down.sh" "$CLUSTER_OURS"
  local mounted device
  # Devices first: they go with their mounts, and afterwards their files have no path any more.
  while read -r device; do losetup -d "$device"; done < <(losetup -nO NAME,BACK-FILE | awk -v d="$B/" 'index($2, d) == 1 {print $1}')
  while read -r mounted; do umount -l "$mounted"; done < <(awk -v d="$B/" 'index($5, d) == 1 {print $5}' /proc/self/mountinfo | sort -r)
  [ -z "${ZRAM_OURS:-}" ] || bench_reset_zram
  rm -rf "$B"
  exit "$status"
}

# The kernel lets go of the disk a moment after its last mount.
bench_reset_zram() {
  local _
  for _ in $(seq 1 40); do
    { echo 1 >/sys/block/zram0/reset; } 2>/dev/null && return
    sleep 0.25
  done
  echo "bench: /dev/zram0 is still in use; when it is not: echo 1 >/sys/block/zram0/reset" >&2
}

# bench_service NAME POOL: starts `moorage serve`; sockets are $B/NAME.admin and /run/docker/plugins/NAME.sock
bench_service() {
  local name=$1 pool=$2 _
  export MOORAGE_ADMIN_SOCKET=$B/$name.admin
  SOCKET=/run/docker/plugins/$name.sock
  mkdir -p -m 700 /run/docker/plugins
  moorage serve --pool "$pool" --docker-socket "$SOCKET" --admin-socket "$MOORAGE_ADMIN_SOCKET" --run-dir "$B/$name.run" \
    >"$B/$name.log" 2>&1 &
  SERVICE=$!
  for _ in $(seq 1 300); do
    grep -q ready "$B/$name.log" && return 0
    kill -0 "$SERVICE" 2>/dev/null || break
    sleep 0.05
  done
  cat "$B/$name.log" >&2
  return 1
}

bench_stop_service() {
  [ -n "${SERVICE:-}" ] || return 0
  kill "$SERVICE" 2>/dev/null
  wait "$SERVICE" 2>/dev/null || true
  SERVICE=
}

# What else was started and stands beside the service: a second one, an object store.
bench_stop_server() {
  local pid
  for pid in ${HOST_A:-} ${HOST_B:-} ${SERVER:-}; do
    kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || true
  done
  HOST_A= HOST_B= SERVER=
}

bench_engine() {
  [ -z "${ENGINE:-}" ] || return 0
  export DOCKER_HOST=unix://$B/docker.sock
  dockerd --data-root "$B/docker" --exec-root "$B/exec" --pidfile "$B/docker.pid" -H "$DOCKER_HOST" \
    --bridge=none --iptables=false --ip6tables=false >"$B/docker.log" 2>&1 &
  ENGINE=$!
  local _
  for _ in $(seq 1 120); do docker info >/dev/null 2>&1 && break; sleep 0.25; done
  tar -C "$(bench_busybox)" -c . | docker import -c 'CMD ["true"]' - bench/busybox >/dev/null
}

bench_stop_engine() {
  [ -n "${ENGINE:-}" ] || return 0
  docker ps -aq | xargs -r docker rm -f >/dev/null 2>&1
  kill "$ENGINE" 2>/dev/null
  wait "$ENGINE" 2>/dev/null || true
  ENGINE=
}

bench_busybox() {
  local root=$B/busybox applet
  mkdir -p "$root/bin" "$root/data"
  cp "$(command -v busybox)" "$root/bin/busybox"
  for applet in sh true sleep cat dd sync ls; do ln -sf busybox "$root/bin/$applet"; done
  echo "$root"
}

# What is written in Java, compiled against the product.
bench_classes() {
  "$JDK25/bin/javac" -proc:none -d "$B/classes" -cp "$(zstd_jar):$ROOT/dist/lib/*" "$ROOT"/bench/src/main/java/dev/moorage/bench/*.java
}

# Everything is prepared and the measurement begins: BENCH_READY, if it is set, is a command that returns when the machine is quiet.
bench_ready() { ${BENCH_READY:-true}; }

now_us() { local t=${EPOCHREALTIME/./}; echo "${t/,/}"; }

# Runs a command and prints the microseconds that it took.
timed() {
  local begun
  begun=$(now_us)
  "$@" >/dev/null
  echo $(($(now_us) - begun))
}

median() { sort -n | awk '{a[NR]=$1} END {print (NR % 2) ? a[(NR+1)/2] : (a[NR/2] + a[NR/2+1]) / 2}'; }

ratio() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.2f", a / b}'; }

# result WHAT VALUE AGAINST RATIO BUDGET
result() { printf '%s\t%s\t%s\t%s\t%s\n' "$@" | tee -a "$RESULTS"; }

# bench_section NAME: measures one; its rows replace those of its last run.
bench_section() {
  RESULTS=$B/$1.tsv
  date -u +%Y-%m-%d >"$RESULTS"
  "bench_$1"
  mkdir -p "$ROOT/bench/results"
  cp "$RESULTS" "$ROOT/bench/results/$1.tsv"
}

# Every section's last rows, whenever they were measured.
bench_report() {
  local out=$ROOT/bench/RESULTS.md section
  {
    echo "# Results"
    echo
    echo "Made by \`./dev bench\` on $(nproc) cores ($(awk -F': ' '/model name/ {print $2; exit}' /proc/cpuinfo)), kernel $(uname -r)."
    echo "Medians; each pair was measured in one run, in turns. The machine was shared: trust the ratios, not the times."
    for section in "${BENCH_SECTIONS[@]}"; do
      [ ! -e "$ROOT/bench/results/$section.tsv" ] || bench_table "$section" "$ROOT/bench/results/$section.tsv"
    done
    [ -f "$ROOT/bench/NOTES.md" ] && { echo; tail -n +2 "$ROOT/bench/NOTES.md"; }
  } >"$out"
  echo "wrote ${out#"$ROOT"/}"
}

bench_table() { # section rows
  echo
  echo "\`./dev bench $1\`, $(head -n 1 "$2"):"
  echo
  echo "| what | Moorage | compared with | ratio or difference | budget |"
  echo "|---|---|---|---|---|"
  awk -F'\t' 'NR > 1 {printf "| %s | %s | %s | %s | %s |\n", $1, $2, $3, $4, $5}' "$2"
}
