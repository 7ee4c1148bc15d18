package dev.moorage.testkit.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a {@link Performance} has noted so far: how many operations have begun, and how many were acknowledged. */
record Diary(int begun, int done) {

  static Diary read(Path file) throws IOException {
    List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
    return new Diary(count(lines, "begin "), count(lines, "done "));
  }

  private static int count(List<String> lines, String word) {
    return (int) lines.stream().filter(line -> line.startsWith(word)).count();
  }
}
