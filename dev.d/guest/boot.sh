#!/usr/bin/env bash
# usage: boot.sh KERNEL_DIRECTORY EXCHANGE_DIRECTORY SECONDS
# Boots a guest machine with another kernel that sees this machine's files, runs EXCHANGE_DIRECTORY/script in it as root, and exits
# with the script's code. The guest can change nothing here but the exchange directory, where it leaves its results. Emulated in
# software, since it must run where there is no other way: one processor, because the Java machine crashes on several.
set -euo pipefail
[ "${4:-}" = unshared ] || exec unshare --mount --propagation private bash "${BASH_SOURCE[0]}" "$1" "$2" "$3" unshared
HERE=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
. "$HERE/../lib/say.sh"

KERNEL=$1
EXCHANGE=$2
SECONDS_MAX=$3
MEMORY_MIB=2048
WORK=$(mktemp -d "$EXCHANGE.XXXXXX")
STARTED=()

# What is mounted goes with our mount namespace. Nothing is removed recursively here, because all files of this machine are mounted
# in that directory.
# shellcheck disable=SC2317 # the trap calls it
clean_up() {
  local pid
  for pid in "${STARTED[@]}"; do
    kill "$pid" 2> /dev/null || true
  done
  wait
  umount -l "$WORK/host" 2> /dev/null || true
  rm -f "$WORK"/*.socket "$WORK"/*.log "$WORK/disk"
  # Where virtiofsd notes its process, it leaves the note.
  rm -f "/run/virtiofsd/${WORK//\//.}".*.pid
  rmdir "$WORK/host" "$WORK" || true
}
trap clean_up EXIT
trap 'exit 143' TERM INT

find_virtiofsd() {
  local program
  for program in /usr/libexec/virtiofsd /usr/lib/qemu/virtiofsd; do
    [ ! -x $program ] || { echo $program && return; }
  done
  die "there is no virtiofsd"
}

# share NAME DIRECTORY CACHE: serves the directory to the guest, which may keep what it saw for ever, or not.
share() {
  "$VIRTIOFSD" --socket-path="$WORK/$1.socket" -o "source=$2,sandbox=chroot,cache=$3" > "$WORK/$1.log" 2>&1 &
  STARTED+=($!)
  local _
  for _ in $(seq 1 100); do
    [ ! -S "$WORK/$1.socket" ] || return 0
    kill -0 "${STARTED[-1]}" 2> /dev/null || break
    sleep 0.05
  done
  die "virtiofsd does not serve $2: $(tail -n 3 "$WORK/$1.log")"
}

device() { echo -chardev "socket,id=$1,path=$WORK/$1.socket" -device "vhost-user-fs-pci,chardev=$1,tag=$1"; }

VIRTIOFSD=$(find_virtiofsd)
mkdir "$WORK/host"
mount --rbind / "$WORK/host"
mount -o remount,bind,ro "$WORK/host"
share host "$WORK/host" always
share exchange "$EXCHANGE" auto
truncate -s 16G "$WORK/disk"
cp "$HERE/inside.sh" "$EXCHANGE/inside.sh"
echo "$KERNEL/modules" > "$EXCHANGE/modules"

# shellcheck disable=SC2046 # several words each
timeout --kill-after=5 "$SECONDS_MAX" qemu-system-x86_64 -accel tcg,thread=multi -machine q35,memory-backend=mem -cpu max -smp 1 \
  -m "$MEMORY_MIB" -object "memory-backend-memfd,id=mem,size=${MEMORY_MIB}M,share=on" \
  $(device host) $(device exchange) \
  -drive "file=$WORK/disk,format=raw,if=virtio,cache=unsafe,discard=unmap" -nic none \
  -kernel "$KERNEL/vmlinuz" -initrd "$KERNEL/initramfs" -append "console=ttyS0 quiet panic=-1 rdinit=/init" \
  -display none -nodefaults -serial stdio -monitor none -no-reboot < /dev/null &
STARTED+=($!)
code=0
wait $! || code=$?
[ $code -ne 124 ] || die "the guest did not end within $SECONDS_MAX s"
[ -e "$EXCHANGE/code" ] || die "the guest ended (qemu: $code) without saying how its script did"
exit "$(cat "$EXCHANGE/code")"
