package dev.moorage.cli;

import dev.moorage.client.AdminClient;
import dev.moorage.client.ClientException;
import dev.moorage.client.ServiceError;
import jakarta.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Shows the words of a recovery key once, and asks them back. They are never an argument, where other users could see them. */
final class RecoveryWords {

  private static final int ATTEMPTS = 3;

  private final MoorageCommand root;

  RecoveryWords(MoorageCommand root) {
    this.root = root;
  }

  /** Shows the new key of an answer; a person who can be asked is asked to type it. */
  void shown(String name, JsonObject answer, String sentence) throws ClientException {
    Terminal terminal = root.terminal();
    String words = answer.getString("recoveryKey");
    root.results().changed(answer, new View(List.of(), _ -> words), sentence + "\n\nrecovery key: " + words
        + "\n\nWrite it down and keep it away from this machine. With it and what is stored, everything can be restored;"
        + "\nnobody can show it again.");
    boolean confirmed = false;
    for (int i = 0; terminal.asks() && !confirmed && i < ATTEMPTS; i++) {
      terminal.err().print("\nType it to show that you have it (or Enter to do it later): ");
      terminal.err().flush();
      String typed = line();
      if (typed.isBlank()) {
        break;
      }
      confirmed = isConfirmed(name, typed);
    }
    terminal.err().println(confirmed ? "Right. It is noted that you have it."
        : "Until 'moorage repository confirm-key " + name + "' was told the key, 'moorage doctor' reminds you.");
  }

  private boolean isConfirmed(String name, String typed) throws ClientException {
    try {
      return confirm(name, typed).getString("name").equals(name);
    } catch (ServiceError e) {
      root.terminal().err().println(e.getMessage());
      return false;
    }
  }

  /** Tells the service the words; returns the repository. */
  JsonObject confirm(String name, String words) throws ClientException {
    return new AdminClient(root.socket()).post(RecoveryWords.path(name), Questions.body().add("recoveryKey", words).build())
        .getJsonObject("repository");
  }

  private static String path(String name) {
    return RepositoryCommand.path(name) + ":confirm-key";
  }

  /** What is typed or piped, one line. */
  String line() {
    try {
      String line = new BufferedReader(new InputStreamReader(root.terminal().in(), StandardCharsets.UTF_8)).readLine();
      return line == null ? "" : line;
    } catch (IOException e) {
      throw new IllegalArgumentException("the recovery key cannot be read: " + e.getMessage(), e);
    }
  }
}
