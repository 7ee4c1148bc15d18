package dev.moorage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.process.Command;
import dev.moorage.testkit.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class CompletionTest {

  private final Path directory = Scratch.directory("completion");

  @AfterEach
  void clean() {
    Scratch.remove(directory);
  }

  @Test
  void bashTakesTheScriptAndCompletesWithIt() throws IOException {
    Path script = script("bash");
    Command.of("bash", "-n", script.toString()).run();
    assertThat(completed(script, "moorage volume r")).containsExactlyInAnyOrder("rm", "rollback", "restore");
    assertThat(completed(script, "moorage sn")).containsExactly("snapshot");
    assertThat(completed(script, "moorage volume create --pre")).containsExactly("--preallocated");
    assertThat(completed(script, "moorage volume ls -o ")).containsExactlyInAnyOrder("table", "json", "name");
  }

  @Test
  void theScriptForZshLeavesTheUsersOwnCompletionsAndOptionsAlone() throws IOException {
    String bash = Files.readString(script("bash"));
    String zsh = Files.readString(script("zsh"));
    assertThat(zsh).startsWith("(( $+functions[compdef] )) || { autoload -U +X compinit && compinit -u; }\n").endsWith("\nunalias compopt\n");
    assertThat(bash).contains("  setopt COMPLETE_ALIASES\n").contains("autoload -U +X bashcompinit").contains("alias compopt=complete");
    assertThat(zsh).contains(bash.lines().filter(line -> !line.contains("setopt COMPLETE")).toList());
  }

  private Path script(String shell) throws IOException {
    Typed typed = Typed.line("completion " + shell);
    assertThat(typed.code()).isZero();
    return Files.writeString(directory.resolve(shell), typed.out());
  }

  /** What bash offers for a line, whose last word is the one to be completed. */
  private static String[] completed(Path script, String line) throws IOException {
    String program = "source " + script + "\n"
        + "COMP_LINE='" + line + "'; read -ra COMP_WORDS <<<\"$COMP_LINE\"; [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')\n"
        + "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_POINT=${#COMP_LINE}\n"
        + "_complete_moorage; printf '%s\\n' \"${COMPREPLY[@]}\"";
    return Command.of("bash", "-c", program).run().strip().split("\\s+");
  }
}
