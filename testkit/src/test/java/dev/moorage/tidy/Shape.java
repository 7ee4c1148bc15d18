package dev.moorage.tidy;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Rules about sizes and names. */
final class Shape {

  private static final int LINE_LENGTH_MAX = 150;
  private static final int FILE_LINES_MAX = 400;
  private static final int METHOD_LINES_MAX = 70;

  private static final Pattern BANNED_TYPE = Pattern.compile(
      "\\b(?:class|interface|enum|record)\\s+((?:Abstract|Base)[A-Z]\\w*|\\w+(?:Impl|Utils?|Helpers?|Manager|Base))\\b");
  private static final Set<String> BANNED_PACKAGES = Set.of("common", "util", "utils", "base", "helper", "helpers", "misc");
  private static final Pattern DISABLED = Pattern.compile("@Disabled\\b");

  private Shape() {}

  static List<Rule> rules() {
    return List.of(Shape::lineLength, Shape::fileLength, Shape::methodLength, Shape::names, Shape::disabledTests);
  }

  private static List<Finding> lineLength(SourceFile file) {
    if (!file.isJava()) {
      return List.of();
    }
    List<String> lines = file.text().lines().toList();
    return IntStream.range(0, lines.size())
        .filter(i -> lines.get(i).length() > LINE_LENGTH_MAX)
        .mapToObj(i -> new Finding(file.path(), i + 1,
            "line of " + lines.get(i).length() + " columns: break it at " + LINE_LENGTH_MAX))
        .toList();
  }

  private static List<Finding> fileLength(SourceFile file) {
    long lines = file.text().lines().count();
    return !file.isProduct() || lines <= FILE_LINES_MAX ? List.of() : List.of(new Finding(file.path(), 1,
        "file of " + lines + " lines: find the second thing in it (at most " + FILE_LINES_MAX + ")"));
  }

  private static List<Finding> methodLength(SourceFile file) {
    if (!file.isJava()) {
      return List.of();
    }
    return JavaText.members(file.code()).stream()
        .filter(member -> linesOf(file, member) > METHOD_LINES_MAX)
        .map(member -> new Finding(file.path(), file.lineOf(member.start()),
            "method of " + linesOf(file, member) + " lines: split it (at most " + METHOD_LINES_MAX + ")"))
        .toList();
  }

  private static int linesOf(SourceFile file, JavaText.Member member) {
    return file.lineOf(member.end()) - file.lineOf(member.start()) + 1;
  }

  private static List<Finding> names(SourceFile file) {
    if (!file.isJava()) {
      return List.of();
    }
    for (String part : file.packageName().split("\\.", -1)) {
      if (BANNED_PACKAGES.contains(part)) {
        return List.of(new Finding(file.path(), 1, "package '" + part + "' says nothing: name the thing that is in it"));
      }
    }
    return file.findings(BANNED_TYPE, file.code(), "name the type by what makes it different, not by Impl, Util, Manager, Base");
  }

  private static List<Finding> disabledTests(SourceFile file) {
    return file.isJava() ? file.findings(DISABLED, file.code(), "mend the test or delete it") : List.of();
  }
}
