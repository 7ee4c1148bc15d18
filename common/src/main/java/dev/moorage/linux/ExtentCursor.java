package dev.moorage.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Walks the extents of a file in their order, a batch of them in memory at a time, however many there are. What was written but has no
 * place yet is flushed first (FIEMAP_FLAG_SYNC). For one thread at a time; the file should not change meanwhile.
 */
public final class ExtentCursor implements AutoCloseable {

  private final OpenFile file;
  private final Arena arena;
  private final MemorySegment request;
  private int mapped;
  private int next;
  private long start;
  private boolean last;

  private ExtentCursor(OpenFile file) {
    this.file = file;
    this.arena = Arena.ofShared();
    this.request = Fiemap.request(arena);
  }

  public static ExtentCursor open(Path path) throws IOException {
    return new ExtentCursor(OpenFile.open(path, OpenFile.READ));
  }

  /** The next extent, or null after the last one. */
  public FileOps.@Nullable Extent next() throws IOException {
    if (next == mapped) {
      if (last) {
        return null;
      }
      mapped = Fiemap.fill(file, request, start);
      next = 0;
      if (mapped == 0) {
        last = true;
        return null;
      }
    }
    FileOps.Extent extent = Fiemap.extent(request, next++);
    start = extent.logical() + extent.length();
    last = Fiemap.isLast(extent);
    return extent;
  }

  @Override
  public void close() throws ErrnoException {
    arena.close();
    file.close();
  }
}
