package dev.moorage.storage;

import dev.moorage.failpoint.Failpoint;
import dev.moorage.repository.Repository;
import dev.moorage.repository.Upload;
import dev.moorage.repository.backup.BackupStats;
import dev.moorage.repository.history.Seat;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.snapshot.ImageRanges;
import dev.moorage.snapshot.Range;
import dev.moorage.snapshot.Ranges;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.ContentSource;
import dev.moorage.volume.DedupScope;
import dev.moorage.volume.RemoteCopy;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.AlreadyExists;
import dev.moorage.volume.VolumeException.Corrupt;
import dev.moorage.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One run of an upload, from wherever the run before it got. Holds no lock while it transfers. */
record UploadTask(Core core, OpenPool pool, JobTable.Entry entry, UploadOrder order) {

  static final String IMAGE = "image";
  private static final System.Logger LOG = System.getLogger(UploadTask.class.getName());
  private static final String SPOOL = "spool";
  private static final int RELATIVES_MAX = 4;
  /** Every so many snapshots everything is read although there is a base, in case a map of extents ever lied. */
  private static final int READS_ALL_EVERY = 16;
  private static final Duration MARK_PATIENCE = Duration.ofMinutes(1);

  private String action() {
    return "upload " + entry.record().subject();
  }

  /** What was done, in a few words. */
  String run() throws VolumeException {
    Repository repository = core.repositories().open(order.repository());
    WriterRecord.Key key = new WriterRecord.Key(entry.record().volume(), repository.header().id());
    try (Bases.Use use = pool.bases().use(key)) {
      Optional<WriterRecord.Last> before = before(repository, key, use.record());
      if (before.isPresent()) {
        mark(key, before.get());
        return "had been uploaded";
      }
      BackupStats stats = new BackupStats();
      SnapshotEntry committed = upload(repository, key, use, stats);
      // As the entry tells it, so that it is not lost by a crash just after the commit.
      long unexplained = committed.figures().getOrDefault(BackupStats.UNEXPLAINED, 0L);
      if (unexplained > 0) {
        alarm(key, unexplained);
      }
      Failpoint.UPLOAD_COMMITTED.reach();
      WriterRecord.Last last = new WriterRecord.Last(order.snapshot(), order.label(), order.repository(), committed.seat().seq(),
          core.clock().instant());
      pool.bases().committed(key, last, image());
      mark(key, last);
      return ByteSize.ofBytes(stats.bytesRead()) + " read, " + ByteSize.ofBytes(stats.bytesSealed()) + " uploaded";
    } catch (IOException e) {
      throw core.repositories().failed(action(), order.repository(), repository, e);
    }
  }

  /**
   * Everything was read, and more had changed than the extent maps had told: a fault of the kernel or the filesystem, or of ours. It is
   * told at once, in the log, the events, the metrics and by the doctor, who tells it for ever; and from now on no map of this volume is
   * believed.
   */
  private void alarm(WriterRecord.Key key, long blocks) throws IOException {
    Operation operation = Operation.on(key.volume(), "compare", "the extent maps of volume " + order.owner() + "/" + order.volumeName());
    Corrupt failure = new Corrupt(operation.action(), blocks + " blocks had changed of which the maps did not tell", "Snapshot " + order.label()
        + " is right, because everything was read for it, and so is every later one; uploads before it may lack changes. Check the"
        + " kernel's log and the filesystem of pool " + pool.name());
    LOG.log(System.Logger.Level.ERROR, failure.getMessage());
    core.journal().failed("upload", operation, failure, 0);
    pool.bases().distrust(key, new LastUpload.Distrust(order.label(), blocks, core.clock().instant()));
  }

  /**
   * The commit of this very snapshot that its mark or the record of this writer tells of: the process died, or the disk failed, before
   * the job was ended; or somebody asks again. Empty when it was forgotten since.
   */
  private Optional<WriterRecord.Last> before(Repository repository, WriterRecord.Key key, WriterRecord record) throws IOException {
    Optional<WriterRecord.Last> told = record.last().filter(last -> last.snapshot().equals(order.snapshot())).or(() -> marked(key));
    return told.isPresent() && repository.history().isForgotten(new Seat(key.volume(), told.get().seq())) ? Optional.empty() : told;
  }

  private Optional<WriterRecord.Last> marked(WriterRecord.Key key) {
    return pool.catalog().snapshot(order.snapshot()).stream()
        .flatMap(snapshot -> snapshot.remotes().stream())
        .filter(copy -> copy.repositoryId().equals(key.repository().value()))
        .map(copy -> new WriterRecord.Last(order.snapshot(), order.label(), order.repository(), copy.seq(), copy.committedAt()))
        .findFirst();
  }

  private Path image() {
    return entry.workspace().resolve(IMAGE);
  }

  private SnapshotEntry upload(Repository repository, WriterRecord.Key key, Bases.Use use, BackupStats stats)
      throws IOException, VolumeException {
    WriterRecord record = use.record();
    boolean readsAll = record.distrusts() || (record.known() + 1) % READS_ALL_EVERY == 0;
    long bytesToRead = bytesToRead(readsAll ? Optional.empty() : use.base());
    entry.measure(Meter.begin(stats::bytesDone, bytesToRead));
    Upload upload = new Upload(order.snapshot(), key.volume(), order.origin(pool.id(), core.host()), order.cutAt(), order.spec(), image(),
        use.base(), new Upload.Sharing(relatives(key), scope(), bytesToRead), readsAll, record.known(),
        record.attempts(), entry.workspace().resolve(SPOOL));
    try (TransferCounts.Run _ = core.counts().upload(order.repository(), stats::bytesRead, stats::bytesSealed)) {
      return committed(repository.upload(upload, attempt -> pool.bases().attempted(key, attempt), stats));
    }
  }

  private DedupScope scope() throws VolumeException {
    return order.dedup().isPresent() ? order.dedup().get() : core.repositories().dedup(order.repository());
  }

  /** First what it was restored from, then what they all descend from, then others of this pool that are in this repository already. */
  private List<Upload.Relative> relatives(WriterRecord.Key key) {
    Stream<Upload.Relative> restored = pool.catalog().volume(key.volume()).stream()
        .map(Volume::source)
        .flatMap(source -> source instanceof ContentSource.FromRepository from ? Stream.of(from.place()) : Stream.empty())
        .filter(place -> place.repositoryId().equals(key.repository().value()))
        .map(place -> new Upload.Relative(place.volume(), place.seq()));
    Stream<VolumeId> others = Stream.concat(Stream.of(order.lineage()), pool.bases().all()
        .filter(each -> each.key().repository().equals(key.repository()) && each.known() > 0)
        .map(each -> each.key().volume())
        .filter(each -> pool.catalog().volume(each).filter(volume -> volume.lineage().equals(order.lineage())).isPresent()));
    return Stream.concat(restored, others.map(each -> new Upload.Relative(each, 0)))
        .filter(each -> !each.volume().equals(key.volume())).distinct().limit(RELATIVES_MAX).toList();
  }

  private SnapshotEntry committed(Upload.Outcome outcome) throws AlreadyExists {
    return switch (outcome) {
      case Upload.Outcome.Committed(SnapshotEntry committed) -> committed;
      case Upload.Outcome.AnotherWriter(String who) -> throw new AlreadyExists(action(),
          "somebody else continues the history of the volume in repository " + order.repository() + ": " + who,
          "If this host shall continue it, run 'moorage repository take-over " + order.repository() + " " + order.owner() + "/"
              + order.volumeName() + "' and upload again; the other one is stopped by that");
    };
  }

  private long bytesToRead(Optional<Upload.Base> base) throws IOException {
    long bytes = 0;
    // An older snapshot may be smaller than the one that was uploaded last; then everything is read.
    boolean compared = base.isPresent() && ImageRanges.areComparable(image(), base.get().image());
    try (Ranges ranges = compared ? ImageRanges.changed(image(), base.get().image()) : ImageRanges.held(image())) {
      for (Range range = ranges.next(); range != null; range = ranges.next()) {
        bytes += range.length();
      }
    }
    return bytes;
  }

  private void mark(WriterRecord.Key key, WriterRecord.Last last) throws VolumeException {
    RemoteCopy copy = new RemoteCopy(last.repository(), key.repository().value(), last.seq(), last.at());
    try (KeyedLock.Hold _ = core.work().locks().acquire(action(), MARK_PATIENCE, List.of(LockKey.of(order.snapshot())))) {
      pool.catalog().updateRemotes(order.snapshot(), snapshot -> snapshot.withRemote(copy));
    }
    Failpoint.UPLOAD_MARKED.reach();
  }
}
