# shellcheck shell=bash
# What the size of the blocks of a repository costs and saves, with the files of bench_repository.

bench_blocks() {
  local size
  repository_disk
  repository_data
  repository_hosts
  M=$B/blocks
  mkdir -p "$M"
  bench_ready
  for size in 16K 32K 64K 128K 256K; do blocks_of "$size" 1; done
  # The same bytes once more, scattered, for all sizes: each has the first snapshot as its base.
  "${SCATTER[@]}" "$VOLUME" 10 7 >"$M/rewritten"
  for size in 16K 32K 64K 128K 256K; do blocks_of "$size" 2; done
  for size in 16K 32K 64K 128K 256K; do blocks_row "$size"; done
  bench_stop_service
  HOST_A=
}

blocks_of() { # size 1|2
  local size=$1 before
  [ "$2" = 2 ] || moorage_new "b$size" --block-size "$size"
  before=$(moorage_stored "b$size")
  measure_moorage a "$M/$size.$2" moorage_backup "b$size" "n$2$size"
  echo $(($(moorage_stored "b$size") - before)) >"$M/$size.$2.stored"
  if [ "$2" = 2 ]; then
    measure_moorage b "$M/$size.restore" moorage_restore "b$size" "n2$size" "r$size"
    on_host b moorage volume rm "docker/r$size" >/dev/null
  else
    map_megabytes "b$size" >"$M/$size.1.map"
  fi
}

blocks_row() { # size
  local m=$M/$1
  result "blocks of $1" \
    "first: $(stored_words "$m.1" | cut -c 3-), $(metered "$m.1" 2) CPU s; $(cat "$m.1.map") MB of that are maps" \
    "1 % rewritten: $(stored_words "$m.2" | cut -c 3-), $(metered "$m.2" 1) s, $(metered "$m.2" 2) CPU s" \
    "$(ratio "$(cat "$m.2.stored")" "$(cat "$M/rewritten")") bytes for each rewritten one" \
    "restore of that: $(metered "$m.restore" 1) s, $(metered "$m.restore" 2) CPU s"
}

# The bytes of the packs that hold leaves and roots, in MB: the eleventh byte of a pack is its kind.
map_megabytes() { # repository
  local pack bytes=0
  while read -r pack; do
    [ "$(od -An -tu1 -j 10 -N 1 "$pack" | tr -d ' ')" != 2 ] || bytes=$((bytes + $(stat -c %s "$pack")))
  done < <(find "$D/store/$1/packs" -type f)
  awk -v b=$bytes 'BEGIN {printf "%.1f", b / 1e6}'
}
