package dev.moorage.cli;

import static dev.moorage.cli.JsonText.text;

import dev.moorage.client.ClientException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Watches a job to its end, with one line on the terminal that tells how far it is. Ending the command does not end the job, unless it is
 * watched by {@link #orCancel}.
 */
final class Watching {

  private static final String ERASE = "\r\u001b[K";

  private final MoorageCommand root;
  private final String what;

  /** {@code what} is such as {@code uploading db@before}. */
  Watching(MoorageCommand root, String what) {
    this.root = root;
    this.what = what;
  }

  static boolean isOver(JsonObject job) {
    String state = state(job);
    return state.equals("done") || state.equals("failed") || state.equals("cancelled");
  }

  static String state(JsonObject job) {
    return text(job, "state", "");
  }

  /** The job as it ended. */
  JsonObject toTheEnd(JsonObject begun) throws ClientException {
    JsonObject job = begun;
    while (!isOver(job)) {
      job = root.questions().get("/v1/jobs/" + job.getString("id") + "?wait=1").getJsonObject("job");
      show(job);
    }
    return job;
  }

  /**
   * The job as it ended. When this process is told to end meanwhile, by Ctrl-C, SIGTERM or a terminal that goes away, it cancels the job
   * first: who began it and did not ask for it to go on alone does not want it any more.
   */
  JsonObject orCancel(JsonObject begun) throws ClientException {
    AtomicReference<State> state = new AtomicReference<>(State.WATCHED);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
      if (state.compareAndSet(State.WATCHED, State.CANCELLED)) {
        cancel(begun.getString("id"));
      }
    }));
    try {
      return toTheEnd(begun);
    } finally {
      if (!state.compareAndSet(State.WATCHED, State.OVER)) {
        awaitExit();
      }
    }
  }

  private enum State { WATCHED, CANCELLED, OVER }

  /** What there is to tell, the thread that cancels tells; then the process is over. */
  private static void awaitExit() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void cancel(String id) {
    String line = root.terminal().interactive() ? ERASE : "";
    try {
      boolean late = state(root.questions().cancelJob(id)).equals("done");
      line += "moorage: " + what + " is " + (late ? "done: it was too late to cancel it" : "cancelled, and nothing of it is left");
    } catch (ClientException e) {
      line += "moorage: " + e.getMessage();
    }
    root.terminal().err().println(line);
    root.terminal().err().flush();
  }

  private void show(JsonObject job) {
    if (root.terminal().interactive()) {
      root.terminal().err().print(ERASE + (isOver(job) ? "" : what + " … " + progress(job)));
      root.terminal().err().flush();
    }
  }

  static String progress(JsonObject job) {
    if (state(job).equals("waiting")) {
      return "waits: " + text(job, "note", "");
    }
    long percent = Math.round(100 * job.getJsonNumber("fraction").doubleValue());
    return percent + " %" + (job.get("doneBytes") instanceof JsonNumber
        ? ", " + View.bytes(job, "doneBytes") + " of " + View.bytes(job, "totalBytes") + ", " + View.bytes(job, "bytesPerSecond") + "/s"
        : "");
  }
}
