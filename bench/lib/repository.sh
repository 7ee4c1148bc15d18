# shellcheck shell=bash
# Remote snapshots of an image volume, against restic, rustic and borg with the same files: a first backup, one with nothing changed, one
# with 1 % of all 4 KiB blocks rewritten, one more with nothing changed since then, a restore; into a directory and into an S3 server of this machine. In turns, three times.
# All of it lies on one XFS, and each time is taken from cold caches until what was written is on the disk.

REPOSITORY_SOURCE=${REPOSITORY_SOURCE:-/usr/lib}
REPOSITORY_ROUNDS=${REPOSITORY_ROUNDS:-3}
REPOSITORY_DISK_GIB=${REPOSITORY_DISK_GIB:-40}
REPOSITORY_VOLUME=${REPOSITORY_VOLUME:-8G}

bench_repository() { repository_rounds directory; }

bench_s3() {
  repository_disk
  s3_server
  repository_rounds S3
  bench_stop_server
}

# An XFS in a file of the machine's own disk. The file bypasses the page cache, so that it is cold when it shall be, and is written in full
# before, so that the disk below has nothing to do but to read and write.
repository_disk() {
  D=$B/disk
  [ ! -d "$D" ] || return 0
  mkdir "$D"
  dd if=/dev/zero of="$B/disk.xfs" bs=8M count=$((REPOSITORY_DISK_GIB * 128)) oflag=direct status=none
  mkfs.xfs -q -m reflink=1 -s size=4096 "$B/disk.xfs"
  mount "$(losetup -f --show --direct-io=on -b 4096 "$B/disk.xfs")" "$D"
  METER_DISK=$D
  bench_classes
  SCATTER=("$JDK25/bin/java" -XX:TieredStopAtLevel=1 -cp "$B/classes" dev.moorage.bench.Scatter)
}

# That of the product has no native code in it.
zstd_jar() { find ~/.m2/repository/com/github/luben/zstd-jni -name 'zstd-jni-*.jar' ! -name '*-sources.jar' | sort | tail -n 1; }

s3_server() {
  local program data=$D/s3 port=7321
  program=$("$ROOT/dev.d/servers/versitygw.sh")
  export AWS_ACCESS_KEY_ID=MOORAGEBENCHKEY AWS_SECRET_ACCESS_KEY=moorage-bench-secret AWS_REGION=us-east-1
  mkdir -p "$data"
  ROOT_ACCESS_KEY=$AWS_ACCESS_KEY_ID ROOT_SECRET_KEY=$AWS_SECRET_ACCESS_KEY "$program" --port 127.0.0.1:$port posix "$data" >"$B/s3.log" 2>&1 &
  SERVER=$!
  S3_ENDPOINT=http://127.0.0.1:$port
  local _
  for _ in $(seq 1 100); do
    curl -sS --fail -X PUT --aws-sigv4 aws:amz:us-east-1:s3 --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" \
      -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' "$S3_ENDPOINT/bench" 2>/dev/null && break
    sleep 0.1
  done
  PEER_S3=$S3_ENDPOINT/bench
  PEER_STORE=$data/bench
}

# The files for the others, and a volume with the same ones.
repository_data() {
  PEER_FILES=$D/files
  [ ! -d "$PEER_FILES" ] || return 0
  cp -a "$REPOSITORY_SOURCE" "$PEER_FILES"
  FILES_WORD="$(find "$PEER_FILES" -type f | wc -l) files, $(($(bytes_below "$PEER_FILES") / 1000000)) MB"
}

volume_of_files() { # name; the service of host A is running
  DB=$1
  SOCKET=/run/docker/plugins/host-a.sock
  create_volume "$DB" "{\"size\":\"$REPOSITORY_VOLUME\",\"pool\":\"many\"}"
  VOLUME=$(mount_volume "$DB")
  cp -a "$PEER_FILES/." "$VOLUME/"
  sync -f "$VOLUME"
}

# moorage_new NAME [OPTION…]: an empty repository, known to both hosts
moorage_new() {
  local place=(file://$D/store/$1)
  mkdir -p "$D/store/$1"
  if [ -n "${PEER_S3:-}" ]; then
    place=(s3://bench/$1 --option endpoint="$S3_ENDPOINT" --option region=us-east-1)
  fi
  # Of a section before.
  rm -f "$B/$1.key"
  on_host a moorage repository create "$1" "${place[@]}" --generate-key-file "$B/$1.key" "${@:2}" >"$B/created" 2>&1 \
    || { cat "$B/created" >&2; return 1; }
  on_host b moorage repository add "$1" "${place[@]}" --key-file "$B/$1.key" >/dev/null
}

on_host() { # a|b COMMAND…
  local host=$1
  shift
  MOORAGE_ADMIN_SOCKET=$B/host-$host.admin "$@"
}

moorage_stored() { bytes_below "$D/store/$1" "$D/s3/bench/$1"; }

repository_hosts() {
  bench_service host-b "$D/host-b"
  HOST_B=$SERVICE
  bench_service host-a "$D/host-a"
  HOST_A=$SERVICE
  # Snapshots of all rounds are promised their whole size.
  on_host a moorage pool create many "$D/many-a" --overcommit 10 --backends image --trash-retention 1s >/dev/null
  on_host b moorage pool create many "$D/many-b" --overcommit 10 --backends image --trash-retention 1s >/dev/null
  volume_of_files db
}

moorage_backup() { # repository name
  "${METER[@]}" moorage snapshot create "docker/$DB" "$2" --to "$1" --wait
}

moorage_restore() { # repository name volume
  "${METER[@]}" moorage volume create "$3" --owner docker --pool many --from "$DB@$2" && "${METER[@]}" moorage volume restore "docker/$3" --wait
}

measure_moorage() { # host out command…
  local host=$1 out=$2
  shift 2
  [ "$host" = a ] && SERVICE=$HOST_A || SERVICE=$HOST_B
  METER_SERVICE=yes on_host "$host" measure "$out" "$@"
  SERVICE=$HOST_A
}

repository_rounds() { # directory|S3
  local where=$1 round peer
  repository_disk
  peers_open "$D/cache"
  repository_data
  [ -n "${PEER_S3:-}" ] || PEER_STORE=$D/store
  repository_hosts
  M=$B/measured
  rm -rf "$M"
  mkdir -p "$M"
  bench_ready
  for round in $(seq 1 "$REPOSITORY_ROUNDS"); do
    repository_round "$round"
  done
  repository_same
  repository_results "$where"
  bench_stop_service
  SERVICE=$HOST_B
  bench_stop_service
  rm -rf "$D"/host-a "$D"/host-b "$D"/many-a "$D"/many-b
}

repository_peers() { # borg knows no object store
  local peer
  for peer in "${PEERS[@]}"; do
    [ "$peer" = borg ] && [ -n "${PEER_S3:-}" ] || echo "$peer"
  done
}

repository_round() {
  local round=$1 peer peers repository=moorage$1 seed=$1
  # Blocks that an earlier section has rewritten so already would not change.
  [ -z "${PEER_S3:-}" ] || seed=$((100 + round))
  mapfile -t peers < <(repository_peers)
  # A volume of its own, since one that was rewritten here and there has more extents.
  [ "$round" = 1 ] || volume_of_files "db$round"
  moorage_new "$repository"
  for peer in "${peers[@]}"; do peer_new "$peer"; done
  backups first "$round"
  backups nothing "$round"
  "${SCATTER[@]}" "$PEER_FILES" 10 "$seed" >"$M/rewritten"
  "${SCATTER[@]}" "$VOLUME" 10 "$seed" >/dev/null
  backups percent "$round"
  backups again "$round"
  measure_moorage b "$M/restore.moorage" moorage_restore "$repository" "percent$round" "restored$round"
  for peer in "${peers[@]}"; do
    rm -rf "$D/restored"
    measure "$M/restore.$peer" peer_restore "$peer" "percent$round" "$D/restored"
  done
  rm -rf "$D/restored"
  [ "$round" = "$REPOSITORY_ROUNDS" ] || repository_drop "$round"
}

# Room for the next round.
repository_drop() { # round
  on_host b moorage volume rm "docker/restored$1" >/dev/null
  unmount_volume "$DB"
  on_host a bash -c "moorage snapshot ls --owner docker -o name | xargs moorage snapshot rm --owner docker" >/dev/null
  on_host a moorage volume rm "docker/$DB" >/dev/null
  on_host a moorage repository remove "moorage$1" >/dev/null
  on_host b moorage repository remove "moorage$1" >/dev/null
  rm -rf "$D/store/moorage$1" "$D/s3/bench/moorage$1"
}

# backups WHAT ROUND: by each in turn, with what it stores more
backups() {
  local what=$1 round=$2 peer before
  before=$(moorage_stored "moorage$round")
  measure_moorage a "$M/$what.moorage" moorage_backup "moorage$round" "$what$round"
  echo $(($(moorage_stored "moorage$round") - before)) >>"$M/$what.moorage.stored"
  for peer in "${peers[@]}"; do
    before=$(bytes_below "$PEER_STORE/$peer")
    measure "$M/$what.$peer" peer_backup "$peer" "$what$round"
    echo $(($(bytes_below "$PEER_STORE/$peer") - before)) >>"$M/$what.$peer.stored"
  done
}

# What the last restores gave is what was there.
repository_same() {
  local restored
  SOCKET=/run/docker/plugins/host-b.sock
  restored=$(mount_volume "restored$REPOSITORY_ROUNDS")
  rm -rf "${restored:?}/lost+found"
  diff -r --no-dereference "$PEER_FILES" "$restored" || { echo "bench: the restored files are other ones" >&2; return 1; }
}

repository_results() { # directory|S3
  local where=$1 peer
  for peer in $(repository_peers); do
    repository_row "first backup to $where ($FILES_WORD)" first "$peer" "≥ 3 × the fastest, ≤ ½ of its CPU, ≤ 1.15 of restic's bytes"
    repository_row "nothing changed, $where" nothing "$peer" "≥ 10 × the fastest"
    repository_row "1 % of the 4 KiB blocks rewritten ($(($(<"$M/rewritten") / 1000000)) MB), $where" percent "$peer" "≥ 5 × the fastest, ≤ ½ of its bytes"
    repository_row "nothing changed since then, $where" again "$peer" "≥ 10 × the fastest"
    repository_row "restore from $where" restore "$peer" "≥ 3 × restic and borg, ≥ 2 × rustic, ≤ 256 MiB"
  done
}

repository_row() { # title what peer budget
  local ours=$M/$2.moorage theirs=$M/$2.$3 words bytes=
  words=$(awk -v a="$(metered "$theirs" 1)" -v b="$(metered "$ours" 1)" -v c="$(metered "$theirs" 2)" -v d="$(metered "$ours" 2)" \
    'BEGIN {printf "%.1f × as fast, %.2f of its CPU", a / b, d / c}')
  if [ -e "$ours.stored" ]; then
    bytes=$(awk -v a="$(median <"$ours.stored")" -v b="$(median <"$theirs.stored")" 'BEGIN {printf ", %.2f of its bytes", a / b}')
  fi
  result "$1" "$(metered_words "$ours")$(stored_words "$ours")" "$3: $(metered_words "$theirs")$(stored_words "$theirs")" "$words$bytes" "$4"
}

stored_words() {
  [ ! -e "$1.stored" ] || awk -v b="$(median <"$1.stored")" 'BEGIN {printf ", %.1f MB stored", b / 1e6}'
}
