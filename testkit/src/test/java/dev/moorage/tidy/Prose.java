package dev.moorage.tidy;

import java.util.List;
import java.util.regex.Pattern;

/** Rules about every text of the repository: scripts, documents, units, Java. */
final class Prose {

  private static final Pattern PROMISE = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");
  private static final Pattern REGISTRY = Pattern.compile(
      "\\b(repo1?\\.maven\\.(apache\\.)?org|registry-1\\.docker\\.io|hub\\.docker\\.com|registry\\.k8s\\.io|quay\\.io|ghcr\\.io"
          + "|gcr\\.io|mcr\\.microsoft\\.com|(deb|ftp|security|snapshot)\\.debian\\.org|packages\\.adoptium\\.net|pypi\\.org"
          + "|proxy\\.golang\\.org|registry\\.npmjs\\.org)\\b");
  private static final Pattern FENCE = Pattern.compile("^```.*?^```", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern HEADING = Pattern.compile("^# ", Pattern.MULTILINE);

  private Prose() {}

  static List<Rule> rules() {
    return List.of(Prose::promises, Prose::registries, Prose::oneHeading);
  }

  private static List<Finding> promises(SourceFile file) {
    return file.findings(PROMISE, file.text(), "do it now, or write an issue");
  }

  /** A manifest names images as every cluster knows them: that is no setting of a machine. */
  private static List<Finding> registries(SourceFile file) {
    return file.path().startsWith("manifests/") ? List.of()
        : file.findings(REGISTRY, file.text(), "no registry's host name here: use what the machine has configured");
  }

  private static List<Finding> oneHeading(SourceFile file) {
    if (!file.path().endsWith(".md")) {
      return List.of();
    }
    String prose = FENCE.matcher(file.text()).replaceAll(match -> match.group().replaceAll("[^\\n]", " "));
    long headings = HEADING.matcher(prose).results().count();
    return headings == 1 ? List.of()
        : List.of(new Finding(file.path(), 1, "a document has one heading of the first level, not " + headings));
  }
}
