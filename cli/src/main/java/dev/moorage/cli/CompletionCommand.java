package dev.moorage.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code moorage completion}. */
@Command(name = "completion", description = {
    "Print a script with which the shell completes commands and options.",
    "Use it with: source <(moorage completion bash)"})
final class CompletionCommand implements Callable<Integer> {

  /** The shells there are; in lower case because users type them. */
  enum Shell {
    bash,
    zsh
  }

  private final MoorageCommand root;

  @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
  Shell shell = Shell.bash;

  CompletionCommand(MoorageCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    String script = AutoComplete.bash("moorage", Commands.all(root));
    // zsh runs the same script once it was taught bash's ways; both need the functions of compinit first.
    String zsh = "autoload -U +X compinit && compinit -u\nautoload -U +X bashcompinit && bashcompinit\n";
    root.terminal().out().print((shell == Shell.zsh ? zsh : "") + script);
    return ExitCode.OK;
  }
}
