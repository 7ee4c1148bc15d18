# shellcheck shell=bash
# Looks for what tests left behind. All of them work below one directory, so whatever names it is theirs; other loop
# devices, mounts and containers of this machine are none of our business.

# leak_check: prints every leak below $TEST_DIRECTORY and fails when there is one. The kernel lets go of loop devices and
# mounts a moment after their last user ended, so it looks again for some seconds.
leak_check() {
  local tries leaks=
  for tries in 1 2 3 4 5 6 7 8 9 10; do
    leaks=$(leaks)
    [ -n "$leaks" ] || return 0
    [ "$tries" -eq 10 ] || sleep 1
  done
  warn "left behind:"
  printf '%s\n' "$leaks" >&2
  return 1
}

leaks() {
  local backing pid
  for backing in /sys/block/loop*/loop/backing_file; do
    grep -sqF "$TEST_DIRECTORY/" "$backing" && echo "loop device: $backing: $(cat "$backing")"
  done
  grep -sF "$TEST_DIRECTORY/" /proc/self/mountinfo | sed 's/^/mount: /'
  for pid in $(cd /proc && echo [0-9]*); do
    is_left_process "$pid" && echo "process: $pid: $(arguments "$pid" | tr '\n' ' ' | cut -c 1-200)"
  done
  find "$TEST_DIRECTORY" -mindepth 1 -maxdepth 1 ! -name tests.log ! -name hsperfdata_\* ! -name surefire\* \
    | sed 's/^/file: /'
}

# A process of ours names the test directory as a program argument. Maven and this script, which do so as well, are
# ancestors or have ended.
is_left_process() {
  [ "$1" -ne $$ ] && [ "$1" -ne "$BASHPID" ] && arguments "$1" | grep -qF "$TEST_DIRECTORY/"
}

arguments() { { tr '\0' '\n' < "/proc/$1/cmdline"; } 2> /dev/null; }
