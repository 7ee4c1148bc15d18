package dev.moorage.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
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
    StandardOutput output = new StandardOutput(new FileOutputStream(FileDescriptor.out));
    PrintStream out = new PrintStream(output, true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    boolean interactive = isTerminal(2);
    Terminal terminal = new Terminal(out, err, interactive, System.in, interactive && isTerminal(0));
    int code = new Invocation(terminal, System.getenv(), Clock.systemUTC()).run(args);
    out.flush();
    System.exit(code == ExitCode.OK && output.failure().isPresent() ? unwritten(output.failure().get(), err) : code);
  }

  /** A script that reads half an answer must not take it for a whole one. A reader that went away had enough, and is told nothing. */
  private static int unwritten(IOException failure, PrintStream err) {
    String reason = String.valueOf(failure.getMessage());
    if (!reason.contains("Broken pipe")) {
      err.println("moorage: it is done, but the result could not be written: " + reason);
    }
    return ExitCode.FAILED;
  }

  /** Whether a person is at the other end: of 0 to type, of 2 to read. Asked of /proc, because java.io.Console loads much more. */
  private static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException noProc) {
      return false;
    }
  }
}
