# shellcheck shell=bash
# What a snapshot costs the writers: the longest write of a steady stream of 4 KiB random writes, with and without cuts,
# the extents of the image by then, and what the kernel alone takes to clone such a file; then the same with PostgreSQL.

snapshot_stream() { # dir seconds -> longest write in microseconds
  fio --name=stream --filename="$1/fio.dat" --size=512m --time_based --runtime="$2" --rw=randwrite --bs=4k --ioengine=psync --direct=1 \
    --rate_iops=4000 --output-format=json | jq '.jobs[0].write.clat_ns.max / 1000 | floor'
}

bench_snapshot() {
  [ -n "${ZRAM_OURS:-}" ] || zram_disk
  bench_service snapshot "$B/zram/snapshot.pool"
  create_volume image '{"size":"2G"}'
  local image quiet i begun cut extents
  image=$(mount_volume image)
  fio_prepare "$image"
  quiet=$(snapshot_stream "$image" 8)
  : >"$B/stalls"
  for i in 1 2 3 4 5; do
    snapshot_stream "$image" 4 >>"$B/stalls" &
    local stream=$!
    sleep 2
    begun=$(now_us)
    moorage snapshot create docker/image "cut$i" >/dev/null
    cut=$(($(now_us) - begun))
    wait $stream
  done
  extents=$(moorage volume inspect -o json docker/image | jq '.extents')
  result "longest write while a snapshot is cut (5 cuts, 4,000 random writes a second)" "$(($(median <"$B/stalls") / 1000)) ms" \
    "no cut: $((quiet / 1000)) ms" "$(ratio "$(median <"$B/stalls")" "$extents") µs per extent ($extents extents)" "≤ 10 µs per extent"
  result "\`moorage snapshot create\`, the last of them" "$((cut / 1000)) ms" "" "" ""
  bare_clone
  bench_stop_service
  snapshot_pgbench
}

# The kernel's FICLONE of the same image by cp, nobody writing: the part of the stall that is not ours.
bare_clone() {
  local file i extents times=()
  file=$(find "$B/zram/snapshot.pool/volumes" -name image -size +256M | head -1)
  extents=$(filefrag "$file" | awk '{print $(NF-2)}')
  for i in 1 2 3; do times+=("$(timed cp --reflink=always "$file" "$B/zram/bare.$i")"); done
  rm -f "$B"/zram/bare.*
  result "FICLONE of that image by the kernel alone (\`cp --reflink\`, no writer)" "" "$(($(printf '%s\n' "${times[@]}" | median) / 1000)) ms" \
    "$(ratio "$(printf '%s\n' "${times[@]}" | median)" "$extents") µs per extent ($extents extents)" ""
}

# PostgreSQL under pgbench with a snapshot in each of 24 slices, as a day has hours; each slice does PG_TRANSACTIONS.
snapshot_pgbench() {
  local hour stall=0 worst extents data
  bench_service pgbench "$B/zram/pgbench.pool"
  bench_engine
  docker import -c 'USER postgres' -c 'CMD ["database"]' "$("$ROOT/dev.d/images/postgres.sh")" bench/postgres >/dev/null
  docker volume create -d pgbench -o size=4G bench-db >/dev/null
  docker run -d --name bench-db --network none -v bench-db:/var/lib/postgresql/data bench/postgres >/dev/null
  for _ in $(seq 1 240); do docker exec bench-db pg_isready -q -U postgres && break; sleep 0.25; done
  docker exec bench-db pgbench -U postgres -q -i -s 20 postgres >/dev/null 2>&1
  for hour in $(seq 1 24); do
    docker exec bench-db sh -c "cd /tmp && rm -f pgbench_log* && pgbench -U postgres -n -c 4 -t ${PG_TRANSACTIONS:-2500} -l postgres >/dev/null 2>&1" &
    local load=$!
    sleep 1
    moorage snapshot create docker/bench-db "hour$hour" >/dev/null
    wait $load
    worst=$(docker exec bench-db sh -c "cat /tmp/pgbench_log*" | awk '$3 > m {m = $3} END {print m}')
    [ "$worst" -le "$stall" ] || stall=$worst
  done
  # The first question has the image looked at anew, which may take longer than its answer.
  moorage volume inspect docker/bench-db >/dev/null
  sleep 2
  extents=$(moorage volume inspect -o json docker/bench-db | jq '.extents')
  data=$(docker exec bench-db du -sm /var/lib/postgresql/data | cut -f1)
  result "PostgreSQL, 24 snapshots, $((24 * 4 * ${PG_TRANSACTIONS:-2500} / 1000))k transactions of pgbench (scale 20, $data MB): extents at the last" \
    "$extents extents" "" "longest transaction $((stall / 1000)) ms" "≤ 2k extents after a day"
  docker rm -f bench-db >/dev/null
  docker volume rm bench-db >/dev/null
  bench_stop_service
}
