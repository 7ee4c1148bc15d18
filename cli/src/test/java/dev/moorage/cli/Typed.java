package dev.moorage.cli;

import dev.moorage.serve.RunningService;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;

/** A command line that was typed, and what came of it. */
record Typed(int code, String out, String err) {

  /** Runs it in this process. */
  static Typed with(Map<String, String> environment, String... arguments) {
    return with(environment, "", arguments);
  }

  private static Typed with(Map<String, String> environment, String piped, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal = new Terminal(new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8),
        false, new ByteArrayInputStream(piped.getBytes(StandardCharsets.UTF_8)), false);
    int code = new Invocation(terminal, environment, Clock.systemUTC()).run(arguments);
    return new Typed(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Types a line, whose words are parted by single spaces, at a running service. */
  static Typed at(RunningService service, String line) {
    return with(Map.of("MOORAGE_ADMIN_SOCKET", service.adminSocket().toString()), line.split(" "));
  }

  /** As {@link #at}, with something piped into the command. */
  static Typed piped(RunningService service, String piped, String line) {
    return with(Map.of("MOORAGE_ADMIN_SOCKET", service.adminSocket().toString()), piped, line.split(" "));
  }

  /** Types a line where no service runs. */
  static Typed line(String line) {
    return with(Map.of("MOORAGE_ADMIN_SOCKET", "/nowhere/admin.sock"), line.isEmpty() ? new String[0] : line.split(" "));
  }
}
