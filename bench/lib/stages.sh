# shellcheck shell=bash
# Where the time of a backup and a restore goes, by samples of the CPU of a service that runs on a whole JDK, and what one core of this
# machine can do of each stage when it does nothing else.

bench_stages() {
  repository_disk
  repository_data
  stages_jdk
  repository_hosts
  M=$B/stages
  mkdir -p "$M"
  moorage_new stages
  bench_ready
  measure_moorage a "$M/backup" moorage_backup stages one
  measure_moorage b "$M/restore" moorage_restore stages one restored
  "$JDK25/bin/jcmd" "$HOST_A" JFR.dump "filename=$B/a.jfr" >/dev/null
  "$JDK25/bin/jcmd" "$HOST_B" JFR.dump "filename=$B/b.jfr" >/dev/null
  stages_rows backup "$B/a.jfr"
  stages_rows restore "$B/b.jfr"
  stages_limits
  unset MOORAGE_JAVA_OPTIONS
  bench_stop_service
  HOST_A=
}

# The product on a whole JDK, because its own runtime cannot record.
stages_jdk() {
  cp -a "$ROOT/dist" "$B/jdk"
  rm -rf "$B/jdk/runtime" "$B"/jdk/lib/*.aot
  ln -s "$JDK25" "$B/jdk/runtime"
  PATH=$B/jdk/bin:$PATH
  cat >"$B/cpu.jfc" <<'JFC'
<?xml version="1.0" encoding="UTF-8"?>
<configuration version="2.0">
  <event name="jdk.CPUTimeSample">
    <setting name="enabled">true</setting>
    <setting name="throttle">10ms</setting>
    <setting name="stackTrace">true</setting>
  </event>
</configuration>
JFC
  export MOORAGE_JAVA_OPTIONS="-XX:StartFlightRecording=settings=$B/cpu.jfc"
}

stages_rows() { # backup|restore recording
  local stage seconds part
  result "profile of a $1" "$(metered_words "$M/$1")" "" "" ""
  while IFS=$'\t' read -r stage seconds part; do
    [ "$part" = "0 %" ] || result "$1: $stage" "$seconds CPU s" "" "$part" ""
  done < <("$JDK25/bin/java" -cp "$B/classes" dev.moorage.bench.Profile "$2")
}

stages_limits() {
  local stage rate image
  image=$(find "$D/many-a/volumes" -name image -size +500M | head -n 1)
  while IFS=$'\t' read -r stage rate; do
    result "one core alone, $stage" "$rate MB of image a second" "" "" ""
  done < <("$JDK25/bin/java" -cp "$B/classes:$(zstd_jar)" dev.moorage.bench.Stages "$image" "$D/stages.tmp")
}
