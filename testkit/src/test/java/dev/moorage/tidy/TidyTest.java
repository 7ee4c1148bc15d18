package dev.moorage.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The whole repository against every rule; {@link RulesTest} shows that each rule catches what it should. */
final class TidyTest {

  static List<Rule> allRules() {
    List<Rule> rules = new ArrayList<>(BannedApi.ALL);
    rules.add(new Imports());
    rules.addAll(Shape.rules());
    rules.addAll(Prose.rules());
    return rules;
  }

  static List<Finding> check(SourceFile file) {
    return allRules().stream().flatMap(rule -> rule.check(file).stream()).toList();
  }

  /** Packages with Java files but without a package-info that says {@code @NullMarked}. */
  static Set<String> packagesWithoutNullMarked(List<SourceFile> files) {
    List<SourceFile> java = files.stream().filter(SourceFile::isJava).toList();
    Set<String> marked = java.stream()
        .filter(file -> file.fileName().equals("package-info.java") && file.code().contains("@NullMarked"))
        .map(SourceFile::packageName)
        .collect(Collectors.toSet());
    Set<String> unmarked = java.stream().map(SourceFile::packageName).collect(Collectors.toCollection(TreeSet::new));
    unmarked.removeAll(marked);
    return unmarked;
  }

  @Test
  void everyFileKeepsTheRulesOfTheHouse() throws IOException {
    assertThat(Repository.files().stream().flatMap(file -> check(file).stream())).isEmpty();
  }

  @Test
  void everyPackageIsNullMarked() throws IOException {
    assertThat(packagesWithoutNullMarked(Repository.files())).isEmpty();
  }
}
