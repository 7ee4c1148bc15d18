# shellcheck shell=bash
# help: test                           build, then every test: units, contracts on real disks, another kernel, real engines, a real Kubernetes
# help: test TIER                      one of the tiers unit, contract, engine, cluster
# help: test guest [CLASS]             the tier that runs in a guest machine with another kernel, or one class of it
# help: test NAME                      one test class or method of any other tier (Class or Class#method)

# The tiers by tag: what a plain machine can run, what needs root and loop devices, what needs privileges and parts of the kernel
# that this machine may not have, what needs a Docker Engine, what needs a Kubernetes. Tests tagged "soak" are no part of this.
dev_test() {
  local what=${1:-all} started=$SECONDS
  need_build_tools
  TEST_DIRECTORY=$(mktemp -d /tmp/mt.XXXXXX)
  TEST_FAILED=()
  TEST_SUMMARY=()
  trap 'rm -rf --one-file-system "$TEST_DIRECTORY"' EXIT
  case $what in
    all) all_tiers ;;
    unit) unit_tier ;;
    contract) contract_tier ;;
    guest) guest_tier "${2:-}" ;;
    engine) engine_tier ;;
    cluster) cluster_tier ;;
    *) named_test "$what" ;;
  esac
  say "summary, after $((SECONDS - started)) s"
  printf '   %s\n' "${TEST_SUMMARY[@]}"
  [ ${#TEST_FAILED[@]} -eq 0 ] || die "FAILED: ${TEST_FAILED[*]}"
  say "all is well"
}

all_tiers() {
  need_root "./dev test"
  need_test_tools
  ! can_have_guest || need_guest_tools
  need_engine_tools
  need_cluster_tools
  step build dev_build
  [ ${#TEST_FAILED[@]} -eq 0 ] || return 0
  unit_tier
  contract_tier
  # The tiers before have compiled what it runs.
  if can_have_guest; then TEST_COMPILED=yes guest_tier; else TEST_SUMMARY+=("guest      NOT RUN: it needs an x86_64 machine"); fi
  engine_tier
  cluster_tier
}

unit_tier() { tier unit maven_tests -Dtest.excludedGroups=root,engine,cluster,guest,soak; }

contract_tier() {
  need_root "the contract tier"
  need_test_tools
  tier contract maven_alone maven_tests -Dtest.groups=root -Dtest.excludedGroups=engine,cluster,guest,soak
}

can_have_guest() { [ "$(uname -m)" = x86_64 ]; }

# guest_tier [CLASS]
guest_tier() {
  need_root "the guest tier"
  can_have_guest || die "the guest tier knows the machine x86_64 only, and this is $(uname -m)"
  need_test_tools
  need_guest_tools
  tier guest guest_tests "${1:-}"
}

engine_tier() {
  need_root "the engine tier"
  need_test_tools
  need_engine_tools
  [ -x "$ROOT/dist/bin/moorage" ] || step build dev_build
  step image image_and_plugin
  tier engine maven_tests -Dtest.groups=engine -Dtest.excludedGroups=cluster,soak
}

# Kubernetes is built at first, once, so that no test waits for it. There is one cluster for all tests; those that only use it run
# beside each other, for they wait more than they work.
cluster_tier() {
  need_root "the cluster tier"
  need_test_tools
  need_engine_tools
  need_cluster_tools
  step kubernetes "$ROOT/dev.d/cluster/images.sh"
  [ -x "$ROOT/dist/bin/moorage" ] || step build dev_build
  step image image_only
  local parallel=-Djunit.jupiter.execution.parallel
  tier cluster maven_tests -pl driver-csi,e2e -am -Dtest.groups=cluster -Dtest.excludedGroups=soak $parallel.enabled=true \
    $parallel.config.strategy=fixed $parallel.config.fixed.parallelism=4
}

image_only() {
  need_image_tools
  make_image
}

image_and_plugin() {
  need_image_tools
  make_image
  make_plugin
}

named_test() {
  need_test_tools
  tier "$1" maven_tests "-Dtest=$1" -Dsurefire.failIfNoSpecifiedTests=false -Dtest.excludedGroups=guest
}

# tier NAME COMMAND…: runs tests, counts them, and looks whether they left anything behind.
tier() {
  local name=$1 log=$TEST_DIRECTORY/tests.log
  shift
  step "$name" with_log "$log" "$@"
  local count
  count=$(tests_run "$log")
  TEST_SUMMARY[-1]+=", $count tests"
  [ "$count" -gt 0 ] || { warn "no test ran in $name" && TEST_FAILED+=("$name: no test ran"); }
  leak_check || TEST_FAILED+=("$name: something was left behind")
}

with_log() {
  local log=$1
  shift
  "$@" 2>&1 | tee "$log"
}

# maven_tests MAVEN_ARGUMENT…
maven_tests() { maven -fae "-Dtest.tmpdir=$TEST_DIRECTORY" "$@" test; }

# The closing line of each module has no time in it; the sum of their first numbers is what ran.
tests_run() {
  sed -n '/Time elapsed/!s/^\[[A-Z]*\] *Tests run: \([0-9]*\),.*/\1/p' "$1" | awk '{ sum += $1 } END { print sum + 0 }'
}

# step NAME COMMAND…: runs it, says how long it took, and remembers when it fails.
step() {
  local name=$1 started=$SECONDS result=ok
  shift
  say "$name"
  # A subshell, so that a failing command ends the step and not the whole run.
  (
    trap - EXIT
    set -e
    "$@"
  ) &
  wait $! || { result=FAILED && TEST_FAILED+=("$name"); }
  TEST_SUMMARY+=("$(printf '%-10s %-7s %4d s' "$name" "$result" $((SECONDS - started)))")
  say "$name: $result in $((SECONDS - started)) s"
}
