#!/usr/bin/env bash
# usage: collect.sh TARGET
# Runs inside a Debian root that has the packages (a chroot, or a stage of the Dockerfile) and makes below TARGET the part of the
# image that is Debian's: programs, the libraries that they load, who made them under which licence, and a few files of /etc.
set -euo pipefail
HERE=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
. "$HERE/packages.sh"
TARGET=$1
PACKAGES_FOUND=()

# The package that a file came with; dpkg may know it by its path from before /bin and /lib became links.
package_of() {
  local found
  found=$(dpkg -S "$1" 2> /dev/null || dpkg -S "${1#/usr}" 2> /dev/null) || { echo "collect.sh: $1 is of no package" >&2 && return 1; }
  found=${found%%:*}
  echo "${found%%,*}"
}

# take FILE: by its own name, as what it is a link to.
take() {
  local name=$1 real
  real=$(readlink -f "$1")
  [ -e "$real" ] || { echo "collect.sh: there is no $1" >&2 && return 1; }
  [ -e "$TARGET/$name" ] || install -D -m 755 "$real" "$TARGET/$name"
  PACKAGES_FOUND+=("$(package_of "$real")")
}

libraries_of() { ldd "$1" | sed -n 's|^.* => \(/[^ ]*\) .*|\1|p; s|^[[:space:]]*\(/[^ ]*\) (.*|\1|p'; }

# usr/lib/… of a library, however its path was told: /lib is a link to /usr/lib.
take_library() { take "/usr${1#/usr}"; }

copy_programs() {
  local program library libc
  for program in "${IMAGE_PROGRAMS[@]}"; do
    take "/$program"
    # No process substitution in this file: a chroot has no /dev/fd.
    for library in $(libraries_of "/$program"); do
      take_library "$library"
    done
  done
  libc=$(libraries_of /usr/bin/readlink | grep '/libc\.so')
  for library in "${IMAGE_LIBRARIES[@]}"; do
    take_library "$(dirname "$libc")/$library"
  done
}

# As distroless images do it: scanners look there, and the licences ask for it.
copy_records() {
  local package
  mkdir -p "$TARGET/var/lib/dpkg/status.d"
  for package in $(printf '%s\n' "${PACKAGES_FOUND[@]}" | sort -u); do
    dpkg-query -s "$package" > "$TARGET/var/lib/dpkg/status.d/$package"
    install -D -m 644 "/usr/share/doc/$package/copyright" "$TARGET/usr/share/doc/$package/copyright"
  done
}

make_etc() {
  mkdir -p "$TARGET"/{etc/moorage/{keys,tls},proc,sys,dev,run,tmp,var/lib/moorage}
  chmod 1777 "$TARGET/tmp"
  install -m 644 /usr/lib/os-release "$TARGET/etc/os-release"
  [ ! -e /etc/mke2fs.conf ] || install -m 644 /etc/mke2fs.conf "$TARGET/etc/mke2fs.conf"
  printf 'root:x:0:0:root:/:/usr/bin/sh\nmoorage:x:65532:65532:moorage:/:/usr/bin/sh\n' > "$TARGET/etc/passwd"
  printf 'root:x:0:\nmoorage:x:65532:\n' > "$TARGET/etc/group"
  printf 'hosts: files dns\n' > "$TARGET/etc/nsswitch.conf"
}

mkdir -p "$TARGET"/usr/{bin,sbin,lib,lib64}
for directory in bin sbin lib lib64; do
  ln -s "usr/$directory" "$TARGET/$directory"
done
copy_programs
copy_records
make_etc
ln -s /opt/moorage/bin/moorage "$TARGET/usr/bin/moorage"
