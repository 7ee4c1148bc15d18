package dev.moorage.cli;

import static dev.moorage.cli.View.bytes;

import dev.moorage.admin.UsageJson;
import dev.moorage.client.AdminClient;
import dev.moorage.client.ClientException;
import dev.moorage.repository.gc.CollectionReport;
import dev.moorage.repository.gc.CollectionSettings;
import dev.moorage.storage.HostName;
import dev.moorage.storage.RepositorySettings;
import dev.moorage.volume.VolumeException;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code moorage repository gc}: begins a collection or joins the one that runs, and watches it to its end. */
@Command(name = "gc", description = {
    "Delete what no snapshot of the repository uses. Safe while any hosts upload and restore.",
    "Needs a credential that may delete. Ending this command does not end the work.",
    "With --location it needs no service, and works in this command."})
final class RepositoryGcCommand implements Callable<Integer> {

  private static final String ERASE = "\r\u001b[K";
  private static final View VIEW = new View(List.of(), json -> json.getString("state"));

  private final MoorageCommand root;

  @Parameters(paramLabel = "REPOSITORY", arity = "0..1", description = "Not with --location.")
  List<String> words = List.of();

  @Option(names = "--no-wait", description = "Return as soon as the work has begun.")
  boolean noWait;

  @Mixin
  RepositoryPlace place = new RepositoryPlace();

  /** What it is called in sentences. */
  private String name = "";

  RepositoryGcCommand(MoorageCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() throws ClientException, VolumeException {
    place.rest(words, 0, 0, "");
    name = place.isDirect() ? "at " + place.location : place.name(words);
    JsonObject run = place.isDirect() ? direct() : known();
    root.results().changed(run, VIEW, sentence(run));
    return state(run).equals("failed") ? ExitCode.FAILED : ExitCode.OK;
  }

  private JsonObject known() throws ClientException {
    Questions questions = root.questions();
    String path = RepositoryCommand.path(name) + ":gc";
    JsonObject run = questions.post("opening repository " + name, path, Questions.body()).getJsonObject("run");
    while (!noWait && state(run).equals("running")) {
      run = questions.get(path + "?wait=1").getJsonObject("run");
      show(run);
    }
    return run;
  }

  private JsonObject direct() throws ClientException, VolumeException {
    if (noWait) {
      throw new IllegalArgumentException("--no-wait goes with the service, not with --location");
    }
    RepositorySettings settings = place.settings(root, "");
    CollectionReport report = DirectRepository.use("collect garbage of the repository at " + settings.location(), settings, root.clock(),
        repository -> {
          try (ProgressLine line = new ProgressLine(root.terminal(), "cleaning up")) {
            return repository.collect(CollectionSettings.of(HostName.ofMachine()),
                (_, done, total) -> line.at(total == 0 ? 0 : (double) done / total));
          }
        });
    return AdminClient.json().createObjectBuilder().add("state", "done").add("report", UsageJson.report(report)).build();
  }

  private void show(JsonObject run) {
    if (root.terminal().interactive()) {
      boolean running = state(run).equals("running");
      long total = run.getJsonNumber("total").longValue();
      root.terminal().err().print(ERASE + (running ? run.getString("stage") + " … " + run.getJsonNumber("done")
          + (total > 0 ? " of " + total : "") : ""));
      root.terminal().err().flush();
    }
  }

  private String sentence(JsonObject run) {
    return switch (state(run)) {
      case "done" -> done(run.getJsonObject("report"));
      case "failed" -> "repository " + name + " was not cleaned up: " + JsonText.text(run, "error", "the service's log says why");
      default -> "repository " + name + " is being cleaned up";
    };
  }

  private String done(JsonObject report) {
    String text = "repository " + name + ": " + packs(report, "listed") + " found, " + packs(report, "deleted") + " deleted, "
        + packs(report, "kept") + " in use";
    JsonArray waiting = report.getJsonArray("waiting");
    if (!waiting.isEmpty()) {
      JsonObject first = waiting.getJsonObject(0);
      text += "\nMore can be deleted when " + waiting.size() + (waiting.size() == 1 ? " session is" : " sessions are") + " over; the first is the "
          + first.getString("purpose") + " on " + first.getString("host");
    } else if (report.getInt("pending") > 0) {
      text += "\n" + packs(report, "doomed") + " are marked and are deleted by a later gc";
    }
    int records = report.getInt("recordsLeft", 0);
    return report.getJsonObject("locked").getInt("packs") == 0 && records == 0 ? text
        : text + "\nThe store refused to delete " + packs(report, "locked") + " and " + records + " records: they are locked, and a later gc"
            + " deletes them, or this credential may not delete";
  }

  private static String packs(JsonObject report, String field) {
    JsonObject tally = report.getJsonObject(field);
    return tally.getJsonNumber("packs") + " packs (" + bytes(tally, "bytes") + ")";
  }

  private static String state(JsonObject run) {
    return run.getString("state", "");
  }
}
