package dev.moorage.repository.backup;

import java.io.IOException;
import java.nio.file.Path;

/** What is backed up; it does not change meanwhile. Safe for use by several threads, each with its {@link Reader}. */
public interface ImageSource extends AutoCloseable {

  /** The image in a file. {@code unit}: what is read begins at multiples of it. */
  static ImageSource open(Path image, int unit) throws IOException {
    return FileImage.open(image, unit);
  }

  /** How many bytes it has. */
  long size();

  /** A reader of pieces of at most that many bytes. One thread at a time. */
  Reader reader(int lengthMax);

  /** Reads pieces. */
  interface Reader {

    /** Reads {@code length} bytes, all of which the image has, to the beginning of {@code into}. */
    void read(long offset, byte[] into, int length) throws IOException;
  }

  @Override
  void close() throws IOException;

  /** What it is, for messages. */
  @Override
  String toString();
}
