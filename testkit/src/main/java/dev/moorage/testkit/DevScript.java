package dev.moorage.testkit;

import dev.moorage.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The scripts of dev.d that fetch what tests need, once, and say where it is. */
public final class DevScript {

  // Servers that are built from source take longest, once.
  private static final Duration DOWNLOAD_DEADLINE = Duration.ofMinutes(30);

  private DevScript() {}

  /** Runs a script of dev.d; the last line that it prints. */
  public static String run(String name, String... arguments) throws IOException {
    String[] argv = new String[arguments.length + 1];
    argv[0] = repository().resolve("dev.d").resolve(name).toString();
    System.arraycopy(arguments, 0, argv, 1, arguments.length);
    return Command.of(argv).within(DOWNLOAD_DEADLINE).run().lines().reduce("", (first, last) -> last).strip();
  }

  /** The root of the repository: tests run in the directory of a module. */
  public static Path repository() throws IOException {
    for (Path each = Path.of("").toAbsolutePath(); each != null; each = each.getParent()) {
      if (Files.exists(each.resolve("dev.d"))) {
        return each;
      }
    }
    throw new IOException("this test must run inside the repository, not in " + Path.of("").toAbsolutePath());
  }
}
