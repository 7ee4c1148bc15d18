package dev.moorage.volume;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes. Text forms use binary units: {@code 10G}, {@code 10Gi} and {@code 10GiB} all mean 10 × 2^30 bytes, as
 * in {@code docker run --memory}; a number alone is bytes.
 */
public record ByteSize(long bytes) implements Comparable<ByteSize> {

  private static final Pattern TEXT =
      Pattern.compile("(\\d{1,18})(?:\\.(\\d{1,3}))?\\s*([kKmMgGtTpP]?)(?:i?[bB]|i)?");
  private static final String UNITS = "KMGTP";

  public ByteSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("negative size: " + bytes);
    }
  }

  public static ByteSize ofBytes(long bytes) {
    return new ByteSize(bytes);
  }

  public static ByteSize ofMebibytes(long mebibytes) {
    return new ByteSize(Math.multiplyExact(mebibytes, 1L << 20));
  }

  public static ByteSize ofGibibytes(long gibibytes) {
    return new ByteSize(Math.multiplyExact(gibibytes, 1L << 30));
  }

  /**
   * Reads a size as a user types it.
   *
   * @throws IllegalArgumentException with a sentence for the user when it is not a size or does not fit
   */
  public static ByteSize parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a size; write a number with K, M, G or T behind it, such as 10G");
    }
    String unit = matcher.group(3).toUpperCase(Locale.ROOT);
    long scale = unit.isEmpty() ? 1 : 1L << (10 * (UNITS.indexOf(unit) + 1));
    try {
      long whole = Math.multiplyExact(Long.parseLong(matcher.group(1)), scale);
      String fraction = matcher.group(2);
      if (fraction == null) {
        return new ByteSize(whole);
      }
      return new ByteSize(Math.addExact(whole, (long) (Double.parseDouble("0." + fraction) * scale)));
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("'" + text + "' is too large; the largest size is 8191P", e);
    }
  }

  /** The same for a size that cannot be none. */
  public static ByteSize parsePositive(String text) {
    ByteSize size = parse(text);
    if (size.bytes() == 0) {
      throw new IllegalArgumentException("'" + text + "' is no size at all: it holds nothing");
    }
    return size;
  }

  public ByteSize plus(ByteSize other) {
    return new ByteSize(Math.addExact(bytes, other.bytes));
  }

  /** This size, or the next multiple of {@code unit} above it. */
  public ByteSize roundUpTo(long unit) {
    return new ByteSize(Math.multiplyExact(Math.ceilDiv(bytes, unit), unit));
  }

  @Override
  public int compareTo(ByteSize other) {
    return Long.compare(bytes, other.bytes);
  }

  /** The shortest exact or two-digit form with a binary unit: {@code 10G}, {@code 1.5G}, {@code 300M}, {@code 12B}. */
  @Override
  public String toString() {
    int unit = 0;
    long scale = 1;
    while (unit < UNITS.length() && bytes >= scale * 1024) {
      scale *= 1024;
      unit++;
    }
    if (unit == 0) {
      return bytes + "B";
    }
    String letter = UNITS.substring(unit - 1, unit);
    return bytes % scale == 0
        ? bytes / scale + letter
        : String.format(Locale.ROOT, "%.1f%s", bytes / (double) scale, letter);
  }
}
