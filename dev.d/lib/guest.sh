# shellcheck shell=bash
# The tests that need privileges or parts of the kernel which this machine may not have. They are compiled here, and run in a guest
# machine with Debian's own kernel that sees the compiled classes, the JDK and all programs of this machine.

GUEST_SECONDS_MAX=${GUEST_SECONDS_MAX:-600}

# guest_tests [CLASS]: in a subshell, whose end takes the exchange folder away.
guest_tests() (
  EXCHANGE=$TEST_DIRECTORY/exchange
  mkdir "$EXCHANGE"
  trap 'rm -rf "$EXCHANGE"' EXIT
  [ -n "${TEST_COMPILED:-}" ] || maven -q -pl testkit -am process-test-classes
  kernel=$("$ROOT/dev.d/guest/kernel.sh")
  guest_script "${1:-}" > "$EXCHANGE/script"
  # The console ends its lines as a terminal does.
  "$ROOT/dev.d/guest/boot.sh" "$kernel" "$EXCHANGE" "$GUEST_SECONDS_MAX" | sed -u 's|\r$||'
)

# Only the first compiler of the Java machine: the second one takes an emulated processor longer than it saves.
guest_script() {
  local tests=$ROOT/common/target/test-classes:$ROOT/testkit/target/test-classes class_path
  class_path=$tests:$ROOT/common/target/classes:$ROOT/testkit/target/classes:$(cat "$ROOT/testkit/target/test-class-path")
  printf '%q ' "$JDK25/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto -Djava.io.tmpdir=/run/disk/tmp \
    --enable-native-access=ALL-UNNAMED --illegal-native-access=deny -cp "$class_path" \
    dev.moorage.testkit.guest.GuestTests ".*${1:+\\b$1}.*" "${tests%%:*}" "${tests##*:}"
  echo
}
