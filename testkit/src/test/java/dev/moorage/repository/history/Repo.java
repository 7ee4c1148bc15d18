package dev.moorage.repository.history;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.repository.RepositoryId;
import dev.moorage.repository.key.KeyRing;
import dev.moorage.repository.pack.BlobRef;
import dev.moorage.repository.pack.PackName;
import dev.moorage.repository.seal.Sealer;
import dev.moorage.testkit.objectstore.ModelObjectStore;
import dev.moorage.volume.Owner;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.VolumeId;
import dev.moorage.volume.VolumeName;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;

/** A repository in memory with its real sealing, and a clock that tests move. */
public final class Repo {

  public static final Instant BEGINNING = Instant.parse("2030-01-01T00:00:00Z");
  public static final VolumeId VOLUME = VolumeId.parse("00000000-0000-4000-8000-000000000001");

  private final AtomicReference<Instant> now = new AtomicReference<>(BEGINNING);
  public final Clock clock = new MovedClock(now);
  public final SecureRandom random = new SecureRandom();
  public final ObjectStore store;
  private final ObjectSealing sealing;
  public final SealedObjects objects;
  public final History history;
  public final Tombstones tombstones;
  public final Sessions sessions;

  public Repo() {
    this.store = new ModelObjectStore(clock);
    this.sealing = ObjectSealing.of(new Sealer(KeyRing.create(RepositoryId.random(random), random), random));
    this.objects = new SealedObjects(store, sealing);
    this.history = new History(objects, clock);
    this.tombstones = new Tombstones(objects);
    this.sessions = new Sessions(objects, history, tombstones, random, clock);
  }

  /** The same objects through a decorator of the store. */
  public SealedObjects objectsIn(ObjectStore seen) {
    return new SealedObjects(seen, sealing);
  }

  public void pass(Duration time) {
    now.updateAndGet(each -> each.plus(time));
  }

  /** Opens a session for the volume of the tests. */
  public WriterSession open(long known) throws IOException {
    return ((Opening.Opened) sessions.openWriter(request(known))).session();
  }

  public static WriterRequest request(long known) {
    return new WriterRequest(VOLUME, "host", SnapshotId.parse("00000000-0000-4000-8000-000000000009"), known);
  }

  /** Stores a pack of the session. */
  public PackName pack(WriterSession session) throws IOException {
    PackName pack = PackName.random(session.id(), random);
    store.putIfAbsent(new ObjectKey(pack.key()), Content.of(new byte[] {1, 2, 3}));
    return pack;
  }

  public boolean has(PackName pack) throws IOException {
    return store.head(new ObjectKey(pack.key())).isPresent();
  }

  /** An entry of the session whose root lies in these packs. */
  public static SnapshotEntry entry(WriterSession session, PackName... packs) {
    List<BlobRef> root = List.of(packs).stream().map(pack -> new BlobRef(pack, 0, 64, 132, 100)).toList();
    return new SnapshotEntry(session.seat(), session.id(), request(0).snapshot(), origin(), BEGINNING, 1 << 20, 4096,
        Map.of("filesystem", "xfs"), root, OptionalLong.empty(), Map.of("read", 5L));
  }

  static SnapshotEntry.Origin origin() {
    return new SnapshotEntry.Origin(PoolId.parse("00000000-0000-4000-8000-000000000002"), "host", Owner.LOCAL, new VolumeName("db"),
        new SnapshotName("before"), VOLUME, Optional.of("group"));
  }

  /** Opens, uploads one pack, commits and ends; returns the pack. */
  public PackName snapshot(long known) throws IOException {
    WriterSession session = open(known);
    PackName pack = pack(session);
    session.commit(entry(session, pack));
    session.end();
    return pack;
  }

  public static Seat seat(long seq) {
    return new Seat(VOLUME, seq);
  }

  private static final class MovedClock extends Clock {

    private final AtomicReference<Instant> now;

    private MovedClock(AtomicReference<Instant> now) {
      this.now = now;
    }

    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now.get();
    }
  }
}
