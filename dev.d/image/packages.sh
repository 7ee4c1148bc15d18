# shellcheck shell=bash
# What of Debian is in the image, and nothing else: the programs that calls of the product run, and a shell for its launcher.

# The packages that a minimal Debian lacks.
# shellcheck disable=SC2034 # used by those who source this
IMAGE_PACKAGES=(e2fsprogs xfsprogs)

# shellcheck disable=SC2034
IMAGE_PROGRAMS=(
  usr/bin/sh usr/bin/readlink
  usr/sbin/mkfs.ext4 usr/sbin/resize2fs usr/sbin/e2fsck usr/sbin/debugfs
  usr/sbin/mkfs.xfs usr/sbin/xfs_growfs usr/sbin/xfs_repair
)

# What the Java runtime and the native part of zstd are linked with; those of the programs are found by asking the loader.
# shellcheck disable=SC2034
IMAGE_LIBRARIES=(libc.so.6 libm.so.6 libdl.so.2 libpthread.so.0 librt.so.1 libresolv.so.2)
