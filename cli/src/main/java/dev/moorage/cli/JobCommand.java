package dev.moorage.cli;

import dev.moorage.client.ClientException;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code moorage job …}. */
@Command(name = "job", description = "Look at work in the background, and cancel what is not wanted any more.", synopsisSubcommandLabel = "COMMAND")
final class JobCommand {

  private static final View VIEW = new View(List.of(
      new View.Column("ID", json -> json.getString("id")),
      new View.Column("KIND", json -> json.getString("kind")),
      new View.Column("OF", json -> json.getString("subject")),
      new View.Column("STATE", Watching::state),
      new View.Column("NOTE", JobCommand::note)), json -> json.getString("id"));

  private JobCommand() {}

  /** The command itself, which only holds the others. */
  static Object group() {
    return new JobCommand();
  }

  private static String note(JsonObject job) {
    return switch (Watching.state(job)) {
      case "running", "waiting" -> Watching.progress(job);
      case "failed" -> JsonText.text(job, "error", "");
      default -> JsonText.text(job, "note", "");
    };
  }

  @Command(name = "ls", description = "List the jobs that run, wait or have ended, the newest first. Ended ones are forgotten after a while.")
  static final class Ls implements Callable<Integer> {
    private final MoorageCommand root;

    Ls(MoorageCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() throws ClientException {
      root.results().list(root.questions().get("/v1/jobs").getJsonArray("jobs").getValuesAs(JsonObject.class), VIEW,
          "Nothing is done in the background, and nothing was.");
      return ExitCode.OK;
    }
  }

  @Command(name = "cancel", description = {
      "End uploads, copies of files out of snapshots, and fetching of snapshots to be mounted.",
      "Of a copy and of what was fetched nothing is left. Of an upload, the local snapshot stays, and what was stored is used by the next one.",
      "A compaction goes on. A restore ends with its volume: 'moorage volume rm'."})
  static final class Cancel implements Callable<Integer> {
    private final MoorageCommand root;

    @Parameters(paramLabel = "ID", arity = "1..*", description = "As 'moorage job ls' shows it.")
    List<String> ids = List.of();

    Cancel(MoorageCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      return Each.of(root, ids, VIEW, id -> {
        if (!id.matches("[0-9a-f-]{1,64}")) {
          throw new IllegalArgumentException("'" + id + "' is not the id of a job; 'moorage job ls' lists them");
        }
        JsonObject job = root.questions().cancelJob(id);
        String subject = job.getString("kind") + " of " + job.getString("subject");
        return new Each.Done(job, subject + switch (Watching.state(job)) {
          case "done" -> " was over already: done";
          case "cancelled" -> " is cancelled: " + JsonText.text(job, "note", "");
          default -> " is ended: " + JsonText.text(job, "error", "");
        });
      });
    }
  }
}
