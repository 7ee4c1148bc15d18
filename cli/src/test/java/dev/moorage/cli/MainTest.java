package dev.moorage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testkit.Scratch;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The command as a process of its own: what its caller sees of its ends. */
final class MainTest {

  private final Path directory = Scratch.directory("main");

  @AfterEach
  void clean() {
    Scratch.remove(directory);
  }

  @Test
  void aResultThatCouldNotBeWrittenIsAFailure() throws Exception {
    assertThat(version(new File("/dev/full"))).isEqualTo(ExitCode.FAILED);
    assertThat(errors()).startsWith("moorage: it is done, but the result could not be written: No space left on device").hasLineCount(1);
  }

  @Test
  void aResultThatWasWrittenIsNone() throws Exception {
    assertThat(version(directory.resolve("out").toFile())).isZero();
    assertThat(directory.resolve("out")).content().startsWith("moorage ");
    assertThat(errors()).isEmpty();
  }

  private int version(File output) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED",
        "-cp", System.getProperty("java.class.path"), "dev.moorage.cli.Main", "version");
    builder.environment().put("MOORAGE_ADMIN_SOCKET", directory.resolve("none.sock").toString());
    return builder.redirectOutput(output).redirectError(directory.resolve("err").toFile()).start().waitFor();
  }

  private String errors() throws IOException {
    return Files.readString(directory.resolve("err"));
  }
}
