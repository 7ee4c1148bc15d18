# shellcheck shell=bash
# I/O through each backend, against the same disk without us and against a plain loop device, with the disk's own counts.
# The disk is zram, so that the layers show and not the medium; the automatic pool is measured on the machine's own disk.

FIO_SECONDS=${FIO_SECONDS:-6}

# fio_one DIR JOB -> IOPS, and the disk's writes and flushes per operation
fio_one() { # dir job disk
  local dir=$1 job=$2 disk=$3 args before after
  case $job in
    randread) args=(--rw=randread --bs=4k --iodepth=16 --direct=1 --ioengine=libaio) ;;
    randwrite) args=(--rw=randwrite --bs=4k --iodepth=16 --direct=1 --ioengine=libaio) ;;
    fdatasync) args=(--rw=randwrite --bs=8k --iodepth=1 --direct=0 --ioengine=psync --fdatasync=1) ;;
  esac
  read -r -a before <"/sys/block/$disk/stat"
  fio --name=bench --filename="$dir/fio.dat" --size=512m --time_based --runtime="$FIO_SECONDS" --output-format=json \
    --randrepeat=1 --refill_buffers "${args[@]}" >"$B/fio.json"
  read -r -a after <"/sys/block/$disk/stat"
  jq -r --argjson w $((after[4] - before[4])) --argjson f $((after[15] - before[15])) \
    '.jobs[0] | (.read.iops + .write.iops) as $iops | (.read.total_ios + .write.total_ios) as $n
     | "\($iops | floor) \($w / $n * 100 | round / 100) \($f / $n * 100 | round / 100)"' "$B/fio.json"
}

fio_prepare() { # dir: the file is written in full before any measurement
  fio --name=prepare --filename="$1/fio.dat" --size=512m --rw=write --bs=1m --direct=1 --ioengine=psync --output=/dev/null
  sync
}

zram_disk() {
  [ "$(cat /sys/block/zram0/disksize)" = 0 ] || { echo "bench: /dev/zram0 is in use" >&2; return 1; }
  ZRAM_OURS=yes
  echo $((40 << 30)) >/sys/block/zram0/disksize
  mkfs.xfs -q -f -m reflink=1 -s size=4096 /dev/zram0
  mkdir -p "$B/zram"
  mount /dev/zram0 "$B/zram"
}

plain_loop() { # on the same XFS, ext4 in a sparse file behind a loop device
  truncate -s 2G "$B/zram/plain.img"
  mkfs.ext4 -q -F -b 4096 "$B/zram/plain.img"
  mkdir -p "$B/plain"
  mount "$(losetup -f --show --direct-io=on -b 4096 "$B/zram/plain.img")" "$B/plain"
}

mount_volume() { # name: as dockerd does
  curl -sf --unix-socket "$SOCKET" -d "{\"Name\":\"$1\",\"ID\":\"bench\"}" http://moorage/VolumeDriver.Mount | jq -er .Mountpoint
}

unmount_volume() { # name
  curl -sf --unix-socket "$SOCKET" -d "{\"Name\":\"$1\",\"ID\":\"bench\"}" http://moorage/VolumeDriver.Unmount | jq -e '.Err == ""' >/dev/null
}

create_volume() { # name opts
  curl -sf --unix-socket "$SOCKET" -d "{\"Name\":\"$1\",\"Opts\":$2}" http://moorage/VolumeDriver.Create | jq -e '.Err == ""' >/dev/null
}

# fio_compare TITLE DISK BUDGET name=dir name=dir: measures both in turns, three times each
fio_compare() {
  local title=$1 disk=$2 budget=$3 ours=$4 theirs=$5 job _ a b
  for job in randread randwrite fdatasync; do
    : >"$B/a"; : >"$B/b"
    for _ in 1 2 3; do
      fio_one "${theirs#*=}" $job "$disk" >>"$B/b"
      fio_one "${ours#*=}" $job "$disk" >>"$B/a"
    done
    a=$(cut -d' ' -f1 "$B/a" | median) b=$(cut -d' ' -f1 "$B/b" | median)
    result "$title, $job" "$a IOPS; per operation $(fio_counts "$B/a")" "${theirs%%=*}: $b IOPS; $(fio_counts "$B/b")" "$(ratio "$a" "$b")" "$budget"
  done
}

fio_counts() { awk '{w[NR]=$2; f[NR]=$3} END {printf "%s writes, %s flushes", w[int((NR+1)/2)], f[int((NR+1)/2)]}' "$1"; }

bench_fio() {
  zram_disk
  plain_loop
  bench_service fio "$B/zram/pool"
  create_volume image '{"size":"2G"}'
  create_volume tree '{"backend":"directory"}'
  local image tree native=$B/zram/native
  image=$(mount_volume image)
  tree=$(mount_volume tree)
  mkdir -p "$native"
  local dir
  for dir in "$image" "$tree" "$native" "$B/plain"; do fio_prepare "$dir"; done
  fio_compare "image backend (zram, XFS pool)" zram0 "≥ 0.95" "image=$image" "plain loop=$B/plain"
  fio_compare "image backend (zram, XFS pool)" zram0 "" "image=$image" "no loop, XFS=$native"
  fio_compare "directory backend (zram, XFS pool)" zram0 "≥ 0.99" "directory=$tree" "no Moorage, XFS=$native"
  bench_stop_service
  own_disk
}

own_disk() {
  local disk
  disk=$(basename "$(readlink -f "/sys/dev/block/$(mountpoint -d /)")")
  [ -r "/sys/block/$disk/stat" ] || disk=$(basename "$(dirname "$(readlink -f "/sys/dev/block/$(mountpoint -d /)")")")
  bench_service own "$B/own.pool"
  create_volume image '{"size":"2G"}'
  local image native=$B/native
  image=$(mount_volume image)
  mkdir -p "$native"
  fio_prepare "$image"
  fio_prepare "$native"
  fio_compare "image backend (own disk, automatic pool file)" "$disk" "" "image=$image" "no Moorage=$native"
  bench_stop_service
}
