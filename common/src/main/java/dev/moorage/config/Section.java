package dev.moorage.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One mapping of the configuration while it is read: hands out values by key, notes every problem, and knows which keys exist. */
final class Section {

  private static final int TYPING_ERRORS_MAX = 3;

  private final String where;
  private final Map<?, ?> values;
  private final List<String> problems;
  private final Set<String> known = new LinkedHashSet<>();

  /** {@code where} is the place for messages, with a separator at its end, such as {@code pools[0].}. */
  Section(String where, Map<?, ?> values, List<String> problems) {
    this.where = where;
    this.values = values;
    this.problems = problems;
  }

  /** The value as read, or the fallback when it is absent or wrong; what is wrong is noted. */
  <T> T read(String key, Function<String, T> reader, T fallback) {
    Object value = value(key);
    if (value == null) {
      return fallback;
    }
    if (value instanceof Map || value instanceof List) {
      problem(key, "one value is expected here, not a " + (value instanceof Map ? "mapping" : "list"));
      return fallback;
    }
    return parsed(key, value.toString(), reader, fallback);
  }

  /** A list of words, written as a YAML list or with commas, handed to the reader with commas. */
  <T> T readWords(String key, Function<String, T> reader, T fallback) {
    Object value = value(key);
    if (value instanceof List<?> list) {
      String joined = list.stream().map(String::valueOf).collect(Collectors.joining(","));
      return parsed(key, joined, reader, fallback);
    }
    return read(key, reader, fallback);
  }

  private <T> T parsed(String key, String text, Function<String, T> reader, T fallback) {
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      problem(key, String.valueOf(e.getMessage()));
      return fallback;
    }
  }

  /** A mapping inside this one; an empty section when it is absent. */
  Section section(String key) {
    Object value = value(key);
    if (value instanceof Map<?, ?> map) {
      return new Section(where + key + ".", map, problems);
    }
    if (value != null) {
      problem(key, "a mapping is expected here");
    }
    return new Section(where + key + ".", Map.of(), problems);
  }

  /** All of it, as words and texts; for mappings whose keys somebody else knows. */
  Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : values.entrySet()) {
      String key = String.valueOf(entry.getKey());
      if (entry.getValue() instanceof Map || entry.getValue() instanceof List || entry.getValue() == null) {
        problem(key, "one value is expected here");
      } else {
        texts.put(key, String.valueOf(entry.getValue()));
      }
    }
    return texts;
  }

  /** A list of mappings; empty when it is absent. */
  List<Section> sections(String key) {
    Object value = value(key);
    List<Section> sections = new ArrayList<>();
    if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        if (list.get(i) instanceof Map<?, ?> map) {
          sections.add(new Section(where + key + "[" + i + "].", map, problems));
        } else {
          problem(key + "[" + i + "]", "a mapping is expected here");
        }
      }
    } else if (value != null) {
      problem(key, "a list is expected here");
    }
    return sections;
  }

  /** Notes that something is wrong with a key. */
  void problem(String key, String sentence) {
    problems.add(where + key + ": " + sentence);
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  /** Notes every key that nobody asked for, with the one that was probably meant. Called when all keys were read. */
  void finish() {
    for (Object key : values.keySet()) {
      String word = String.valueOf(key);
      if (!known.contains(word)) {
        problem(word, "there is no such key" + Nearest.to(word, known, TYPING_ERRORS_MAX)
            .map(nearest -> "; did you mean " + nearest + "?")
            .orElse("; there are: " + String.join(", ", known)));
      }
    }
  }

  private @Nullable Object value(String key) {
    known.add(key);
    return values.get(key);
  }
}
