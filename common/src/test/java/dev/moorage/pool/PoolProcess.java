package dev.moorage.pool;

import dev.moorage.volume.ByteSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another process with a pool: opens the one at ROOT, says so, grows it, and closes it at the end of its input. */
final class PoolProcess implements AutoCloseable {

  private final Process process;

  private PoolProcess(Process process) {
    this.process = process;
  }

  public static void main(String[] words) throws Exception {
    try (Pool pool = Pools.open(PoolFixture.settings(Path.of(words[0])))) {
      System.out.println("open");
      if (pool.automatic()) {
        pool.grow(ByteSize.ofMebibytes(32).bytes());
      }
      System.out.println("grown");
      System.in.read();
    }
  }

  static PoolProcess start(Path root, String failpoint) throws IOException {
    List<String> argv = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dmoorage.failpoint=" + failpoint,
        "-cp", System.getProperty("java.class.path"), PoolProcess.class.getName(), root.toString()));
    return new PoolProcess(new ProcessBuilder(argv).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** Waits until it has said so, or has died. */
  boolean said(String word) throws IOException {
    String line;
    while ((line = process.inputReader(StandardCharsets.UTF_8).readLine()) != null) {
      if (line.equals(word)) {
        return true;
      }
    }
    return false;
  }

  /** Ends its input, so that it closes the pool if it is still alive; the exit code. */
  int end() throws IOException, InterruptedException {
    process.getOutputStream().close();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new IOException("the process with the pool does not end");
    }
    return process.exitValue();
  }

  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
