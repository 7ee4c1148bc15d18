package dev.moorage.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule catches its violation, and leaves alone what only looks like one. */
final class RulesTest {

  private static final String STORAGE = "common/src/main/java/dev/moorage/storage/Storage.java";
  private static final String TEST = "common/src/test/java/dev/moorage/storage/StorageTest.java";

  static Stream<Arguments> violations() {
    return Stream.of(
        Arguments.of(STORAGE, "x = Instant.now();", "Clock"),
        Arguments.of(STORAGE, "x = System.currentTimeMillis();", "Clock"),
        Arguments.of(STORAGE, "Thread.sleep(5);", "wait for the event"),
        Arguments.of(STORAGE, "x = new Random();", "seeded"),
        Arguments.of(STORAGE, "System.out.println();", "Logger"),
        Arguments.of(STORAGE, "e.printStackTrace();", "log the exception"),
        Arguments.of(STORAGE, "System.exit(1);", "exit code"),
        Arguments.of(STORAGE, "new ProcessBuilder(argv);", "process.Command"),
        Arguments.of(STORAGE, "import java.lang.foreign.Arena;", "dev.moorage.linux"),
        Arguments.of(STORAGE, "@SuppressWarnings(\"restricted\")", "dev.moorage.linux"),
        Arguments.of(STORAGE, "throw new UnsupportedOperationException();", "feature"),
        Arguments.of(STORAGE, "ServiceLoader.load(X.class);", "wired"),
        Arguments.of(STORAGE, "import dev.moorage.cli.Main;", "downward"),
        Arguments.of("common/src/main/java/dev/moorage/linux/A.java", "import dev.moorage.process.Command;", "downward"),
        Arguments.of("common/src/main/java/dev/moorage/attic/A.java", "", "no floor"),
        Arguments.of("common/src/main/java/dev/moorage/storage/util/A.java", "", "says nothing"),
        Arguments.of(STORAGE, "final class StorageImpl {}", "name the type"),
        Arguments.of(STORAGE, "record VolumeUtils(int x) {}", "name the type"),
        Arguments.of(STORAGE, "abstract class AbstractStorage {}", "name the type"),
        Arguments.of(STORAGE, "// " + "x".repeat(150), "line of 153"),
        Arguments.of(STORAGE, "\n".repeat(401), "file of 401"),
        Arguments.of(STORAGE, "class A { void a() {" + "\n".repeat(71) + "} }", "method of 72"),
        Arguments.of(TEST, "class A { B b = new B() { void a() {" + "\n".repeat(71) + "} }; }", "method of 72"),
        Arguments.of(TEST, "@Disabled void a() {}", "mend the test"),
        Arguments.of(TEST, "// TO" + "DO later", "do it now"),
        Arguments.of("dev", "curl https://quay" + ".io/x", "registry"),
        Arguments.of("docs/a.md", "# One\n\n# Two\n", "not 2"),
        Arguments.of("docs/a.md", "No heading\n", "not 0"));
  }

  static Stream<Arguments> innocent() {
    return Stream.of(
        Arguments.of(STORAGE, "// Instant.now() would be wrong here\nString s = \"Thread.sleep(1)\";"),
        Arguments.of(STORAGE, "import dev.moorage.volume.Volume;\nimport dev.moorage.storage.Busy;"),
        Arguments.of(STORAGE, "x = Instant.now(clock);"),
        Arguments.of("cli/src/main/java/dev/moorage/cli/Main.java", "System.out.println();"),
        Arguments.of("common/src/main/java/dev/moorage/process/Command.java", "new ProcessBuilder(argv);"),
        Arguments.of(TEST, "new ProcessBuilder(argv);"),
        Arguments.of(TEST, "\n".repeat(900)),
        Arguments.of(STORAGE, "class A {" + " void a() {\n}\n".repeat(100) + "}"),
        Arguments.of("dev", "apt-get install docker.io"),
        Arguments.of("docs/a.md", "# One\n\n```\n# a comment in a script\n```\n"));
  }

  @ParameterizedTest
  @MethodSource("violations")
  void aRuleCatchesItsViolation(String path, String text, String message) {
    assertThat(TidyTest.check(SourceFile.of(path, text))).extracting(Finding::message).anyMatch(it -> it.contains(message));
  }

  @ParameterizedTest
  @MethodSource("innocent")
  void theInnocentAreLeftAlone(String path, String text) {
    assertThat(TidyTest.check(SourceFile.of(path, text))).isEmpty();
  }

  @Test
  void aFindingTellsTheLine() {
    SourceFile file = SourceFile.of(STORAGE, "class A {\n\n  int x = Thread.sleep(1);\n}\n");
    assertThat(TidyTest.check(file).stream().map(Finding::toString).collect(Collectors.joining()))
        .startsWith(STORAGE + ":3: ");
  }

  @Test
  void aPackageWithoutNullMarkedIsFound() {
    SourceFile unmarked = SourceFile.of("common/src/main/java/dev/moorage/pool/Pool.java", "class Pool {}");
    SourceFile marked = SourceFile.of("common/src/main/java/dev/moorage/storage/package-info.java", "@NullMarked package x;");
    assertThat(TidyTest.packagesWithoutNullMarked(List.of(unmarked, marked, SourceFile.of(STORAGE, ""))))
        .containsExactly("dev.moorage.pool");
  }
}
