package dev.moorage.objectstore.file;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.testkit.objectstore.Lists;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** A few writes, always the same; a process of its own may be killed inside any of them. */
final class FileStoreScenario {

  private interface Step {
    void run(ObjectStore store) throws ObjectStoreException;
  }

  private static final List<Step> STEPS = List.of(
      s -> s.putIfAbsent(key("packs/00/a"), large("first")),
      s -> s.putIfAbsent(key("packs/00/a"), large("refused")),
      s -> s.putIfAbsent(key("snaps/v/1"), large("second")),
      s -> s.replaceIfMatch(key("packs/00/a"), s.head(key("packs/00/a")).orElseThrow().version(), large("third")),
      s -> s.delete(key("snaps/v/1")),
      s -> s.putIfAbsent(key("snaps/v/1"), large("fourth")));

  private FileStoreScenario() {}

  /** Runs all steps in the directory at the first argument and appends a line to the file at the second after each. */
  public static void main(String[] arguments) throws IOException {
    try (ObjectStore store = FileStores.open(Path.of(arguments[0]))) {
      for (Step step : STEPS) {
        step.run(store);
        Files.writeString(Path.of(arguments[1]), "done\n", StandardOpenOption.APPEND);
      }
    }
  }

  /** What is there before the first step and after each. */
  static List<String> summaries(Path directory) throws IOException {
    List<String> summaries = new ArrayList<>();
    try (ObjectStore store = FileStores.open(directory)) {
      summaries.add(summary(store));
      for (Step step : STEPS) {
        step.run(store);
        summaries.add(summary(store));
      }
    }
    return summaries;
  }

  /** The keys with the beginnings of their contents; fails when a content is not whole. */
  static String summary(ObjectStore store) throws IOException {
    StringBuilder summary = new StringBuilder();
    for (String key : Lists.all(store, "", 100)) {
      try (ObjectStream in = store.get(key(key))) {
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        String word = text.substring(0, text.indexOf(' '));
        if (!text.equals(repeated(word))) {
          throw new AssertionError(key + " is torn");
        }
        summary.append(key).append('=').append(word).append('\n');
      }
    }
    return summary.toString();
  }

  private static ObjectKey key(String key) {
    return new ObjectKey(key);
  }

  private static Content large(String word) {
    return Content.of(repeated(word).getBytes(StandardCharsets.UTF_8));
  }

  private static String repeated(String word) {
    return (word + " ").repeat(50_000);
  }
}
