package dev.moorage.repository;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Shows from time to time that a session is alive, on a thread of its own, so that slow transfers do not keep it from that. A beat that
 * fails is no harm: collections wait for days.
 */
final class Heartbeat implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Heartbeat.class.getName());
  private static final Duration INTERVAL = Duration.ofMinutes(5);

  private final CountDownLatch ended = new CountDownLatch(1);

  /** Shows it once; false when the session was ended by a collection. */
  @FunctionalInterface
  interface Beat {
    boolean show() throws IOException;
  }

  Heartbeat(String session, Beat beat) {
    Thread.ofVirtual().name("moorage-heartbeat").start(() -> run(session, beat));
  }

  private void run(String session, Beat beat) {
    try {
      while (!ended.await(INTERVAL.toSeconds(), TimeUnit.SECONDS)) {
        if (!show(session, beat)) {
          LOG.log(System.Logger.Level.WARNING, session + " was ended by a collection, because it had been silent for days");
          return;
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean show(String session, Beat beat) {
    try {
      return beat.show();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "the heartbeat of " + session + " failed; the next one follows", e);
      return true;
    }
  }

  @Override
  public void close() {
    ended.countDown();
  }
}
