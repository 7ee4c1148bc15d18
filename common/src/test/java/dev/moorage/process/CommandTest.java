package dev.moorage.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Real programs that every machine has. */
final class CommandTest {

  @Test
  void outputIsReturned() throws IOException {
    assertThat(Command.of("echo", "two words").run()).isEqualTo("two words\n");
  }

  @Test
  void argumentsReachTheProgramAsTheyAre() throws IOException {
    assertThat(Command.of("printf", "%s|", "a b", "$HOME", "`id`", "'\"").run()).isEqualTo("a b|$HOME|`id`|'\"|");
  }

  @Test
  void theLocaleIsTheOneWithoutTranslations() throws IOException {
    assertThat(Command.of("sh", "-c", "echo $LC_ALL").run()).isEqualTo("C\n");
  }

  @Test
  void thereIsNoStandardInput() throws IOException {
    assertThat(Command.of("cat").run()).isEmpty();
  }

  @Test
  void aFailureTellsCodeAndLastWords() {
    assertThatThrownBy(() -> Command.of("sh", "-c", "echo found; echo first >&2; echo last >&2; echo >&2; exit 3").run())
        .isInstanceOfSatisfying(CommandFailed.class, e -> {
          assertThat(e.exitCode()).isEqualTo(3);
          assertThat(e.errorOutput()).isEqualTo("first\nlast\n\n");
          assertThat(e.output()).isEqualTo("found\n");
        })
        .hasMessage("sh failed with exit code 3: last");
  }

  @Test
  void anAbsentProgramIsNamed() {
    assertThatThrownBy(() -> Command.of("moorage-no-such-program").run())
        .isInstanceOf(CommandFailed.class)
        .hasMessage("moorage-no-such-program cannot be started (is its package installed?)");
    assertThat(Command.isInstalled("moorage-no-such-program")).isFalse();
    assertThat(Command.isInstalled("sh")).isTrue();
  }

  @Test
  void aProgramThatRunsPastItsDeadlineIsEnded() {
    long start = System.nanoTime();
    assertThatThrownBy(() -> Command.of("sh", "-c", "echo begun >&2; sleep 60; :").within(Duration.ofMillis(200)).run())
        .isInstanceOf(CommandFailed.class)
        .hasMessage("sh did not end within 0.2 s: begun");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void muchOutputIsCutAndDoesNotBlockTheProgram() throws IOException {
    String output = Command.of("sh", "-c", "head -c 5000000 /dev/zero; head -c 3000000 /dev/zero >&2").run();
    assertThat(output).hasSize(KeptOutput.BYTES_MAX);
  }

  @Test
  void aBackgroundChildThatKeepsTheOutputOpenIsNotWaitedFor() throws IOException {
    long start = System.nanoTime();
    String child = Command.of("sh", "-c", "sleep 30 & echo $!").run().strip();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    ProcessHandle.of(Long.parseLong(child)).ifPresent(ProcessHandle::destroy);
  }

  @Test
  void anInterruptedCallerEndsTheProgramAndStaysInterrupted() throws InterruptedException {
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    AtomicReference<Boolean> interrupted = new AtomicReference<>(false);
    Thread caller = Thread.ofPlatform().start(() -> {
      try {
        Command.of("sleep", "60").run();
      } catch (IOException e) {
        thrown.set(e);
      }
      interrupted.set(Thread.currentThread().isInterrupted());
    });
    caller.interrupt();
    caller.join();
    assertThat(thrown.get()).isInstanceOf(CommandFailed.class).hasMessageContaining("was interrupted");
    assertThat(interrupted.get()).isTrue();
  }
}
