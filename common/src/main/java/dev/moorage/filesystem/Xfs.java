package dev.moorage.filesystem;

import dev.moorage.volume.ByteSize;
import dev.moorage.volume.FilesystemType;
import java.io.IOException;
import java.nio.file.Path;

/** Xfs inside a volume. */
record Xfs() implements Filesystem {

  @Override
  public FilesystemType type() {
    return FilesystemType.XFS;
  }

  @Override
  public ByteSize minimum() {
    throw new AssertionError("BUG: replaced by the linux room");
  }

  @Override
  public void make(Path imageOrDevice) throws IOException {
    throw new AssertionError("BUG: replaced by the linux room");
  }

  @Override
  public String mountOptions(boolean readOnly) {
    throw new AssertionError("BUG: replaced by the linux room");
  }

  @Override
  public void grow(Path device, Path mountPoint) throws IOException {
    throw new AssertionError("BUG: replaced by the linux room");
  }

  @Override
  public void check(Path imageOrDevice) throws IOException {
    throw new AssertionError("BUG: replaced by the linux room");
  }
}
