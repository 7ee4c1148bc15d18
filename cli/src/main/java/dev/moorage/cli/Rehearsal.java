package dev.moorage.cli;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarFile;

/**
 * Does in one process what many commands do in one each. The first word is for the launcher, each other one is a command line. The build
 * lets it run while the Java machine notes what commands load, so that it is ready for them at their start. What they answer is no matter.
 */
final class Rehearsal {

  /** What a command may load that asks the service; what repositories and the service load would only make the notes longer. */
  private static final List<String> PACKAGES = List.of("dev/moorage/cli/", "dev/moorage/client/");

  private Rehearsal() {}

  public static void main(String[] lines) throws IOException, ClassNotFoundException {
    Terminal terminal = new Terminal(System.out, System.err, false, System.in, false);
    for (String line : List.of(lines).subList(1, lines.length)) {
      new Invocation(terminal, System.getenv(), Clock.systemUTC()).run(line.split(" "));
    }
    try (JarFile jar = new JarFile(ownJar())) {
      for (String name : jar.stream().map(Object::toString).filter(Rehearsal::isOfCommands).toList()) {
        Class.forName(name.replace('/', '.').substring(0, name.lastIndexOf('.')), false, Rehearsal.class.getClassLoader());
      }
    }
  }

  private static boolean isOfCommands(String entry) {
    return entry.endsWith(".class") && !entry.contains("Repository") && !entry.endsWith("package-info.class")
        && PACKAGES.stream().anyMatch(entry::startsWith);
  }

  private static String ownJar() {
    return Objects.requireNonNull(Rehearsal.class.getProtectionDomain().getCodeSource()).getLocation().getPath();
  }
}
