# shellcheck shell=bash
# The guest's process 1 once it stands on this machine's files: runs /run/exchange/script with a disk of its own at /run/disk, leaves
# the script's exit code in the exchange folder, and switches the machine off.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8

prepare() {
  set -e
  mkdir -p /run/lock /run/disk /run/modules
  mkdir -p /usr/lib/modules
  ln -sfn "$(cat /run/exchange/modules)" "/usr/lib/modules/$(uname -r)"
  # Where programs of the kernel's own accord look for them, too.
  [ -e /lib/modules ] || ln -s /usr/lib/modules /lib/modules
  ip link set lo up 2> /dev/null || true
  modprobe -a xfs loop
  mkfs.xfs -q -f -m reflink=1 /dev/vda
  mount /dev/vda /run/disk
  mkdir -m 1777 /run/disk/tmp
  export TMPDIR=/run/disk/tmp
}

(prepare && exec bash /run/exchange/script)
echo $? > /run/exchange/code.new
mv /run/exchange/code.new /run/exchange/code
busybox poweroff -f
