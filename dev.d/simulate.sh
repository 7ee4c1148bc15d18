# shellcheck shell=bash
# help: simulate [SCHEDULES] [SEED]    the repository's protocol in simulated schedules, 100,000 unless told otherwise

dev_simulate() {
  local schedules=${1:-100000} seed=${2:-$((RANDOM * 32768 + RANDOM))}
  need_build_tools
  say "simulation: $schedules schedules from seed $seed; a seed whose schedule fails is told with all of it"
  maven -Dtest='SimulationTest#everyScheduleKeepsWhatIsCommittedAndLeavesNothingElse' \
    -Dsurefire.failIfNoSpecifiedTests=false \
    -Dmoorage.simulation.schedules="$schedules" -Dmoorage.simulation.seed="$seed" test
}
