# shellcheck shell=bash
# Start-up and memory of the service, with no volumes and with 10,000.

# The microseconds from exec to the first answer on both sockets.
start_once() {
  local name=$1 pool=$2 begun
  rm -f "$B/$name.log"
  begun=$(now_us)
  moorage serve --pool "$pool" --pool-backends directory --docker-socket "$B/$name.sock" --admin-socket "$B/$name.admin" \
    --run-dir "$B/$name.run" >"$B/$name.log" 2>&1 &
  SERVICE=$!
  until curl -sf --unix-socket "$B/$name.sock" -d '{}' http://moorage/VolumeDriver.List -o /dev/null 2>/dev/null \
    && curl -sf --unix-socket "$B/$name.admin" http://moorage/health -o /dev/null 2>/dev/null; do
    kill -0 "$SERVICE" || { cat "$B/$name.log" >&2; return 1; }
    sleep 0.005
  done
  STARTED=$(($(now_us) - begun))
}

resident() { awk '/^VmRSS/ {print $2}' "/proc/$SERVICE/status"; }

# A pool with that many volumes of the directory backend, written as records, which is what the start reads.
many_volumes() {
  local pool=$1 count=$2 i id
  start_once many "$pool"
  curl -sf --unix-socket "$B/many.sock" -d '{"Name":"seed","Opts":{"backend":"directory"}}' http://moorage/VolumeDriver.Create >/dev/null
  bench_stop_service
  local seed record copy
  seed=$(ls "$pool/volumes")
  record=$(<"$pool/volumes/$seed/volume.json")
  for i in $(seq 1 "$count"); do printf '%s/volumes/%08x-0000-4000-8000-%012x/data\0' "$pool" "$i" "$i"; done | xargs -0 mkdir -p
  for i in $(seq 1 "$count"); do
    printf -v id '%08x-0000-4000-8000-%012x' "$i" "$i"
    copy=${record//$seed/$id}
    printf '%s\n' "${copy//'"seed"'/"\"v$i\""}" >"$pool/volumes/$id/volume.json"
  done
}

bench_start() {
  local times=() i idle calls config=$B/calls.curl
  for i in 1 2 3 4 5 6 7; do
    start_once none "$B/none.pool"
    times+=("$STARTED")
    sleep 1
    idle=$(resident)
    [ "$i" = 7 ] || bench_stop_service
  done
  local median_none
  median_none=$(printf '%s\n' "${times[@]}" | median)
  result "start to both sockets answering, no volumes" "$((${median_none%.*} / 1000)) ms" "" "" "≤ 500 ms"
  result "resident memory, idle" "$((idle / 1024)) MiB" "" "" "≤ 100 MiB"
  # One connection, as dockerd keeps one.
  {
    printf 'data = "{\\"Name\\":\\"none\\"}"\n'
    for i in $(seq 1 10000); do printf 'url = "http://moorage/VolumeDriver.Get"\noutput = "/dev/null"\n'; done
  } >"$config"
  curl -s --unix-socket "$B/none.sock" -K "$config" >/dev/null 2>&1 || true
  calls=$(resident)
  result "resident memory after 10,000 calls" "$((calls / 1024)) MiB" "" "" "≤ 100 MiB"
  bench_stop_service

  many_volumes "$B/many.pool" 10000
  times=()
  for i in 1 2 3; do
    start_once many "$B/many.pool"
    times+=("$STARTED")
    [ "$i" = 3 ] || bench_stop_service
  done
  local median_many
  median_many=$(printf '%s\n' "${times[@]}" | median)
  result "start to both sockets answering, 10,000 volumes" "$((${median_many%.*} / 1000)) ms" "" "" "≤ 3 s"
  result "resident memory, 10,000 volumes" "$(($(resident) / 1024)) MiB" "" "" ""
  bench_stop_service
}
