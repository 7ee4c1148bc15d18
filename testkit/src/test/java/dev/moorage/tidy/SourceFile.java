package dev.moorage.tidy;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * One file of the repository. {@code path} is relative to its root, with slashes; {@code text} is what stands in it; {@code code}
 * is the same text with the insides of comments and string literals blanked, so that positions stay.
 */
record SourceFile(String path, String text, String code) {

  static SourceFile of(String path, String text) {
    return new SourceFile(path, text, path.endsWith(".java") ? JavaText.blankCommentsAndLiterals(text) : text);
  }

  boolean isJava() {
    return path.endsWith(".java");
  }

  /** Whether this is part of the product, not of its tests. */
  boolean isProduct() {
    return isJava() && path.contains("/src/main/java/") && !isTestModule();
  }

  private boolean isTestModule() {
    return path.startsWith("testkit/") || path.startsWith("e2e/") || path.startsWith("bench/");
  }

  /** The package of a Java file by its path, such as {@code dev.moorage.backend.image}. */
  String packageName() {
    int root = path.indexOf("/java/") + "/java/".length();
    int slash = path.lastIndexOf('/');
    return slash < root ? "" : path.substring(root, slash).replace('/', '.');
  }

  String fileName() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** A finding for each place in {@code where} (this file's text or code) that the pattern matches. */
  List<Finding> findings(Pattern pattern, String where, String message) {
    return pattern.matcher(where).results().map(match -> finding(match, message)).toList();
  }

  private Finding finding(MatchResult match, String message) {
    return new Finding(path, lineOf(match.start()), message);
  }

  int lineOf(int position) {
    return 1 + (int) text.substring(0, position).chars().filter(c -> c == '\n').count();
  }
}
