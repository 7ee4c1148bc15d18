package dev.moorage.cli;

import static dev.moorage.cli.JsonText.text;

import dev.moorage.client.ClientException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;

/** Watches a job to its end, with one line on the terminal that tells how far it is. Ending the command does not end the job. */
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
    return state.equals("done") || state.equals("failed");
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
