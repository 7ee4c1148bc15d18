package dev.moorage.e2e;

import dev.moorage.process.Command;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A mount namespace and a process namespace of our own (for a host also a name and a network), with a fresh /run (hence sockets at
 * their default paths) and everything else as on the host. Mounts made inside do not reach the host. When it is closed, or when this
 * process dies, the kernel ends every process inside and with them the mounts: its first process waits for the end of a pipe that we
 * hold. Safe for use by several threads.
 */
public final class PrivateNamespace implements AutoCloseable {

  private static final Duration DEADLINE = Duration.ofMinutes(3);
  private static final String FIRST_PROCESS = """
      mount -t tmpfs -o mode=755 tmpfs /run
      mkdir -p /run/lock
      echo ready
      read -r _
      """;

  private final Process unshare;
  private final ProcessHandle firstProcess;
  private final List<String> environment;
  /** Beside those of mounts and processes. */
  private final List<String> namespaces;

  private PrivateNamespace(Process unshare, ProcessHandle firstProcess, List<String> environment, List<String> namespaces) {
    this.unshare = unshare;
    this.firstProcess = firstProcess;
    this.environment = environment;
    this.namespaces = namespaces;
  }

  /** Opens one whose programs see exactly this environment, and the name and the network of this machine. */
  static PrivateNamespace open(Map<String, String> environment) throws IOException {
    return open(environment, List.of(), FIRST_PROCESS);
  }

  /** Opens one that is a host of that name, with a network of its own to which nothing is attached yet. */
  static PrivateNamespace openHost(String name, Map<String, String> environment) throws IOException {
    return open(environment, List.of("--uts", "--net"), "hostname " + name + "\nip link set lo up\n" + FIRST_PROCESS);
  }

  private static PrivateNamespace open(Map<String, String> environment, List<String> namespaces, String script) throws IOException {
    List<String> argv = new ArrayList<>(List.of("unshare", "--mount", "--pid", "--fork", "--mount-proc", "--propagation", "private"));
    argv.addAll(namespaces);
    argv.addAll(List.of("--", "bash", "-c", script));
    Process unshare = new ProcessBuilder(argv).redirectErrorStream(true).start();
    BufferedReader output = unshare.inputReader(StandardCharsets.UTF_8);
    String line = output.readLine();
    ProcessHandle first = unshare.children().findFirst().orElse(null);
    if (!"ready".equals(line) || first == null) {
      unshare.destroyForcibly();
      throw new IOException("cannot make a namespace (root is needed): " + line);
    }
    List<String> variables = new ArrayList<>();
    environment.forEach((name, value) -> variables.add(name + "=" + value));
    return new PrivateNamespace(unshare, first, List.copyOf(variables), namespaces);
  }

  /**
   * Runs a program inside to its end.
   *
   * @return what it printed
   * @throws dev.moorage.process.CommandFailed when it fails; its errorOutput tells why
   */
  public String run(List<String> argv) throws IOException {
    return new Command(argvInside(Map.of(), argv), DEADLINE).run();
  }

  /** The same for a few words. */
  public String run(String... argv) throws IOException {
    return run(List.of(argv));
  }

  /** Starts a program inside that runs on; {@code more} is added to its environment, its output is appended to {@code log}. */
  Daemon start(Map<String, String> more, List<String> argv, Path log) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(argvInside(more, argv));
    builder.redirectInput(Path.of("/dev/null").toFile());
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return new Daemon(builder.start(), log);
  }

  /** A process inside, by which the kernel finds the namespace. */
  long pid() {
    return firstProcess.pid();
  }

  /** Where we see a path of the inside, for opening its files and sockets from here: {@code /proc/PID/root/…}. */
  public Path inside(String absolutePath) {
    return Path.of("/proc/" + firstProcess.pid() + "/root" + absolutePath);
  }

  private List<String> argvInside(Map<String, String> more, List<String> argv) {
    List<String> all = new ArrayList<>(List.of("env", "-i"));
    all.addAll(environment);
    more.forEach((name, value) -> all.add(name + "=" + value));
    all.addAll(List.of("nsenter", "--target=" + firstProcess.pid(), "--mount", "--pid"));
    all.addAll(namespaces);
    all.add("--");
    all.addAll(argv);
    return all;
  }

  /** Ends every process inside and waits until they are gone. */
  @Override
  public void close() throws IOException {
    firstProcess.destroyForcibly();
    try {
      unshare.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a namespace was closed", e);
    }
  }
}
