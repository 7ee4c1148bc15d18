# shellcheck shell=bash
# The programs that Moorage's remote snapshots are compared with, each as its own manual has it: restic, rustic, borg. They back up the
# files of $PEER_FILES into a store of their own, a directory below $PEER_STORE or, where $PEER_S3 names a bucket's URL, a part of it.

peers_open() { # directory for their caches
  local name
  PEERS=()
  for name in ${PEER_NAMES:-restic rustic borg}; do
    if PEER_PROGRAM[$name]=$("$ROOT/dev.d/peers/$name.sh"); then PEERS+=("$name"); else echo "bench: goes on without $name" >&2; fi
  done
  PEER_CACHE=$1
  export RESTIC_PASSWORD=bench RUSTIC_PASSWORD=bench BORG_PASSPHRASE=bench BORG_RELOCATED_REPO_ACCESS_IS_OK=yes
  export RESTIC_CACHE_DIR=$PEER_CACHE/restic RUSTIC_CACHE_DIR=$PEER_CACHE/rustic BORG_BASE_DIR=$PEER_CACHE/borg
}

declare -A PEER_PROGRAM
# In front of the program that is measured.
METER=()

peer_restic() {
  local place=$PEER_STORE/restic
  [ -z "${PEER_S3:-}" ] || place=s3:$PEER_S3/restic
  "${METER[@]}" "${PEER_PROGRAM[restic]}" -q -r "$place" "$@"
}

peer_rustic() {
  local place=(-r "$PEER_STORE/rustic")
  if [ -n "${PEER_S3:-}" ]; then
    place=(-P "$PEER_CACHE/rustic-s3")
    printf '[repository]\nrepository = "opendal:s3"\n[repository.options]\nendpoint = "%s"\nbucket = "%s"\nregion = "us-east-1"\nroot = "/rustic"\n' \
      "${PEER_S3%/*}" "${PEER_S3##*/}" >"$PEER_CACHE/rustic-s3.toml"
  fi
  "${METER[@]}" "${PEER_PROGRAM[rustic]}" --no-progress --log-level warn "${place[@]}" "$@"
}

# peer_new PEER: an empty repository
peer_new() {
  rm -rf "${PEER_STORE:?}/$1" "${PEER_CACHE:?}/$1"
  mkdir -p "$PEER_STORE" "$PEER_CACHE/$1"
  case $1 in
    restic) peer_restic init ;;
    rustic) peer_rustic init ;;
    borg) "${PEER_PROGRAM[borg]}" init -e repokey "$PEER_STORE/borg" 2>/dev/null ;;
  esac >/dev/null
}

# peer_backup PEER NAME
peer_backup() {
  cd "$PEER_FILES" || return
  case $1 in
    restic) peer_restic backup --host bench . ;;
    rustic) peer_rustic backup --host bench . ;;
    borg) "${METER[@]}" "${PEER_PROGRAM[borg]}" create "$PEER_STORE/borg::$2" . ;;
  esac
}

# peer_restore PEER NAME DIRECTORY
peer_restore() {
  mkdir -p "$3"
  cd "$3" || return
  case $1 in
    restic) peer_restic restore latest --target . ;;
    rustic) peer_rustic restore latest . ;;
    borg) "${METER[@]}" "${PEER_PROGRAM[borg]}" extract "$PEER_STORE/borg::$2" ;;
  esac
}
