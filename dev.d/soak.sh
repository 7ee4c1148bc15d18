# shellcheck shell=bash
# help: soak [RUNS] [SEED]             kills and power cuts at random moments, 1,000 runs unless told otherwise

dev_soak() {
  local runs=${1:-1000} seed=${2:-$((RANDOM * 32768 + RANDOM))}
  need_root "./dev soak"
  need_build_tools
  need_test_tools
  say "soak: $runs random histories, each killed at a random moment, from seed $seed; then $((runs / 5)) power cuts"
  maven_alone maven -Dtest='CrashTest#killsAtRandomMomentsOfRandomHistoriesLoseAndLeakNothing+laterPasses*,PowerCutTest' \
    -Dsurefire.failIfNoSpecifiedTests=false -Dtest.excludedGroups= \
    -Dmoorage.soak.runs="$runs" -Dmoorage.soak.seed="$seed" -Dmoorage.soak.cuts=$((runs / 5)) test
}
