package dev.moorage.tidy;

/** A place that breaks a rule, and what to do instead. {@code line} counts from 1. */
record Finding(String path, int line, String message) {

  @Override
  public String toString() {
    return path + ":" + line + ": " + message;
  }
}
