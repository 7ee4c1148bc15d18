# shellcheck shell=bash
# What Docker's users wait for: create and run, against Docker's own `local` driver, in turns.

create_pair() { # driver n
  docker volume create -d "$1" "create-$1-$2"
}

run_pair() { # driver n
  docker run --rm --network none -v "run-$1-$2:/data" --volume-driver "$1" bench/busybox true
}

# Create and mount alone: the path is not in the image, so dockerd has nothing to copy, and the end is not timed.
mount_pair() { # driver n
  docker create --name "mount-$1-$2" --network none -v "mount-$1-$2:/fresh" --volume-driver "$1" bench/busybox sleep 60 >/dev/null
  docker start "mount-$1-$2"
}

mount_end() { # driver n
  docker rm -f "mount-$1-$2" >/dev/null
  docker volume rm "mount-$1-$2" >/dev/null
}

bench_docker() {
  local n=20 i driver=bench
  bench_service "$driver" "$B/docker.pool"
  bench_engine
  docker volume create -d "$driver" warm >/dev/null
  docker volume create -d local warm-local >/dev/null
  docker run --rm --network none -v warm:/data bench/busybox true
  local ours=() theirs=() mount_ours=() mount_theirs=() run_ours=() run_theirs=()
  for i in $(seq 1 $n); do
    theirs+=("$(timed create_pair local "$i")")
    ours+=("$(timed create_pair "$driver" "$i")")
    mount_theirs+=("$(timed mount_pair local "$i")")
    mount_end local "$i"
    mount_ours+=("$(timed mount_pair "$driver" "$i")")
    mount_end "$driver" "$i"
    run_theirs+=("$(timed run_pair local "$i")")
    run_ours+=("$(timed run_pair "$driver" "$i")")
  done
  docker_pair "docker volume create" "$(printf '%s\n' "${ours[@]}" | median)" "$(printf '%s\n' "${theirs[@]}" | median)" "≤ 20 ms more"
  docker_pair "docker create and start of a container with a new volume (create + mount)" \
    "$(printf '%s\n' "${mount_ours[@]}" | median)" "$(printf '%s\n' "${mount_theirs[@]}" | median)" "≤ 20 ms more"
  docker_pair "docker run --rm with a new volume, copied into from the image (create, 2 mounts, 2 unmounts)" \
    "$(printf '%s\n' "${run_ours[@]}" | median)" "$(printf '%s\n' "${run_theirs[@]}" | median)" ""
  bench_stop_service
}

docker_pair() { # what ours theirs budget
  result "$1" "$(awk -v v="$2" 'BEGIN {printf "%.1f ms", v / 1000}')" "\`local\` driver: $(awk -v v="$3" 'BEGIN {printf "%.1f ms", v / 1000}')" \
    "$(awk -v a="$2" -v b="$3" 'BEGIN {printf "%+.1f ms", (a - b) / 1000}')" "$4"
}
