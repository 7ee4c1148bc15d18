# shellcheck shell=bash
# Installs what is missing, by apt, and only then asks the package lists to be brought up to date.

APT_LISTS_ARE_FRESH=

# need_commands COMMAND:PACKAGE… installs the packages whose command is not there.
need_commands() {
  local pair missing=()
  for pair in "$@"; do
    command -v "${pair%%:*}" > /dev/null || missing+=("${pair#*:}")
  done
  [ ${#missing[@]} -eq 0 ] || install_packages "${missing[@]}"
  for pair in "$@"; do
    command -v "${pair%%:*}" > /dev/null || die "${pair%%:*} is missing and package ${pair#*:} did not bring it"
  done
}

# need_files FILE:PACKAGE… does the same for packages that bring no command.
need_files() {
  local pair
  for pair in "$@"; do
    [ -e "${pair%%:*}" ] || install_packages "${pair#*:}"
  done
}

install_packages() {
  command -v apt-get > /dev/null \
    || die "missing: $*. This system has no apt; install what it calls these Debian packages, then run me again"
  is_root || die "missing: $*. Run: sudo apt-get install --no-install-recommends $*"
  say "installing $*"
  refresh_apt_lists
  # Nothing is started by an installation: engines are started by those who want one.
  local policy=/usr/sbin/policy-rc.d made=
  if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' > $policy
    chmod 755 $policy
    made=yes
  fi
  local rc=0
  DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" > /dev/null || rc=$?
  [ -z "$made" ] || rm -f $policy
  [ $rc -eq 0 ] || die "apt-get could not install: $*"
}

refresh_apt_lists() {
  [ -z "$APT_LISTS_ARE_FRESH" ] || return 0
  apt-get update -qq || die "apt-get update failed: check the network and /etc/apt/sources.list"
  APT_LISTS_ARE_FRESH=yes
}

need_build_tools() {
  need_jdk
  need_commands mvn:maven
}

need_test_tools() {
  need_commands mkfs.xfs:xfsprogs mkfs.btrfs:btrfs-progs mkfs.ext4:e2fsprogs losetup:mount nsenter:util-linux \
    curl:curl jq:jq socat:socat
}

need_engine_tools() {
  need_commands dockerd:docker.io docker:docker.io containerd:containerd runc:runc mmdebstrap:mmdebstrap fio:fio \
    ip:iproute2
  need_files /bin/busybox:busybox-static
}

need_cluster_tools() {
  need_commands containerd:containerd runc:runc ip:iproute2 openssl:openssl mmdebstrap:mmdebstrap
  need_files /bin/busybox:busybox-static /usr/lib/cni/bridge:containernetworking-plugins
}

need_guest_tools() {
  need_commands qemu-system-x86_64:qemu-system-x86 depmod:kmod cpio:cpio xz:xz-utils dmsetup:dmsetup setpriv:util-linux
  need_files /bin/busybox:busybox-static
  # Part of QEMU's own packages once, a package of its own later.
  [ -x /usr/lib/qemu/virtiofsd ] || need_files /usr/libexec/virtiofsd:virtiofsd
}
