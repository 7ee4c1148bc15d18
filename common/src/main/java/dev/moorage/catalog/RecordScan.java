package dev.moorage.catalog;

import dev.moorage.record.AtomicFile;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.Volume;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Reads all records of a directory, by a few threads: a pool may have ten thousand. Changes nothing but unfinished records. */
final class RecordScan implements AutoCloseable {

  private static final int THREADS_MAX = 4;
  private static final int PORTION = 256;

  private final ExecutorService threads = Executors.newFixedThreadPool(
      Math.min(THREADS_MAX, Runtime.getRuntime().availableProcessors()), Thread.ofPlatform().name("catalog-scan-", 0).factory());

  /** What every entry of the directory is, in no order. */
  List<Found> read(Path directory) throws IOException {
    List<Path> entries = entries(directory);
    List<Callable<List<Found>>> portions = new ArrayList<>();
    for (int from = 0; from < entries.size(); from += PORTION) {
      List<Path> portion = entries.subList(from, Math.min(entries.size(), from + PORTION));
      portions.add(() -> portion.stream().map(RecordScan::read1).toList());
    }
    List<Found> found = new ArrayList<>(entries.size());
    try {
      for (Future<List<Found>> portion : threads.invokeAll(portions)) {
        found.addAll(portion.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while reading " + directory);
    } catch (ExecutionException e) {
      throw new IOException("cannot read the records in " + directory, e.getCause());
    }
    return found;
  }

  static List<Path> entries(Path directory) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entries::add);
    } catch (java.nio.file.DirectoryIteratorException e) {
      throw e.getCause();
    }
    return entries;
  }

  /** Whether this is the name of a home: an id in its canonical form. */
  static boolean isHome(Path entry) {
    String name = entry.getFileName().toString();
    try {
      return UUID.fromString(name).toString().equals(name);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  static Problem foreign(Path entry) {
    return new Problem(entry, "Moorage did not make it", "Move it out of the pool");
  }

  private static Found read1(Path directory) {
    if (!isHome(directory)) {
      return new Found.Puzzle(foreign(directory));
    }
    try {
      return readHome(directory);
    } catch (NoSuchFileException e) {
      return puzzle(directory, "it has no record", "Put its volume.json or snapshot.json back, or move it out of the pool");
    } catch (IOException e) {
      return puzzle(directory, String.valueOf(e.getMessage()), DiskFailure.remedy(e));
    }
  }

  private static Found readHome(Path directory) throws IOException {
    String id = directory.getFileName().toString();
    try {
      Volume volume = VolumeRecord.read(directory);
      Files.deleteIfExists(directory.resolve(VolumeRecord.FILE + AtomicFile.UNFINISHED));
      return volume.id().toString().equals(id) ? new Found.OfVolume(directory, volume) : misplaced(directory, volume.id());
    } catch (NoSuchFileException e) {
      Snapshot snapshot = SnapshotRecord.read(directory);
      Files.deleteIfExists(directory.resolve(SnapshotRecord.FILE + AtomicFile.UNFINISHED));
      return snapshot.id().toString().equals(id) ? new Found.OfSnapshot(directory, snapshot) : misplaced(directory, snapshot.id());
    }
  }

  private static Found misplaced(Path directory, Object id) {
    return puzzle(directory, "its record is that of " + id, "Give the directory that name, or put its own record back");
  }

  private static Found puzzle(Path path, String reason, String remedy) {
    return new Found.Puzzle(new Problem(path, reason, remedy));
  }

  static List<Problem> problems(Collection<Found> found) {
    return found.stream().filter(Found.Puzzle.class::isInstance).map(each -> ((Found.Puzzle) each).problem()).toList();
  }

  @Override
  public void close() {
    threads.close();
  }
}
