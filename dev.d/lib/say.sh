# shellcheck shell=bash
# What the verbs say, and how they end.

say() { printf '== %s\n' "$*"; }

warn() { printf 'warning: %s\n' "$*" >&2; }

die() {
  printf './dev: %s\n' "$*" >&2
  exit 1
}

is_root() { [ "$(id -u)" -eq 0 ]; }

# need_root WHAT: ends with a sentence unless we are root.
need_root() {
  is_root || die "$1 needs root (loop devices, mounts, Docker Engine). Run: sudo -E ./dev …"
}
