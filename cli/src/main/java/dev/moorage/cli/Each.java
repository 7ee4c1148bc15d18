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

  /** What came of it: what was done, and the exit code. */
  private record Outcome(List<Done> done, int code) {
    List<JsonObject> things() {
      return done.stream().map(Done::thing).toList();
    }

    List<String> sentences() {
      return done.stream().map(Done::sentence).toList();
    }
  }

  /** Changes several things and tells what was changed. */
  static int of(MoorageCommand root, List<String> names, View view, Step step) {
    Outcome outcome = all(root, names, step);
    if (!outcome.done().isEmpty()) {
      root.results().changed(outcome.things(), view, outcome.sentences());
    }
    return outcome.code();
  }

  /** Looks at several things and shows them as details. */
  static int look(MoorageCommand root, List<String> names, View view, Step step) {
    Outcome outcome = all(root, names, step);
    if (!outcome.done().isEmpty()) {
      root.results().details(names.size() > 1, outcome.things(), view, outcome.sentences());
    }
    return outcome.code();
  }

  private static Outcome all(MoorageCommand root, List<String> names, Step step) {
    List<Done> done = new ArrayList<>();
    int code = ExitCode.OK;
    for (String name : names) {
      try {
        done.add(step.with(name));
      } catch (ServiceUnreachable e) {
        // The next one would not be reached either.
        root.terminal().err().println("moorage: " + e.getMessage());
        return new Outcome(done, ExitCode.UNREACHABLE);
      } catch (ClientException e) {
        root.terminal().err().println("moorage: " + e.getMessage());
        code = code == ExitCode.OK ? ExitCode.of(e) : code;
      } catch (IllegalArgumentException notAName) {
        root.terminal().err().println("moorage: " + notAName.getMessage());
        code = code == ExitCode.OK ? ExitCode.USAGE : code;
      }
    }
    return new Outcome(done, code);
  }
}
