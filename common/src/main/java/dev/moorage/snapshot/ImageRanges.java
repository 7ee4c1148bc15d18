package dev.moorage.snapshot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a snapshot's image holds, and what may differ between it and an older one, by FIEMAP.
 *
 * <p>Two pieces are the same when both are mapped at the same address, or both read as zeros. That holds only while both files exist,
 * share one filesystem and never change (sealed images of one pool), and when the flags of the extents are of {LAST, SHARED, MERGED,
 * UNWRITTEN}: everything else is listed as changed. Both maps are read now; no map is ever stored. (facts: linux/fiemap.h; an address
 * is used again as soon as the last file lets go of it, so a stored map proves nothing.)
 */
public final class ImageRanges {

  private ImageRanges() {}

  /** Everything that may hold something else than zeros. */
  public static Ranges held(Path image) throws IOException {
    long size = Files.size(image);
    return new Walk(new ExtentRun(image, size), null, image, size);
  }

  /** Whether the two can be compared by their maps: on one filesystem, and the older one not larger. */
  public static boolean areComparable(Path image, Path base) throws IOException {
    return Files.getAttribute(image, "unix:dev").equals(Files.getAttribute(base, "unix:dev")) && Files.size(base) <= Files.size(image);
  }

  /**
   * Everything that may differ from {@code base}, which may have been smaller; what turned into zeros is listed as well.
   *
   * @throws IOException when the two are not {@link #areComparable comparable}
   */
  public static Ranges changed(Path image, Path base) throws IOException {
    long size = Files.size(image);
    if (!areComparable(image, base)) {
      throw new IOException("compare " + image + " with " + base + ": they are not on one filesystem, or the older one is larger");
    }
    ExtentRun now = new ExtentRun(image, size);
    try {
      return new Walk(now, new ExtentRun(base, size), base, size);
    } catch (IOException e) {
      now.close();
      throw e;
    }
  }

  /** One walk; {@code before} is null when there is nothing to compare with, and {@code checked} is the file whose map is read twice. */
  private static final class Walk implements Ranges {

    private final ExtentRun now;
    private final @Nullable ExtentRun before;
    private final Path checked;
    private final long size;
    private long position;

    Walk(ExtentRun now, @Nullable ExtentRun before, Path checked, long size) {
      this.now = now;
      this.before = before;
      this.checked = checked;
      this.size = size;
    }

    @Override
    public @Nullable Range next() throws IOException {
      long from = -1;
      while (position < size) {
        boolean wanted = step();
        long end = pieceEnd();
        if (wanted && from < 0) {
          from = position;
        } else if (!wanted && from >= 0) {
          return new Range(from, position - from);
        }
        position = end;
      }
      return from < 0 ? null : new Range(from, size - from);
    }

    /** Moves to the present position; says whether the piece there must be read. */
    private boolean step() throws IOException {
      now.moveTo(position);
      if (before == null) {
        return now.kind() != ExtentRun.Kind.ZERO;
      }
      before.moveTo(position);
      return !now.isSameAs(before);
    }

    private long pieceEnd() {
      return before == null ? now.end() : Math.min(now.end(), before.end());
    }

    @Override
    public boolean confirm() throws IOException {
      try (ExtentRun again = new ExtentRun(checked, size)) {
        return again.checksum() == (before == null ? now : before).checksum();
      }
    }

    @Override
    public void close() throws IOException {
      now.close();
      if (before != null) {
        before.close();
      }
    }
  }
}
