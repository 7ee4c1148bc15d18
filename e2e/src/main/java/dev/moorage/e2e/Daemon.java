package dev.moorage.e2e;

import dev.moorage.testkit.Until;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that runs inside a namespace until it is stopped or killed. */
public final class Daemon {

  private static final Duration STOP_DEADLINE = Duration.ofSeconds(60);
  private static final int LOG_LINES_SHOWN = 60;

  /** nsenter, which waits for the program and ends as it does. */
  private final Process entrance;
  private final Path log;

  Daemon(Process entrance, Path log) {
    this.entrance = entrance;
    this.log = log;
  }

  public boolean isAlive() {
    return entrance.isAlive();
  }

  /** The program itself, as the host's process table numbers it. */
  public ProcessHandle process() {
    return entrance.children().findFirst()
        .orElseThrow(() -> new IllegalStateException("the program has ended; its log says:\n" + logTail()));
  }

  /** SIGKILL, and waits until it is gone. */
  public void kill() {
    entrance.children().forEach(ProcessHandle::destroyForcibly);
    awaitEnd();
  }

  /** SIGTERM, and waits until it has ended; its exit code. */
  public int stop() {
    entrance.children().forEach(ProcessHandle::destroy);
    return awaitEnd();
  }

  /** Waits until it ends by itself; its exit code, 128 + n when signal n ended it. */
  public int awaitEnd() {
    try {
      if (!entrance.waitFor(STOP_DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("it did not end within " + STOP_DEADLINE + "; its log says:\n" + logTail());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    return entrance.exitValue();
  }

  /** Waits until it answers at a socket that it makes; fails at once when it ends before. */
  void awaitSocket(Path socket, Duration deadline) {
    boolean ready = Until.holds(deadline, () -> answers(socket) || !isAlive());
    if (!ready || !isAlive()) {
      throw new IllegalStateException("nobody answers at " + socket + "; its log says:\n" + logTail());
    }
  }

  /** A file alone says nothing: a killed process leaves one at which nobody listens. */
  private static boolean answers(Path socket) {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return channel.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  public String log() {
    try {
      return Files.readString(log, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "(no log: " + e.getMessage() + ")";
    }
  }

  String logTail() {
    List<String> lines = log().lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size()));
  }
}
