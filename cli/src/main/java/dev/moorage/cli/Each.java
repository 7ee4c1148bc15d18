package dev.moorage.cli;

import dev.moorage.client.ClientException;
import dev.moorage.client.ServiceUnreachable;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** The same done with several things, one after the other. A failure does not stop the others; the first one gives the exit code. */
final class Each {

  /** What was done with one thing. */
  record Done(JsonObject thing, String sentence) {}

  /** Does it with one thing. */
  interface Step {
    Done with(String name) throws ClientException;
  }

  private Each() {}

  static int of(MoorageCommand root, List<String> names, View view, Step step) {
    List<JsonObject> things = new ArrayList<>();
    List<String> sentences = new ArrayList<>();
    int code = ExitCode.OK;
    for (String name : names) {
      try {
        Done done = step.with(name);
        things.add(done.thing());
        sentences.add(done.sentence());
      } catch (ServiceUnreachable e) {
        // The next one would not be reached either.
        root.terminal().err().println("moorage: " + e.getMessage());
        code = ExitCode.UNREACHABLE;
        break;
      } catch (ClientException e) {
        root.terminal().err().println("moorage: " + e.getMessage());
        code = code == ExitCode.OK ? ExitCode.of(e) : code;
      }
    }
    if (!things.isEmpty()) {
      root.results().changed(things, view, sentences);
    }
    return code;
  }

  /** Looks at several things and shows them as details. */
  static int look(MoorageCommand root, List<String> names, View view, Step step) throws ClientException {
    List<JsonObject> things = new ArrayList<>();
    List<String> paragraphs = new ArrayList<>();
    for (String name : names) {
      Done done = step.with(name);
      things.add(done.thing());
      paragraphs.add(done.sentence());
    }
    root.results().details(things, view, paragraphs);
    return ExitCode.OK;
  }
}
