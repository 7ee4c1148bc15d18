# shellcheck shell=bash
# help: bench [SECTION…]               measure against the same machine without us; writes bench/RESULTS.md

dev_bench() {
  need_root "./dev bench"
  need_test_tools
  need_engine_tools
  need_files /usr/bin/time:time
  dev_build > /dev/null
  "$ROOT/bench/run" "$@"
}
