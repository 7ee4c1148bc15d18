package dev.moorage.linux;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Claims ranges of a file before they are written (fallocate), so that the filesystem finds room for each in one piece, whatever the order
 * of the writes: a range that is written piece by piece past the page cache would be as many extents as it has pieces. What is claimed
 * reads as zeros until it is written; what was written stays. For one thread.
 */
public final class RangeClaims implements AutoCloseable {

  private static final int FALLOC_FL_KEEP_SIZE = 1;

  private final OpenFile file;

  private RangeClaims(OpenFile file) {
    this.file = file;
  }

  public static RangeClaims open(Path file) throws IOException {
    return new RangeClaims(OpenFile.open(file, OpenFile.READ_WRITE));
  }

  /**
   * Claims the range; the size of the file stays.
   *
   * @return whether this filesystem can do that
   * @throws ErrnoException with ENOSPC or EDQUOT when there is no room; a part of the range may be claimed then
   */
  public boolean claim(long offset, long length) throws IOException {
    try {
      file.allocate(FALLOC_FL_KEEP_SIZE, offset, length);
      return true;
    } catch (ErrnoException e) {
      return switch (e.errno()) {
        case Errno.EOPNOTSUPP, Errno.ENOSYS, Errno.EINVAL -> false;
        default -> throw e;
      };
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
