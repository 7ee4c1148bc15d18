package dev.moorage.doctor;

import java.util.Locale;

/**
 * What one check found.
 *
 * @param check the check's name, stable for scripts
 * @param meaning what was found and what it means
 * @param remedy what to do; empty when all is well
 */
public record Finding(String check, Level level, String meaning, String remedy) {

  /** How bad it is. */
  public enum Level {
    OK,
    /** It works, but not as well or not for long. */
    WARN,
    /** Something that Moorage needs is missing or broken. */
    FAIL;

    /** The word for scripts. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Finding ok(String check, String meaning) {
    return new Finding(check, Level.OK, meaning, "");
  }

  static Finding warn(String check, String meaning, String remedy) {
    return new Finding(check, Level.WARN, meaning, remedy);
  }

  static Finding fail(String check, String meaning, String remedy) {
    return new Finding(check, Level.FAIL, meaning, remedy);
  }
}
