package dev.moorage.testkit.objectstore;

import dev.moorage.testkit.Until;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server process on the loopback that can be killed and started again on the same port, over the same data. For one thread. */
public final class StoreServer implements AutoCloseable {

  private static final Duration START_DEADLINE = Duration.ofMinutes(2);

  private final List<String> argv;
  private final Map<String, String> environment;
  private final Path log;
  private final URI endpoint;
  private Process process;

  /** Starts the program and waits until it answers at the address, whatever it answers. Its output goes to the log. */
  public StoreServer(List<String> argv, Map<String, String> environment, Path log, URI endpoint) throws IOException {
    this.argv = List.copyOf(argv);
    this.environment = Map.copyOf(environment);
    this.log = log;
    this.endpoint = endpoint;
    this.process = launch();
  }

  /** A port of the loopback that was free just now. */
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Where it answers. */
  public URI endpoint() {
    return endpoint;
  }

  /** Ends it as {@code kill -9} does. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Starts it again after {@link #kill()}. */
  public void restart() throws IOException {
    process = launch();
  }

  private Process launch() throws IOException {
    ProcessBuilder builder = new ProcessBuilder(argv).redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    Process started = builder.start();
    Until.demand(argv.getFirst() + " answers", START_DEADLINE, () -> {
      if (!started.isAlive()) {
        throw new AssertionError(argv.getFirst() + " ended at once: " + Files.readString(log));
      }
      return answers();
    });
    return started;
  }

  private boolean answers() {
    try {
      HttpURLConnection connection = (HttpURLConnection) endpoint.toURL().openConnection();
      connection.setConnectTimeout(1000);
      connection.setReadTimeout(5000);
      boolean answered = connection.getResponseCode() > 0;
      connection.disconnect();
      return answered;
    } catch (IOException e) {
      return false;
    }
  }

  /** Ends it, politely at first. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
    }
  }
}
