package dev.moorage.linux;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The first two numbers of a Linux release. */
public record KernelVersion(int major, int minor) {

  private static final Pattern RELEASE = Pattern.compile("(\\d+)\\.(\\d+).*", Pattern.DOTALL);

  /** Reads a release as {@code uname -r} prints it, such as {@code 6.1.0-25-amd64}. */
  static KernelVersion parse(String release) throws IOException {
    Matcher matcher = RELEASE.matcher(release);
    if (!matcher.matches()) {
      throw new IOException("the kernel's release '" + release.strip() + "' has no version in it");
    }
    return new KernelVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  public boolean isAtLeast(int otherMajor, int otherMinor) {
    return major > otherMajor || (major == otherMajor && minor >= otherMinor);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
