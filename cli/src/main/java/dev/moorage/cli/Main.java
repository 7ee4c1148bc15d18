package dev.moorage.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/** Where the {@code moorage} command begins. */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    // In UTF-8 whatever the locale says: services often have none.
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    Terminal terminal = new Terminal(out, err, isTerminal());
    int code = new Invocation(terminal, System.getenv(), Clock.systemUTC()).run(args);
    out.flush();
    System.exit(code);
  }

  /** Whether somebody reads the error output as it comes. Asked of /proc, because java.io.Console loads much more. */
  private static boolean isTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException noProc) {
      return false;
    }
  }
}
