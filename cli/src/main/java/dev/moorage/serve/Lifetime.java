package dev.moorage.serve;

import dev.moorage.config.Configuration;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The life of the service's process: start, one line when it is ready, wait for SIGTERM or SIGINT, stop cleanly, exit with 0. */
public final class Lifetime {

  /** Longer than any call that may still be under way; what is left then is finished by the next start. */
  private static final long STOP_SECONDS_MAX = 150;

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  private Lifetime() {}

  /** Serves until a signal comes. {@code out} gets the one line that begins with {@code ready}, {@code err} the log. */
  public static void serve(
      Configuration configuration, String version, Map<String, String> environment, Clock clock, PrintStream out, PrintStream err)
      throws CannotServe {
    LogLines.begin(err, configuration.logLevel(), environment.containsKey("JOURNAL_STREAM"));
    MountReach.demand(configuration, environment);
    Lifetime lifetime = new Lifetime();
    try (Service service = Service.start(configuration, version, environment)) {
      Runtime.getRuntime().addShutdownHook(new Thread(lifetime::stop, "stop"));
      out.println("ready in " + sinceStart(clock).toMillis() + " ms: " + service.summary());
      out.flush();
      lifetime.asked.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lifetime.ended.countDown();
    }
  }

  private static Duration sinceStart(Clock clock) {
    return ProcessHandle.current().info().startInstant()
        .map(start -> Duration.between(start, clock.instant())).orElse(Duration.ZERO);
  }

  /** Runs when the process is told to end: has the service closed, then ends with 0 in place of the signal's number. */
  private void stop() {
    asked.countDown();
    try {
      boolean clean = ended.await(STOP_SECONDS_MAX, TimeUnit.SECONDS);
      Runtime.getRuntime().halt(clean ? 0 : 1);
    } catch (InterruptedException e) {
      Runtime.getRuntime().halt(1);
    }
  }
}
