package dev.moorage.backend.image;

import dev.moorage.linux.FileOps;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleConsumer;

/**
 * Copies the data of one file into another and keeps its holes. Each run of data is claimed in one piece before it is written,
 * so the copy has few extents however scattered the source is. Reads and writes by hand, because the JDK's transfers let XFS
 * share the blocks, and a copy that shares stays scattered.
 */
final class SparseCopy {

  private static final int PIECE_BYTES = 4 << 20;
  /** FIEMAP_EXTENT_UNWRITTEN: claimed but never written, reads as zeros. */
  private static final int UNWRITTEN = 0x800;

  private final Path source;
  private final Path target;
  private final DoubleConsumer progress;
  private long bytesDone;

  private SparseCopy(Path source, Path target, DoubleConsumer progress) {
    this.source = source;
    this.target = target;
    this.progress = progress;
  }

  /** Copies into an existing file that holds nothing; not durable before a flush. */
  static void copy(Path source, Path target, DoubleConsumer progress) throws IOException {
    new SparseCopy(source, target, progress).run();
  }

  /** A run of data without holes. */
  private record Run(long offset, long length) {

    long end() {
      return offset + length;
    }
  }

  private void run() throws IOException {
    progress.accept(0);
    try (FileChannel from = FileChannel.open(source, StandardOpenOption.READ);
        FileChannel to = FileChannel.open(target, StandardOpenOption.WRITE)) {
      List<Run> runs = runs(from.size());
      long total = runs.stream().mapToLong(Run::length).sum();
      ByteBuffer piece = ByteBuffer.allocateDirect((int) Math.min(PIECE_BYTES, runs.stream().mapToLong(Run::length).max().orElse(0)));
      for (Run run : runs) {
        FileOps.allocate(target, run.offset, run.length);
        copy(run, from, to, piece, total);
      }
    }
    progress.accept(1);
  }

  private List<Run> runs(long size) throws IOException {
    List<Run> runs = new ArrayList<>();
    for (FileOps.Extent extent : FileOps.extents(source)) {
      long end = Math.min(extent.logical() + extent.length(), size);
      if ((extent.flags() & UNWRITTEN) != 0 || end <= extent.logical()) {
        continue;
      }
      Run run = new Run(extent.logical(), end - extent.logical());
      if (!runs.isEmpty() && runs.getLast().end() == run.offset) {
        Run before = runs.removeLast();
        run = new Run(before.offset, before.length + run.length);
      }
      runs.add(run);
    }
    return runs;
  }

  private void copy(Run run, FileChannel from, FileChannel to, ByteBuffer piece, long total) throws IOException {
    long offset = run.offset;
    while (offset < run.end()) {
      piece.clear().limit((int) Math.min(piece.capacity(), run.end() - offset));
      int read = from.read(piece, offset);
      if (read < 0) {
        throw new IOException("copy " + source + ": it became shorter while it was copied");
      }
      piece.flip();
      long written = offset;
      while (piece.hasRemaining()) {
        written += to.write(piece, written);
      }
      offset += read;
      bytesDone += read;
      progress.accept((double) bytesDone / total);
    }
  }
}
