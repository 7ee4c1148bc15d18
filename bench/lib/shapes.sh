# shellcheck shell=bash
# Images of other shapes: random data, 64 GiB with 1 GiB used, 10 TiB with 64k scattered writes. Time and memory.

bench_shapes() {
  repository_disk
  peers_open "$D/cache"
  PEER_STORE=$D/store
  bench_service host-b "$D/host-b"
  HOST_B=$SERVICE
  bench_service host-a "$D/host-a"
  HOST_A=$SERVICE
  M=$B/shapes
  mkdir -p "$M"
  on_host a moorage pool create huge "$D/huge-a" --overcommit 1000 --backends image >/dev/null
  on_host b moorage pool create huge "$D/huge-b" --overcommit 1000 --backends image >/dev/null
  shape_data
  bench_ready
  local shape
  moorage_new shapes
  for shape in ${BENCH_SHAPES:-random used sparse}; do "shapes_$shape"; done
  bench_stop_service
  HOST_A=
}

# Everything that is not measured.
shape_data() {
  SOCKET=/run/docker/plugins/host-a.sock
  PEER_FILES=$D/random
  mkdir -p "$PEER_FILES" "$D/used"
  local i
  for i in 1 2 3 4; do head -c 256M /dev/urandom >"$PEER_FILES/$i"; done
  create_volume random '{"size":"2G"}'
  cp "$PEER_FILES"/* "$(mount_volume random)/"
  create_volume used '{"size":"64G","pool":"huge"}'
  { find "$REPOSITORY_SOURCE" -type f -size -64M -print0 | head -z -n 20000 | tar -C / --null -T - -c 2>/dev/null || true; } | head -c 1G >"$D/used/tar"
  cp "$D/used/tar" "$(mount_volume used)/"
  create_volume sparse '{"size":"10T","pool":"huge","access":"block"}'
  # Before anybody uses it; the device would be the same file.
  fio --name=scatter --filename="$(find "$D"/huge-a/volumes -name image -size +5000G)" --rw=randwrite --bs=4k --filesize=10T --io_size=256m \
    --norandommap --randrepeat=1 --direct=1 --ioengine=libaio --iodepth=16 --output=/dev/null
  sync
}

shape_backup() { # volume
  "${METER[@]}" moorage snapshot create "docker/$1" one --to shapes --wait
}

shape_restore() { # volume pool
  "${METER[@]}" moorage volume create "$1" --owner docker --pool "$2" --from "$1@one" && "${METER[@]}" moorage volume restore "docker/$1" --wait
}

shapes_random() {
  local peer
  measure_moorage a "$M/random.moorage" shape_backup random
  measure_moorage b "$M/random-restore.moorage" shape_restore random default
  bytes_below "$D/store/shapes" >"$M/random.moorage.stored"
  for peer in "${PEERS[@]}"; do
    peer_new "$peer"
    measure "$M/random.$peer" peer_backup "$peer" one
    bytes_below "$D/store/$peer" >"$M/random.$peer.stored"
    measure "$M/random-restore.$peer" peer_restore "$peer" one "$D/restored"
    rm -rf "$D/restored" "$D/store/$peer"
    repository_row "1 GiB of random bytes, backup to directory" random "$peer" ""
    repository_row "1 GiB of random bytes, restore from directory" random-restore "$peer" ""
  done
}

# The others get the 1 GiB as a file, which is the best that they can do; a sparse image they would read as a whole.
shapes_used() {
  local peer=restic
  PEER_FILES=$D/used
  peer_new $peer
  measure_moorage a "$M/used.moorage" shape_backup used
  measure $M/used.$peer peer_backup $peer one
  repository_row "64 GiB image with a file of 1 GiB; restic: the file alone" used $peer ""
}

shapes_sparse() {
  local before
  before=$(bytes_below "$D/store/shapes")
  measure_moorage a "$M/sparse.moorage" shape_backup sparse
  result "10 TiB image, 64k blocks of 4 KiB at random, first backup" "$(metered_words "$M/sparse.moorage"), $((($(bytes_below "$D/store/shapes") - before) / 1000000)) MB stored" \
    "" "" "≤ 256 MiB"
  measure_moorage b "$M/sparse-restore.moorage" shape_restore sparse huge
  result "the same, restore" "$(metered_words "$M/sparse-restore.moorage")" "" "" "≤ 256 MiB"
}
