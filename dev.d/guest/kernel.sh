#!/usr/bin/env bash
# usage: kernel.sh
# Unpacks Debian's own kernel for cloud machines beside the running one, without touching the system, and prints the directory:
# vmlinuz, initramfs and modules lie in it. Downloaded once, then cached.
set -euo pipefail
HERE=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
. "$HERE/../lib/say.sh"
. "$HERE/../lib/packages.sh"
. "$HERE/../lib/mirror.sh"

# The first that this machine's release has. They only name the package of the newest build.
METAPACKAGES=(linux-image-6.12-cloud-amd64 linux-image-cloud-amd64)

# Prints nothing when apt knows none of them.
newest_package() {
  local metapackage package
  for metapackage in "${METAPACKAGES[@]}"; do
    package=$( (apt-cache depends "$metapackage" 2> /dev/null || true) | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)$/\1/p')
    [ -z "$package" ] || { echo "$package" && return; }
  done
}

# An initramfs that only finds this machine's files: the rest of the system is theirs.
make_initramfs() {
  local root=$1 target=$2 module
  mkdir -p "$root/bin"
  cp /bin/busybox "$root/bin/busybox"
  install -m 755 "$HERE/init" "$root/init"
  for module in overlay virtio_blk; do
    find "$target/modules" -name "$module.ko*" -exec cp {} "$root/" \;
  done
  ! compgen -G "$root/*.xz" > /dev/null || xz -d "$root"/*.xz
  [[ -e $root/overlay.ko && -e $root/virtio_blk.ko ]] || die "the kernel package has no modules overlay and virtio_blk"
  (cd "$root" && find . | cpio --quiet -o -H newc) > "$target/initramfs"
}

make_kernel() {
  local package=$1 work=$2 version=${1#linux-image-}
  (cd "$work" && apt-get -qq -o APT::Sandbox::User=root download "$package")
  dpkg -x "$work"/*.deb "$work/unpacked"
  depmod -b "$work/unpacked" "$version"
  mkdir "$work/kernel"
  mv "$work/unpacked/boot/vmlinuz-$version" "$work/kernel/vmlinuz"
  mv "$work/unpacked/lib/modules/$version" "$work/kernel/modules"
  make_initramfs "$work/initramfs" "$work/kernel"
}

main() {
  local package stamp target work
  package=$(newest_package)
  [ -n "$package" ] || { refresh_apt_lists && package=$(newest_package); }
  [ -n "$package" ] || die "apt knows none of these packages, one of which the guest's kernel comes from: ${METAPACKAGES[*]}"
  stamp=$(sha256sum "$HERE/init" "$HERE/kernel.sh" | sha256sum | cut -c 1-12)
  target=$(cache_directory)/kernels/$package-$stamp
  if [ ! -d "$target" ]; then
    mkdir -p "$(dirname "$target")"
    work=$(mktemp -d "$target.XXXXXX")
    # shellcheck disable=SC2064 # now, while it is known
    trap "rm -rf '$work'" EXIT
    make_kernel "$package" "$work" >&2
    # Another run may have been quicker: then its result stands.
    mv -T "$work/kernel" "$target" 2> /dev/null || [ -d "$target" ]
  fi
  echo "$target"
}

main
