package dev.moorage.repository;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.LookingStore;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.objectstore.ProbeReport;
import dev.moorage.repository.backup.BackupStats;
import dev.moorage.repository.gc.Accounting;
import dev.moorage.repository.gc.CollectionProgress;
import dev.moorage.repository.gc.CollectionReport;
import dev.moorage.repository.gc.CollectionSettings;
import dev.moorage.repository.gc.Collector;
import dev.moorage.repository.history.History;
import dev.moorage.repository.history.ObjectSealing;
import dev.moorage.repository.history.PackSet;
import dev.moorage.repository.history.ReaderSession;
import dev.moorage.repository.history.SealedObjects;
import dev.moorage.repository.history.Seat;
import dev.moorage.repository.history.Sessions;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.history.Tombstones;
import dev.moorage.repository.key.KeyRing;
import dev.moorage.repository.key.KeySlot;
import dev.moorage.repository.key.RecoveryKey;
import dev.moorage.repository.key.UnlockSecret;
import dev.moorage.repository.map.Root;
import dev.moorage.repository.map.RootCodec;
import dev.moorage.repository.pack.PackName;
import dev.moorage.repository.pack.StoredBlobs;
import dev.moorage.repository.restore.Restore;
import dev.moorage.repository.restore.RestoreJournal;
import dev.moorage.repository.seal.Sealer;
import dev.moorage.repository.verify.Verifier;
import dev.moorage.repository.verify.VerifyReport;
import dev.moorage.snapshot.ImageMaps;
import dev.moorage.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * A repository of remote snapshots in an object store, unlocked.
 *
 * <p>Everything but {@link #collect} and the removal of keys works with a credential that can neither delete nor overwrite packs and
 * history. Any number of hosts may use it at once, unless it was declared for a single writer, and then everybody else may read. Every
 * method may be repeated after a failure or a crash; nothing is done twice by that, and nothing that was committed is lost. Safe for
 * use by several threads.
 *
 * <p>Failures are {@link ObjectStoreException} when the store cannot do something, {@link UnreadableException} when what it holds is
 * not what was written.
 */
public final class Repository implements AutoCloseable {

  private final ObjectStore store;
  private final Optional<SoleWriterStore> guard;
  private final RepositoryHeader header;
  private final KeyRing ring;
  private final SealedObjects objects;
  private final History history;
  private final Sessions sessions;
  private final SecureRandom random;
  private final Clock clock;

  private Repository(
      ObjectStore bare, RepositoryHeader header, KeyRing ring, Optional<Hex128> self, SecureRandom random, Clock clock) {
    this.guard = header.singleWriter() ? Optional.of(new SoleWriterStore(bare, new Sealer(ring, random), self)) : Optional.empty();
    this.store = guard.isPresent() ? guard.get() : bare;
    this.header = header;
    this.ring = ring;
    this.random = random;
    this.clock = clock;
    this.objects = new SealedObjects(store, ObjectSealing.of(new Sealer(ring, random)));
    this.history = new History(objects, clock);
    this.sessions = new Sessions(objects, history, new Tombstones(objects), random, clock);
  }

  /**
   * What a new repository is to be.
   *
   * @param blockBytes see {@link RepositoryHeader}
   * @param secret opens it from now on
   * @param label what its key slot is called, for people
   * @param writer the host that alone will ever write, when that is declared: then a store that cannot refuse to overwrite will do
   */
  public record Creation(int blockBytes, UnlockSecret secret, String label, Optional<SoleWriter> writer) {

    /** One that many hosts may share. */
    public Creation(int blockBytes, UnlockSecret secret, String label) {
      this(blockBytes, secret, label, Optional.empty());
    }
  }

  /** A new repository, and the words of its recovery key, which nobody can show again. */
  public record Created(Repository repository, String recoveryKey) {}

  /**
   * Makes a repository in a store that holds none, which it probes first. A crash in the middle leaves key slots that nobody can use
   * and no repository; it may be repeated.
   *
   * @throws ObjectStoreException.ConditionsUnsupported when the store cannot be shared safely
   * @throws ObjectStoreException.Invalid when there is a repository already
   */
  public static Created create(ObjectStore store, Creation creation, Clock clock) throws IOException {
    if (store.head(RepositoryHeader.KEY).isPresent()) {
      throw exists(store);
    }
    demandFit(store, creation.writer.isPresent());
    SecureRandom random = new SecureRandom();
    RepositoryHeader header = new RepositoryHeader(
        RepositoryId.random(random), creation.blockBytes, clock.instant(), creation.writer.isPresent());
    KeyRing ring = KeyRing.create(header.id(), random);
    RecoveryKey recovery = RecoveryKey.generate(random);
    Repository repository = new Repository(store, header, ring, creation.writer.map(SoleWriter::id), random, clock);
    if (creation.writer.isPresent()) {
      repository.declareWriter(creation.writer.get());
    }
    repository.slots().add(ring, creation.secret, creation.label);
    repository.slots().add(ring, recovery, "recovery key");
    if (repository.store.putIfAbsent(RepositoryHeader.KEY, Content.of(header.toBytes(new Sealer(ring, random)))).isEmpty()) {
      throw exists(store);
    }
    return new Created(repository, recovery.words());
  }

  private static void demandFit(ObjectStore store, boolean singleWriter) throws ObjectStoreException {
    ProbeReport probe = singleWriter ? new LookingStore(store).probe() : store.probe();
    if (singleWriter ? !probe.isFitForOneWriter() : !probe.isFitForManyWriters()) {
      throw new ObjectStoreException.ConditionsUnsupported("create a repository in " + store,
          "this store does not keep what a repository needs:\n" + probe.text(), "See docs/object-stores.md for stores that do"
              + (probe.isFitForOneWriter() && !singleWriter ? "; or declare with --single-writer that this host alone will ever write" : ""), null);
    }
  }

  private static ObjectStoreException exists(ObjectStore store) {
    return new ObjectStoreException.Invalid("create a repository in " + store, "there is one already",
        "Use it, or choose another place", null);
  }

  /**
   * Opens a repository.
   *
   * @throws ObjectStoreException.NoSuchObject when there is none
   * @throws UnreadableException.WrongKey when the secret does not open it
   */
  public static Repository open(ObjectStore store, UnlockSecret secret, Clock clock) throws IOException {
    return open(store, secret, Optional.empty(), clock);
  }

  /**
   * Opens a repository. When it was declared for a single writer, it can be written only when {@code self} is that.
   *
   * @throws ObjectStoreException.NoSuchObject when there is none
   * @throws UnreadableException.WrongKey when the secret does not open it
   */
  public static Repository open(ObjectStore store, UnlockSecret secret, Optional<Hex128> self, Clock clock) throws IOException {
    byte[] content;
    try (ObjectStream stream = store.get(RepositoryHeader.KEY)) {
      content = stream.readAllBytes();
    } catch (ObjectStoreException.NoSuchObject e) {
      throw new ObjectStoreException.NoSuchObject("open the repository in " + store, "there is none",
          "Check the location, or make one with moorage repository create", e);
    }
    RepositoryHeader header = RepositoryHeader.parse(content);
    SecureRandom random = new SecureRandom();
    KeyRing ring = new Keys(store, header.id(), random, clock).unlock(secret);
    header.prove(content, new Sealer(ring, random));
    return new Repository(store, header, ring, self, random, clock);
  }

  /** The host that alone may write, when one was declared. */
  public Optional<SoleWriter> writer() throws IOException {
    return guard.isPresent() ? guard.get().writer() : Optional.empty();
  }

  /**
   * Makes this host the one that alone may write; the one before is refused from then on. Whoever declares it sees to it that the other
   * host is not at work any more: nothing else can.
   *
   * @throws IllegalStateException when the repository is not one for a single writer
   */
  public void declareWriter(SoleWriter writer) throws IOException {
    guard.orElseThrow(() -> new IllegalStateException("repository " + header.id() + " may be written by many")).declare(writer);
  }

  /** Refuses when this host may not write. */
  private void demandWriter() throws ObjectStoreException {
    if (guard.isPresent()) {
      guard.get().demandWriter();
    }
  }

  public RepositoryHeader header() {
    return header;
  }

  /**
   * Adds a secret that opens it.
   *
   * @throws UnreadableException.Rotated when the keys were rotated since this was opened
   */
  public KeySlot addKey(UnlockSecret secret, String label) throws IOException {
    demandNewestKeys();
    return slots().add(ring, secret, label);
  }

  /**
   * Prepares a rotation of its keys, after which these secrets open it. What has it open goes on with the old keys until it opens it
   * anew, this object too.
   *
   * @throws UnreadableException.WrongKey when one of them does not open it now
   */
  public KeyRotation rotation(List<UnlockSecret> secrets) throws IOException {
    demandWriter();
    return new KeyRotation(header.id(), slots(), epochs(), secrets, random);
  }

  /** Whether its keys were rotated since this was opened. One request. */
  public boolean isOutdated() throws IOException {
    return epochs().newest() > ring.epoch();
  }

  /** Refuses to write with old keys, and where this host may not write at all. */
  void demandNewestKeys() throws IOException {
    demandWriter();
    if (isOutdated()) {
      throw new UnreadableException.Rotated("repository " + header.id(), "has newer keys than those that it was opened with");
    }
  }

  private Epochs epochs() {
    return new Epochs(store, random);
  }

  /** How many packs there are, and the sum of their sizes; also those that nothing refers to. */
  public record Packs(long count, long bytes) {}

  /** Counts the packs. One request for each thousand. */
  public Packs packs() throws IOException {
    LongAdder count = new LongAdder();
    LongAdder bytes = new LongAdder();
    objects.list(PackName.PREFIX, entry -> {
      count.increment();
      bytes.add(entry.size());
    });
    return new Packs(count.sum(), bytes.sum());
  }

  /** Its key slots; a secret is added by {@link #addKey}. */
  public Keys slots() {
    return new Keys(store, header.id(), random, clock);
  }

  /** The histories of its volumes; {@link History#forget} and {@link History#takeover} change them. */
  public History history() {
    return history;
  }

  /**
   * All snapshots that are not forgotten, volume by volume, the newest first. One request for each.
   *
   * @throws UnreadableException when one of them cannot be read; see {@link #inventory}
   */
  public List<SnapshotEntry> snapshots() throws IOException {
    Inventory inventory = inventory();
    if (!inventory.unread().isEmpty()) {
      throw inventory.unread().getFirst().why();
    }
    return inventory.snapshots();
  }

  /** The same, with those that cannot be read set apart. */
  public Inventory inventory() throws IOException {
    return Inventory.of(history);
  }

  /**
   * Gives up an entry that is damaged or lost, so that collections go on: a damaged one is forgotten unread, and a void takes the seat of
   * a lost one. What only it used is deleted by the next collections.
   *
   * @return false when it can be read: then nothing was done
   * @throws ObjectStoreException.NoSuchObject when nothing ever took the seat
   */
  public boolean giveUp(Seat seat, String by) throws IOException {
    demandWriter();
    return history.giveUp(seat, by, SessionId.random(random));
  }

  /**
   * Stores and commits a local snapshot. {@code stats} can be watched meanwhile.
   *
   * @throws UnreadableException.Rotated when the keys were rotated since this was opened: nothing new is written with old keys
   */
  public Upload.Outcome upload(Upload upload, Upload.Attempts attempts, BackupStats stats) throws IOException {
    return upload(upload, attempts, stats, ImageMaps.ofFilesystem());
  }

  /** The same with other maps of the images. */
  Upload.Outcome upload(Upload upload, Upload.Attempts attempts, BackupStats stats, ImageMaps maps) throws IOException {
    demandNewestKeys();
    return new Uploader(this, upload, attempts, stats, maps).run();
  }

  /**
   * Prepares to copy snapshots of a volume into another repository.
   *
   * @param host where the copy is made, for people
   * @param spool a directory on a local disk for packs on their way; what is in it is deleted
   */
  public HistoryCopy copyTo(Repository target, VolumeId volume, String host, Path spool) {
    return new HistoryCopy(this, target, volume, host, spool);
  }

  /**
   * Restores a snapshot into a file that reads as zeros or was left by an earlier attempt with the same journal.
   *
   * @throws ObjectStoreException.NoSuchObject when the snapshot is forgotten
   */
  public void restore(Seat seat, Path target, Path journal, String host, Restore.Settings settings) throws IOException {
    try (Reading reading = Reading.begin(this, host, "restore of " + seat)) {
      SnapshotEntry entry = reading.snapshot("restore " + seat, seat);
      RestoreJournal kept = RestoreJournal.open(journal, header.id() + "/" + seat);
      try {
        new Restore(store, ring, root(entry), settings).into(target, kept);
      } catch (ObjectStoreException.NoSuchObject | ObjectStoreException.InvalidRange e) {
        throw reading.lost(seat, e);
      }
    }
  }

  /** A session that cannot be ended now is ended by a collection, days later. */
  static void end(ReaderSession session) {
    try {
      session.end();
    } catch (IOException e) {
      System.getLogger(Repository.class.getName()).log(System.Logger.Level.WARNING, "the end of session " + session.id()
          + " could not be marked; a collection does it later", e);
    }
  }

  /** Deletes what no snapshot refers to. Needs the right to delete. */
  public CollectionReport collect(CollectionSettings settings, CollectionProgress progress) throws IOException {
    demandWriter();
    return new Collector(store, objects, this::references, settings, random, clock).run(progress);
  }

  private void references(SnapshotEntry snapshot, PackSet to) throws IOException {
    snapshot.root().forEach(part -> to.add(part.pack()));
    root(snapshot).forEachPack(to::add);
  }

  /** Finds out what takes its space. */
  public Accounting accounting(CollectionProgress progress) {
    return new Accounting(objects, history, this::references, progress);
  }

  /** Reads as much of it as the settings say, and tells what is not as it was written. Changes nothing. */
  public VerifyReport verify(Verifier.Settings settings) throws IOException {
    return new Verifier(store, ring, history, settings).run();
  }

  /** The map of a snapshot. */
  Root root(SnapshotEntry entry) throws IOException {
    try (StoredBlobs blobs = new StoredBlobs(store, ring)) {
      return RootCodec.read("the map of " + entry.seat(), entry.root(), blobs::read);
    }
  }

  ObjectStore store() {
    return store;
  }

  KeyRing ring() {
    return ring;
  }

  Sessions sessions() {
    return sessions;
  }

  @Override
  public void close() throws ObjectStoreException {
    store.close();
  }
}
