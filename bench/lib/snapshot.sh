# shellcheck shell=bash
# What a snapshot costs the writers: the longest write of a steady stream of 4 KiB random writes, with and without cuts,
# and the extents of the image by then.

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
  bench_stop_service
}
