package dev.moorage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What the command says without a service. */
final class UsageTest {

  static List<String> commands() {
    List<String> names = new ArrayList<>();
    Terminal terminal = new Terminal(System.out, System.err, false);
    collect("", Commands.all(new MoorageCommand(terminal, Map.of(), Clock.systemUTC())), names);
    return names;
  }

  private static void collect(String prefix, CommandLine line, List<String> names) {
    line.getSubcommands().forEach((name, command) -> {
      names.add(prefix + name);
      collect(prefix + name + " ", command, names);
    });
  }

  @Test
  void everyCommandOfTheIssueExists() {
    assertThat(commands()).contains("serve", "doctor", "version", "completion", "events",
        "volume create", "volume ls", "volume inspect", "volume grow", "volume rm", "volume undo", "volume rollback", "volume clone",
        "volume compact", "snapshot create", "snapshot ls", "snapshot rm", "snapshot mount", "snapshot unmount", "snapshot undo",
        "snapshot upload", "snapshot cp", "volume restore", "repository take-over",
        "pool create", "pool ls", "pool inspect", "pool grow", "pool adopt", "pool trash",
        "repository create", "repository add", "repository ls", "repository inspect", "repository remove", "repository confirm-key",
        "repository key ls", "repository key add", "repository key rm", "repository snapshots", "repository forget", "repository gc",
        "repository restore", "repository verify");
  }

  @Test
  void everyCommandIsDocumented() throws IOException {
    String documentation = Files.readString(Path.of("").toAbsolutePath().resolveSibling("docs").resolve("command.md"));
    for (String command : commands()) {
      if (!List.of("volume", "snapshot", "pool", "repository", "repository key").contains(command)) {
        assertThat(documentation).containsPattern("(?m)^\\| `moorage " + command + "[` ]");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandExplainsItself(String command) {
    Typed help = Typed.line(command + " --help");
    assertThat(help.code()).isZero();
    assertThat(help.out()).startsWith("Usage: moorage " + command).contains("--admin-socket");
    assertThat(help.out().lines()).allMatch(line -> line.length() <= 110);
    assertThat(help.err()).isEmpty();
  }

  @Test
  void theBranchOfTheTreeKnowsTheSameAsTheWholeTree() {
    for (String command : commands()) {
      assertThat(Typed.line(command + " --help").out()).isEqualTo(Typed.line("-o json " + command + " --help").out());
    }
  }

  @Test
  void nothingTypedShowsTheCommands() {
    Typed typed = Typed.line("");
    assertThat(typed.code()).isEqualTo(ExitCode.USAGE);
    assertThat(typed.err()).contains("volume").contains("Exit codes: 0 done, 1 failed");
    assertThat(typed.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"volum ls", "volume", "volume lss", "volume create", "volume ls -o xml", "volume grow db",
      "volume inspect", "volume grow db big", "volume create db --size big", "volume inspect a/b/c", "volume inspect -- -x",
      "volume rollback db", "volume undo a b --as c", "snapshot rm db", "snapshot create a b c", "snapshot create a@b@c",
      "pool grow fast lots", "pool create a /a --trash-retention soon", "pool create a /a --overcommit NaN", "pool inspect a/b",
      "--owner a/b volume ls", "completion fish", "volume ls extra", "events --after x", "volume create a --size 0",
      "volume create a --from=", "pool create a /a --default-size 0", "pool grow a 0", "doctor extra",
      "repository create a", "repository create a/b file:///x", "repository create a file:///x --upload-limit 0", "repository inspect a/b",
      "repository restore a db@x", "repository restore a --to-file /x", "repository snapshots",
      "repository verify", "repository verify a --depth all", "repository verify a --sample 101",
      "repository snapshots --location file:///x", "repository restore db@x --location file:///x --to-file /x --option a"})
  void mistakesAreUsageErrorsInAFewSentences(String line) {
    Typed typed = Typed.line(line);
    assertThat(typed.code()).as(typed.err()).isEqualTo(ExitCode.USAGE);
    assertThat(typed.err()).startsWith("moorage: ");
    assertThat(typed.err().lines().count()).isLessThanOrEqualTo(3);
    assertThat(typed.out()).isEmpty();
  }

  /** An unset variable of a script: it must not stand for "all pools", "no snapshot" or a default. */
  @Test
  void anEmptyWordIsNeverTakenForNone() {
    for (String[] line : new String[][] {{"pool", "trash", "", "--empty"}, {"volume", "create", "db", "--from", ""},
        {"volume", "create", "db", "--size="}, {"volume", "ls", "--owner", ""}, {"snapshot", "create", "db", ""}, {""}}) {
      Typed typed = Typed.with(Map.of("MOORAGE_ADMIN_SOCKET", "/nowhere/admin.sock"), line);
      assertThat(typed.code()).as(typed.err()).isEqualTo(ExitCode.USAGE);
      assertThat(typed.err()).startsWith("moorage: ").contains("is empty").contains("variable").hasLineCount(1);
    }
  }

  @Test
  void whatOtherProgramsUnderstandAsAQuestionForHelpIsUnderstood() {
    assertThat(Typed.line("help volume create").out()).isEqualTo(Typed.line("volume create --help").out());
    assertThat(Typed.line("help").out()).isEqualTo(Typed.line("--help").out()).startsWith("Usage: moorage ");
    assertThat(Typed.line("--version").out()).isEqualTo(Typed.line("version").out());
  }

  @Test
  void aPathThatIsNoSocketIsSaidSo() {
    assertThat(Typed.line("volume ls --admin-socket /etc").err())
        .startsWith("moorage: cannot reach the Moorage service at /etc: that is no socket. ").hasLineCount(1);
  }

  @Test
  void aWordThatIsNearlyRightIsRecognised() {
    assertThat(Typed.line("volum ls").err()).contains("Did you mean: moorage volume");
    assertThat(Typed.line("volume lst").err()).contains("Did you mean").contains("'moorage volume --help' shows how it is used");
  }

  @ParameterizedTest
  @ValueSource(strings = {"volume ls", "volume inspect db", "volume create db", "volume grow db 2G", "volume rm a b", "volume undo a",
      "volume rollback db@x", "volume rollback db x", "volume clone a b", "volume clone a@x b", "volume compact a", "snapshot create a x",
      "snapshot create --group x a b", "snapshot ls", "snapshot ls a", "snapshot rm a@x", "snapshot undo a@x", "snapshot mount a@x /mnt",
      "snapshot unmount a@x", "snapshot cp a@x:/etc /tmp", "snapshot ls --fetched",
      "snapshot upload a@x --to r", "volume restore a --wait", "repository take-over r a", "snapshot rm a@x --remote",
      "snapshot create a x --to r --wait", "pool ls", "pool inspect a", "pool create a /a", "pool adopt a /a", "pool grow a 1G", "pool trash",
      "pool trash --empty", "events", "volume ls -o json"})
  void withoutAServiceEveryCommandSaysHowToStartIt(String line) {
    Typed typed = Typed.line(line);
    assertThat(typed.code()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(typed.err()).startsWith("moorage: cannot reach the Moorage service at /nowhere/admin.sock: it is not running.")
        .contains("systemctl start moorage").contains("moorage serve").contains("--admin-socket").hasLineCount(1);
    assertThat(typed.out()).isEmpty();
  }

  @Test
  void versionNeedsNoService() {
    assertThat(Typed.line("version").out()).matches("moorage \\d.*\nservice not running at /nowhere/admin.sock\n");
    assertThat(Typed.line("version -o json").out()).matches("(?s)\\{\n  \"version\": \"\\d.*\",\n  \"service\": null\n}\n");
    assertThat(Typed.line("version -o name").code()).isZero();
  }

  @Test
  void serveSaysEveryProblemOfItsConfigurationAndExitsWithTwo() {
    Typed typed = Typed.line("serve --pool-backends tape --log-level loud --docker-socket none");
    assertThat(typed.code()).isEqualTo(ExitCode.USAGE);
    assertThat(typed.err()).startsWith("moorage: cannot start: the configuration is wrong in 2 places:\n  ")
        .contains("--pool-backends: 'tape' is not a backend").contains("--log-level: 'loud' is not a log level");
  }

  @Test
  void theFlagForTheSocketWinsOverTheEnvironment() {
    assertThat(Typed.line("volume ls --admin-socket /elsewhere.sock").err()).contains("at /elsewhere.sock");
    assertThat(Typed.line("--admin-socket /elsewhere.sock volume ls").err()).contains("at /elsewhere.sock");
    assertThat(Typed.line("--admin-socket /a.sock volume ls --admin-socket /b.sock").err()).contains("at /b.sock");
    assertThat(Typed.with(Map.of(), "volume", "ls").err()).contains("/run/moorage/admin.sock");
  }
}
