# shellcheck shell=bash
# Time, CPU seconds, memory and stored bytes of one step of a backup program, from cold caches until what it wrote is on the disk.

# measure OUT COMMAND…: appends "seconds cpu-seconds peak-KiB seconds-until-its-end" to the file OUT. The command runs its program
# behind "${METER[@]}"; what $SERVICE does meanwhile counts, when METER_SERVICE is set.
measure() {
  local out=$1 begun ended served=0
  shift
  sync
  echo 3 >/proc/sys/vm/drop_caches
  METER=(/usr/bin/time -o "$B/meter" -f '%U %S %M')
  if [ -n "${METER_SERVICE:-}" ]; then
    served=$(service_ticks)
    echo 5 >"/proc/$SERVICE/clear_refs"
  fi
  begun=$(now_us)
  ("$@" >>"$B/measured.log" 2>&1) || { tail -n 20 "$B/measured.log" >&2; echo "bench: failed: $*" >&2; return 1; }
  ended=$(now_us)
  sync -f "$METER_DISK"
  local whole=$(($(now_us) - begun)) peak=0
  METER=()
  if [ -n "${METER_SERVICE:-}" ]; then
    served=$(($(service_ticks) - served))
    peak=$(awk '/^VmHWM/ {print $2}' "/proc/$SERVICE/status")
  fi
  awk -v whole=$whole -v end=$((ended - begun)) -v served="$served" -v peak="$peak" 'END {
    printf "%.2f %.2f %d %.2f\n", whole / 1e6, $1 + $2 + served / 100, ($3 > peak) ? $3 : peak, end / 1e6}' "$B/meter" >>"$out"
}

# CPU time of the service and of what it started and waited for, in hundredths of a second.
service_ticks() { sed 's/.*) //' "/proc/$SERVICE/stat" | awk '{print $12 + $13 + $14 + $15}'; }

# The median of a column of a file of measure.
metered() { cut -d' ' -f"$2" "$1" | median; }

# seconds, CPU seconds and MiB in words
metered_words() {
  awk -v s="$(metered "$1" 1)" -v c="$(metered "$1" 2)" -v m="$(metered "$1" 3)" 'BEGIN {printf "%.2f s, %.1f CPU s, %d MiB", s, c, m / 1024}'
}

bytes_below() { { find "$@" -type f -printf "%s\n" 2>/dev/null || true; } | awk '{n += $1} END {printf "%.0f\n", n}'; }
