package dev.moorage.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.process.Command;
import dev.moorage.process.CommandFailed;
import dev.moorage.testkit.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The product as it is shipped works wherever it is copied to, and its caches are really used. */
@Tag("engine")
final class DistTest {

  private Path directory = Path.of("");
  private Path copy = Path.of("");

  @BeforeEach
  void copyTheProduct() throws IOException {
    directory = Scratch.directory("dist");
    copy = directory.resolve("a place with spaces");
    Command.of("cp", "-a", Engines.repository().resolve("dist").toString(), copy.toString()).run();
  }

  @AfterEach
  void removeTheCopy() {
    Scratch.remove(directory);
  }

  @Test
  void aCopyRunsThroughALinkToIt() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("moorage"), copy.resolve("bin/moorage"));
    assertThat(Command.of(link.toString(), "version").run()).contains("moorage");
  }

  @Test
  void theCacheOfTheClientIsAcceptedAndNothingElseIsPrinted() throws IOException {
    String expected = Command.of(copy.resolve("bin/moorage").toString(), "version").run();
    assertThat(withRequiredCache("version")).isEqualTo(expected);
  }

  @Test
  void theCacheOfTheClientIsAcceptedWithMoreJarsBehindIt() throws IOException {
    assertThat(withRequiredCache("repository", "--help")).contains("verify");
  }

  /** To look for something in all jars of the service would take longer than what most commands do. */
  @Test
  void aCommandThatAsksTheServiceOpensFewJars() throws IOException {
    Files.delete(copy.resolve("lib/service.jar"));
    assertThatThrownBy(() -> Command.of(copy.resolve("bin/moorage").toString(), "volume", "ls", "--admin-socket", "/nowhere").run())
        .isInstanceOf(CommandFailed.class).hasMessageContaining("cannot reach the Moorage service");
    assertThat(Command.of(copy.resolve("bin/moorage").toString(), "snapshot", "create", "--help").run()).contains("--wait");
  }

  @Test
  void theCacheOfTheServiceIsAccepted() throws IOException {
    assertThat(withRequiredCache("serve", "--help")).contains("--pool");
  }

  @Test
  void theCacheOfANodeIsAccepted() throws IOException {
    Files.delete(copy.resolve("lib/serve.aot"));
    assertThat(withRequiredCache("serve", "--csi-socket", "/nowhere", "--help")).contains("--csi-listen");
    assertThat(withRequiredCache("serve", "--csi-socket=/nowhere", "--help")).contains("--csi-listen");
  }

  @Test
  void theCacheOfTheRouterIsAcceptedWithTheJarsThatOnlyItHas() throws IOException {
    Files.delete(copy.resolve("lib/serve.aot"));
    Files.delete(copy.resolve("lib/node.aot"));
    assertThat(withRequiredCache("serve", "--controller", "--csi-socket=/nowhere", "--help")).contains("--controller");
  }

  /** A cache that was made while the service did too little is accepted as well, and of little use. */
  @Test
  void aNodeFindsNearlyAllOfItsClassesInItsCache() throws IOException {
    Path classes = directory.resolve("classes");
    String script = """
        mkdir "$1/tls"
        MOORAGE_JAVA_OPTIONS=-Xlog:class+load:file=$1/classes timeout --preserve-status 100 "$0" serve --pool "$1/pool" \
          --pool-backends directory --run-dir "$1/run" --admin-socket "$1/admin.sock" --docker-socket none --csi-socket "$1/csi.sock" \
          --node-id one --csi-listen 127.0.0.1:0 --csi-tls "$1/tls" --health-listen 127.0.0.1:0 > "$1/log" 2>&1 &
        for _ in $(seq 600); do ! grep -q '^ready' "$1/log" || break; sleep 0.1; done
        kill $! && wait $!
        """;
    Command.of("sh", "-c", script, copy.resolve("bin/moorage").toString(), directory.toString()).run();
    try (Stream<String> lines = Files.lines(classes)) {
      // Those that Java makes anew at every start have no file and are in no cache.
      Map<Boolean, Long> found = lines.filter(line -> line.contains("shared objects file") || line.contains("source: file:"))
          .collect(Collectors.partitioningBy(line -> line.contains("shared objects file"), Collectors.counting()));
      assertThat(found.get(true)).isGreaterThan(5000);
      assertThat(found.get(false)).isLessThan(100);
    }
  }

  @Test
  void aMissingCacheThatIsRequiredIsAnError() throws IOException {
    Files.delete(copy.resolve("lib/client.aot"));
    Files.createFile(copy.resolve("lib/client.aot"));
    assertThatThrownBy(() -> withRequiredCache("version")).isInstanceOf(CommandFailed.class);
  }

  @Test
  void whatIsSetOutsideForOtherJavaProgramsChangesNothing() throws IOException {
    String output = Command.of("env", "JAVA_TOOL_OPTIONS=-Dx=y", "JDK_JAVA_OPTIONS=-Xmx1k", "CLASSPATH=/nowhere",
        copy.resolve("bin/moorage").toString(), "version").run();
    assertThat(output).isEqualTo(Command.of(copy.resolve("bin/moorage").toString(), "version").run());
  }

  @Test
  void aPathWithLettersOutsideAsciiIsUnderstoodWithoutALocale() throws IOException {
    // In bytes and told by the shell, because this Java machine may run without a locale itself.
    String script = "word=$(printf 'gr\\303\\266\\303\\237e'); LC_ALL=POSIX \"$0\" serve --config \"$1/$word\" 2>&1 | grep -c \"$1/$word\"";
    assertThat(Command.of("sh", "-c", script, copy.resolve("bin/moorage").toString(), directory.toString()).run().strip()).isEqualTo("1");
  }

  /** Runs the copy such that the Java machine refuses to start when it cannot use the cache. */
  private String withRequiredCache(String... words) throws IOException {
    String[] argv = new String[words.length + 3];
    argv[0] = "env";
    argv[1] = "MOORAGE_JAVA_OPTIONS=-XX:AOTMode=on";
    argv[2] = copy.resolve("bin/moorage").toString();
    System.arraycopy(words, 0, argv, 3, words.length);
    return Command.of(argv).run();
  }
}
