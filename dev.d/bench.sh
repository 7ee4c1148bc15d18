# shellcheck shell=bash
# help: bench [SECTION…]               measure against the same machine without us; writes bench/RESULTS.md

dev_bench() {
  need_root "./dev bench"
  need_test_tools
  need_engine_tools
  need_files /usr/bin/time:time
  case " $* " in *' csi '*) need_commands openssl:openssl ;; esac
  case " $* " in
    *' cluster '*) need_cluster_tools && dev_image > /dev/null ;;
    *) dev_build > /dev/null ;;
  esac
  "$ROOT/bench/run" "$@"
}
