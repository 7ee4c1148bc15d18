package dev.moorage.cli;

import dev.moorage.client.ClientException;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code moorage events}. */
@Command(name = "events", description = "Show the newest changes and refusals: who did what, when, and how it ended.")
final class EventsCommand implements Callable<Integer> {

  private final MoorageCommand root;

  @Option(names = "--after", paramLabel = "NUMBER", description = "Only those after this one.")
  long after;

  EventsCommand(MoorageCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() throws ClientException {
    List<JsonObject> events = root.questions().get("/v1/events?after=" + Math.max(0, after))
        .getJsonArray("events").getValuesAs(JsonObject.class);
    root.results().list(events, View.events(), after > 0 ? "Nothing has happened since." : "Nothing has happened since the service started.");
    return ExitCode.OK;
  }
}
