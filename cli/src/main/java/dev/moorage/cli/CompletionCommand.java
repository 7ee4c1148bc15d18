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

  /** zsh runs the same script once it has learnt bash's ways. A compinit of the user's stays: a second one forgets what it knew. */
  private static final String ZSH_BEFORE = "(( $+functions[compdef] )) || { autoload -U +X compinit && compinit -u; }\n";
  /** An option of the user's shell, which would change how all other commands are completed. */
  private static final String COMPLETE_ALIASES = "  setopt COMPLETE_ALIASES\n";
  /** Only the functions of the script need the alias, and they have it by now. */
  private static final String ZSH_AFTER = "unalias compopt\n";

  private final MoorageCommand root;

  @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
  Shell shell = Shell.bash;

  CompletionCommand(MoorageCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    String script = AutoComplete.bash("moorage", Commands.all(root));
    root.terminal().out().print(switch (shell) {
      case bash -> script;
      case zsh -> ZSH_BEFORE + script.replace(COMPLETE_ALIASES, "") + ZSH_AFTER;
    });
    return ExitCode.OK;
  }
}
