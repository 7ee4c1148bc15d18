# shellcheck shell=bash
# What the command feels like: `moorage volume ls` with three volumes.

bench_command() {
  local times=() _
  start_once command "$B/command.pool"
  export MOORAGE_ADMIN_SOCKET=$B/command.admin
  for _ in a b c; do moorage volume create --backend directory "$_" >/dev/null; done
  for _ in $(seq 1 25); do times+=("$(timed moorage volume ls)"); done
  result "\`moorage volume ls\`" "$(($(printf '%s\n' "${times[@]}" | median) / 1000)) ms" "" "" "< 400 ms"
  bench_stop_service
}
