package dev.moorage.tidy;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A call that the product may not make, with its replacement. {@code rooms} are the packages (with those below them) that may
 * make it all the same, because they are the one door to it.
 */
record BannedApi(Pattern call, String replacement, Set<String> rooms) implements Rule {

  static final List<BannedApi> ALL = List.of(
      banned("\\b(Instant|LocalDateTime|ZonedDateTime|OffsetDateTime)\\.now\\(\\)", "take an injected java.time.Clock"),
      banned("\\bSystem\\.currentTimeMillis\\(", "take an injected java.time.Clock"),
      banned("\\bThread\\.sleep\\(", "wait for the event itself: a condition, a latch, a scheduled task"),
      banned("\\bnew Random\\(\\)|\\bMath\\.random\\(|\\bThreadLocalRandom\\b", "take a seeded RandomGenerator"),
      banned("\\bSystem\\.(out|err)\\b", "use a System.Logger", "dev.moorage.cli", "dev.moorage.serve"),
      banned("\\bprintStackTrace\\(\\)", "log the exception or throw it"),
      banned("\\bSystem\\.exit\\(", "return an exit code to Main", "dev.moorage.cli"),
      banned("\\bProcessBuilder\\b|\\bgetRuntime\\(\\)\\.exec\\(", "run it by dev.moorage.process.Command",
          "dev.moorage.process", "dev.moorage.failpoint"),
      banned("\\bjava\\.lang\\.foreign\\b", "ask dev.moorage.linux, the only room with native calls", "dev.moorage.linux"),
      banned("\"restricted\"", "only dev.moorage.linux makes restricted calls", "dev.moorage.linux"),
      banned("\\bUnsupportedOperationException\\b", "declare a feature and refuse with VolumeException"),
      banned("\\bServiceLoader\\b", "name the implementation where it is wired"),
      banned("\\bOptional\\.get\\(\\)", "use orElseThrow"));

  private static BannedApi banned(String call, String replacement, String... rooms) {
    return new BannedApi(Pattern.compile(call), replacement, Set.of(rooms));
  }

  @Override
  public List<Finding> check(SourceFile file) {
    if (!file.isProduct() || isAllowedIn(file.packageName())) {
      return List.of();
    }
    // The argument of @SuppressWarnings is a literal, so this one pattern is looked for in the text itself.
    String where = call.pattern().startsWith("\"") ? file.text() : file.code();
    return file.findings(call, where, "do not use " + call.pattern().replace("\\b", "").replace("\\", "")
        + " here: " + replacement);
  }

  private boolean isAllowedIn(String packageName) {
    return rooms.stream().anyMatch(room -> packageName.equals(room) || packageName.startsWith(room + "."));
  }
}
