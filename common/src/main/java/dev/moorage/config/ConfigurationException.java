package dev.moorage.config;

import java.util.List;

/** The configuration cannot be used; carries every problem that was found, one sentence each, with the place first. */
public final class ConfigurationException extends Exception {

  private final List<String> problems;

  ConfigurationException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  public List<String> problems() {
    return problems;
  }
}
