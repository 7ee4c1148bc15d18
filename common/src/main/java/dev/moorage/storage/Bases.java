package dev.moorage.storage;

import dev.moorage.failpoint.Failpoint;
import dev.moorage.record.Directories;
import dev.moorage.repository.Upload;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.VolumeId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * What one pool keeps for its next uploads, below {@code bases/}: how far it is in each history, and the image of the newest snapshot
 * that it committed there, which shares its blocks with the local snapshot and outlives it. Changes of one key come one after the
 * other; everything else may be called by any thread at any time.
 */
final class Bases {

  private static final System.Logger LOG = System.getLogger(Bases.class.getName());
  private static final String IMAGE = ".image";

  private final Path directory;
  private final Map<WriterRecord.Key, WriterRecord> records = new ConcurrentHashMap<>();
  private final Set<WriterRecord.Key> used = new HashSet<>();

  private Bases(Path directory) {
    this.directory = directory;
  }

  /** Reads what there is, and removes images that a dead process left half-replaced. */
  static Bases open(Path directory) throws IOException {
    Bases bases = new Bases(directory);
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, Files::isDirectory)) {
      for (Path entry : entries) {
        if (Files.exists(entry.resolve(WriterRecord.FILE))) {
          WriterRecord record = WriterRecord.read(entry);
          bases.records.put(record.key(), record);
          bases.removeOldImages(record);
        } else {
          Directories.deleteTree(entry);
        }
      }
    }
    return bases;
  }

  /** How far this pool is in that history. */
  WriterRecord of(WriterRecord.Key key) {
    return records.getOrDefault(key, WriterRecord.none(key));
  }

  /** Of every volume and repository. */
  Stream<WriterRecord> all() {
    return records.values().stream();
  }

  /** Of every repository that the volume was uploaded to. */
  List<WriterRecord> of(VolumeId volume) {
    return records.values().stream().filter(each -> each.key().volume().equals(volume)).toList();
  }

  private Path directory(WriterRecord.Key key) {
    return directory.resolve(key.directory());
  }

  private Path image(WriterRecord.Key key, SnapshotId snapshot) {
    return directory(key).resolve(snapshot + IMAGE);
  }

  /** Makes it durable that an attempt was begun. */
  synchronized void attempted(WriterRecord.Key key, Upload.Attempt attempt) throws IOException {
    write(of(key).attempted(attempt));
    Failpoint.UPLOAD_ATTEMPT_RECORDED.reach();
  }

  /** Makes it durable that extent maps were found to lie about this volume. The first time counts: since then everything was read. */
  synchronized void distrust(WriterRecord.Key key, LastUpload.Distrust why) throws IOException {
    if (!of(key).distrusts()) {
      write(of(key).distrusting(why));
    }
  }

  /** This pool continues the history from that seat on. */
  synchronized void tookOver(WriterRecord.Key key, long seq) throws IOException {
    write(of(key).tookOver(seq));
  }

  /** A snapshot with this image is committed: the image is the base of the next one. */
  synchronized void committed(WriterRecord.Key key, WriterRecord.Last last, Path image) throws IOException {
    Directories.create(directory(key));
    Path base = image(key, last.snapshot());
    if (!Files.exists(base)) {
      HeldImage.hold(image, base);
    }
    Failpoint.BASE_HELD.reach();
    WriterRecord record = of(key).committed(last);
    write(record);
    Failpoint.BASE_RECORDED.reach();
    removeOldImages(record);
  }

  private void write(WriterRecord record) throws IOException {
    Directories.create(directory(record.key()));
    record.write(directory(record.key()));
    records.put(record.key(), record);
  }

  private void removeOldImages(WriterRecord record) throws IOException {
    Optional<Path> kept = record.last().map(last -> image(record.key(), last.snapshot()));
    try (DirectoryStream<Path> images = Files.newDirectoryStream(directory(record.key()), "*" + IMAGE)) {
      for (Path image : images) {
        if (!kept.equals(Optional.of(image))) {
          Files.delete(image);
        }
      }
    }
  }

  /** The base of the next upload while it is used, so that nothing drops it meanwhile; close it. */
  synchronized Use use(WriterRecord.Key key) {
    used.add(key);
    WriterRecord record = of(key);
    return new Use(key, record, record.last()
        .map(last -> new Upload.Base(image(key, last.snapshot()), last.seq()))
        .filter(base -> Files.exists(base.image())));
  }

  /** A record and its base image, if that is still here. */
  final class Use implements AutoCloseable {
    private final WriterRecord.Key key;
    private final WriterRecord record;
    private final Optional<Upload.Base> base;

    private Use(WriterRecord.Key key, WriterRecord record, Optional<Upload.Base> base) {
      this.key = key;
      this.record = record;
      this.base = base;
    }

    WriterRecord record() {
      return record;
    }

    Optional<Upload.Base> base() {
      return base;
    }

    @Override
    public void close() {
      synchronized (Bases.this) {
        used.remove(key);
      }
    }
  }

  /**
   * Deletes the oldest image that no upload uses, to give the pool room: the next upload of that volume reads everything.
   *
   * @return whether there was one
   */
  synchronized boolean dropOldest() {
    List<Path> images = new ArrayList<>();
    for (WriterRecord record : records.values()) {
      if (!used.contains(record.key())) {
        record.last().map(last -> image(record.key(), last.snapshot())).filter(Files::exists).ifPresent(images::add);
      }
    }
    Optional<Path> oldest = images.stream().min(Comparator.comparing(Bases::modified));
    try {
      return oldest.isPresent() && Files.deleteIfExists(oldest.get());
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "the base image " + oldest + " cannot be deleted", e);
      return false;
    }
  }

  private static FileTime modified(Path image) {
    try {
      return Files.getLastModifiedTime(image);
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }

  /** Deletes the images of volumes of which neither the volume nor a snapshot is left; the records stay. */
  synchronized void retain(Set<VolumeId> present) {
    for (WriterRecord record : records.values()) {
      Optional<Path> image = record.last().map(last -> image(record.key(), last.snapshot()));
      if (image.isPresent() && !present.contains(record.key().volume()) && !used.contains(record.key())) {
        try {
          Files.deleteIfExists(image.get());
        } catch (IOException e) {
          LOG.log(System.Logger.Level.WARNING, "the base image " + image.get() + " cannot be deleted", e);
        }
      }
    }
  }
}
