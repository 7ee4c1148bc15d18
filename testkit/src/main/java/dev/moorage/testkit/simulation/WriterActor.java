package dev.moorage.testkit.simulation;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.repository.SessionId;
import dev.moorage.repository.history.CommitOutcome;
import dev.moorage.repository.history.HistoryEntry;
import dev.moorage.repository.history.Opening;
import dev.moorage.repository.history.Seat;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.history.VoidEntry;
import dev.moorage.repository.history.WriterRequest;
import dev.moorage.repository.history.WriterSession;
import dev.moorage.repository.pack.BlobRef;
import dev.moorage.repository.pack.PackName;
import dev.moorage.repository.pack.PackNames;
import dev.moorage.volume.Owner;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.VolumeId;
import dev.moorage.volume.VolumeName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/** A pool that writes its volume, cuts snapshots and uploads them. */
final class WriterActor extends Actor {

  private static final int PACK_BLOBS = 2;
  private static final int UPLOAD_STEPS = 120;
  private static final int BLOB_OFFSET = 64;
  private static final int BLOB_OVERHEAD = 32;

  private final VolumeId volume;
  private final Plan plan;
  private final ObjectStore connection;
  private Disk disk;
  private int rounds;
  private boolean begun;

  /**
   * What a writer is.
   *
   * @param rounds how many snapshots it uploads
   * @param start how it comes to its volume
   * @param searches whether it looks in all packs while its history has no snapshot
   * @param checksParents whether it avoids packs of a parent that are doomed, as it need not
   * @param weakness what it does wrong
   */
  record Plan(int rounds, Start start, boolean searches, boolean checksParents, Weakness weakness) {}

  /** How a writer comes to its volume. */
  sealed interface Start {

    /** The volume is its own. */
    record Owner() implements Start {}

    /** After some steps it takes the volume over. */
    record Takeover(int steps) implements Start {}

    /** After some steps the other's machine is cloned, disk and all. */
    record Clone(int steps, WriterActor of) implements Start {}

    /** After some steps its volume is made of another one. */
    record Relative(int steps, WriterActor of) implements Start {}
  }

  WriterActor(World world, String name, ObjectStore store, VolumeId volume, Disk disk, Plan plan) {
    super(world, name, store);
    this.volume = volume;
    this.disk = disk;
    this.plan = plan;
    this.rounds = plan.rounds();
    String related = plan.start() instanceof Start.Relative relative ? "snaps/" + relative.of().volume + "/" : "";
    this.connection = WeakConnections.ofWriter(store, plan.weakness(), () -> disk, related);
  }

  @Override
  ObjectStore connection() {
    return connection;
  }

  Disk disk() {
    return disk;
  }

  VolumeId volume() {
    return volume;
  }

  @Override
  void live() throws IOException {
    if (!begun) {
      begin();
    }
    while (rounds > 0 && upload()) {
      rounds--;
    }
  }

  @Override
  void ended() {
    world.writerEnded();
  }

  private void begin() throws IOException {
    switch (plan.start()) {
      case Start.Owner _ -> idle(dice.below(5));
      case Start.Takeover takeover -> {
        idle(takeover.steps());
        disk.known = retried(() -> history().takeover(volume, new PoolId(new UUID(1, 1)), name)).seat().seq();
        world.trace(name, "has taken over at " + disk.known, "");
      }
      case Start.Clone clone -> {
        idle(clone.steps());
        disk = clone.of().disk.copy();
        world.trace(name, "is a clone of " + clone.of().name, "");
      }
      case Start.Relative relative -> {
        idle(relative.steps());
        disk.live = relative.of().disk.live.clone();
        world.trace(name, "has a volume made of that of " + relative.of().name, "");
      }
    }
    begun = true;
  }

  /** Uploads one snapshot. False when it is not the writer of this volume any more. */
  private boolean upload() throws IOException {
    if (disk.snapshot == null) {
      write();
      disk.cut = disk.live.clone();
      disk.snapshot = new SnapshotId(new UUID(dice.bits(), dice.bits()));
    }
    while (disk.snapshot != null) {
      if (disk.session != null) {
        Optional<WriterSession> resumed = goOn();
        if (disk.snapshot != null && resumed.isPresent()) {
          attempt(resumed.get());
        }
        continue;
      }
      Opening opening = sessions().openWriter(request());
      switch (opening) {
        case Opening.Opened opened -> {
          disk.session = opened.session().id();
          disk.seat = opened.session().seat();
          attempt(opened.session());
        }
        case Opening.AnotherWriter another -> {
          world.happened(Coverage.Event.ANOTHER_WRITER);
          world.trace(name, "stops, for another writer was at " + another.entry().seat(), "");
          return false;
        }
        case Opening.Over over -> throw new AssertionError("a new session was over: " + over);
      }
    }
    return true;
  }

  private WriterRequest request() {
    return new WriterRequest(volume, name, snapshot(), disk.known);
  }

  private SnapshotId snapshot() {
    return Objects.requireNonNull(disk.snapshot);
  }

  private SessionId session() {
    return Objects.requireNonNull(disk.session);
  }

  private void write() {
    for (int i = 0; i < disk.live.length; i++) {
      if (dice.chance(0.4)) {
        disk.live[i] = dice.chance(0.2) ? 0 : dice.chance(0.2) ? disk.live[dice.below(disk.live.length)] : world.newValue();
      }
    }
  }

  /** After a crash: goes on with the session, or settles it and begins anew. */
  private Optional<WriterSession> goOn() throws IOException {
    Seat seat = Objects.requireNonNull(disk.seat);
    if (dice.chance(0.5)) {
      over(sessions().settle(session(), seat));
      return Optional.empty();
    }
    return switch (sessions().resume(request(), session(), seat)) {
      case Opening.Opened opened -> {
        world.happened(Coverage.Event.RESUMED);
        yield Optional.of(opened.session());
      }
      case Opening.Over over -> {
        over(over.entry());
        yield Optional.empty();
      }
      case Opening.AnotherWriter another -> throw new AssertionError("a resumed session found " + another);
    };
  }

  /** The session's seat is taken: by its own snapshot, or else the snapshot is still to be uploaded. */
  private void over(HistoryEntry entry) {
    if (entry instanceof SnapshotEntry ours && ours.session().equals(disk.session)) {
      world.happened(Coverage.Event.COMMIT_FOUND_DONE);
      disk.known = ours.seat().seq();
      disk.finished();
    } else {
      disk.abandoned();
    }
  }

  /** A session that was fenced, or ended by a clone, protects nothing any more. */
  private void attempt(WriterSession session) throws IOException {
    try {
      transfer(session);
    } catch (ObjectStoreException.NoSuchObject e) {
      over(session.over().orElseThrow(() -> new Violation(name + " in " + session + ": " + e.getMessage())));
    }
  }

  private void transfer(WriterSession session) throws IOException {
    Map<Integer, BlockMap.Ref> reusable = reusable(session);
    resend();
    disk.stored.forEach((pack, texts) -> {
      if (pack.session().equals(session.id())) {
        index(reusable, pack, texts);
      }
    });
    int[] cut = Objects.requireNonNull(disk.cut);
    List<PackName> unsent = new ArrayList<>();
    uploadBlocks(session, cut, reusable, unsent);
    BlockMap map = new BlockMap(cut.length);
    for (int i = 0; i < cut.length; i++) {
      if (cut[i] != 0) {
        map.put(i, Objects.requireNonNull(reusable.get(cut[i])));
      }
    }
    PackName root = uploadMap(session, map);
    if (dice.chance(0.4)) {
      // An upload takes its time: others do a lot meanwhile.
      idle(dice.below(UPLOAD_STEPS));
      session.heartbeat();
    }
    if (dice.chance(0.1)) {
      startOver(session);
      return;
    }
    commit(session, map, root, cut);
    for (PackName pack : unsent) {
      send(pack);
    }
  }

  /** Gives up this attempt, and sometimes the snapshot as well. */
  private void startOver(WriterSession session) throws IOException {
    over(session.end());
    if (dice.chance(0.3)) {
      disk.finished();
    }
  }

  /** What is stored already and may be referred to, by its text. */
  private Map<Integer, BlockMap.Ref> reusable(WriterSession session) throws IOException {
    Map<Integer, BlockMap.Ref> reusable = new HashMap<>();
    for (SessionId earlier : disk.earlier) {
      for (PackName pack : session.survivors(earlier)) {
        int[] texts = disk.stored.get(pack);
        if (texts != null) {
          world.happened(Coverage.Event.REUSED_EARLIER_PACK);
          index(reusable, pack, texts);
        }
      }
    }
    Optional<SnapshotEntry> parent = session.parent();
    if (parent.isEmpty() && plan.searches()) {
      search(session, reusable);
    }
    if (parent.isEmpty() && plan.start() instanceof Start.Relative relative) {
      parent = session.relative(relative.of().volume, dice.below(3));
      parent.ifPresent(_ -> world.happened(Coverage.Event.BUILT_UPON_RELATIVE));
    }
    if (parent.isPresent()) {
      BlockMap map = BlockMap.read(connection(), parent.get());
      for (int i = 0; i < map.size(); i++) {
        BlockMap.Ref ref = map.at(i);
        if (ref != null && !(plan.checksParents() && session.isDoomed(ref.pack()))) {
          reusable.put(ref.text(), ref);
        }
      }
    }
    return reusable;
  }

  /** In all packs that exist and are not doomed. */
  private void search(WriterSession session, Map<Integer, BlockMap.Ref> reusable) throws IOException {
    PackNames stored = session.stored();
    for (PackName pack = stored.next(); pack != null; pack = stored.next()) {
      Optional<int[]> texts = world.texts(pack);
      if (texts.isPresent()) {
        world.happened(Coverage.Event.FOUND_BY_SEARCH);
        index(reusable, pack, texts.get());
      }
    }
  }

  private static void index(Map<Integer, BlockMap.Ref> reusable, PackName pack, int[] texts) {
    for (int i = 0; i < texts.length; i++) {
      reusable.putIfAbsent(texts[i], new BlockMap.Ref(pack, i, texts[i]));
    }
  }

  /** Sealed packs whose upload was not acknowledged are sent once more, as they are, or forgotten. */
  private void resend() throws IOException {
    for (PackName pack : List.copyOf(disk.spool.keySet())) {
      if (plan.weakness() != Weakness.REUSED_PACK_IDS && pack.session().equals(disk.session) && dice.chance(0.7)) {
        send(pack);
      }
    }
    if (plan.weakness() != Weakness.REUSED_PACK_IDS) {
      disk.spool.clear();
    }
  }

  private void uploadBlocks(WriterSession session, int[] cut, Map<Integer, BlockMap.Ref> reusable, List<PackName> unsent)
      throws IOException {
    List<Integer> missing = new ArrayList<>();
    for (int text : cut) {
      if (text != 0 && !reusable.containsKey(text) && !missing.contains(text)) {
        missing.add(dice.below(missing.size() + 1), text);
      }
    }
    for (int from = 0; from < missing.size(); from += PACK_BLOBS) {
      int[] texts = missing.subList(from, Math.min(from + PACK_BLOBS, missing.size())).stream().mapToInt(each -> each).toArray();
      PackName pack = seal(session, texts);
      index(reusable, pack, texts);
      if (plan.weakness() == Weakness.COMMIT_BEFORE_PACKS && dice.chance(0.3)) {
        unsent.add(pack);
      } else {
        send(pack);
      }
    }
  }

  private PackName uploadMap(WriterSession session, BlockMap map) throws IOException {
    PackName pack = PackName.random(session.id(), ids);
    byte[] bytes = map.toBytes();
    world.oracle().seal(pack, 0, Arrays.hashCode(bytes));
    retried(() -> connection().putIfAbsent(new ObjectKey(pack.key()), Content.of(bytes)));
    return pack;
  }

  /** Seals texts under a new pack id and spools them. */
  private PackName seal(WriterSession session, int[] texts) {
    PackName pack = PackName.random(session.id(), ids);
    if (plan.weakness() == Weakness.REUSED_PACK_IDS) {
      pack = disk.spool.keySet().stream().filter(each -> each.session().equals(session.id())).findFirst().orElse(pack);
      disk.spool.remove(pack);
    }
    for (int i = 0; i < texts.length; i++) {
      world.oracle().seal(pack, i, texts[i]);
    }
    disk.spool.put(pack, texts);
    world.sealed(pack, texts);
    return pack;
  }

  private void send(PackName pack) throws IOException {
    int[] texts = Objects.requireNonNull(disk.spool.get(pack));
    retried(() -> connection().putIfAbsent(new ObjectKey(pack.key()), Content.of(BlockMap.pack(texts))));
    disk.spool.remove(pack);
    disk.stored.put(pack, texts);
  }

  private void commit(WriterSession session, BlockMap map, PackName root, int[] cut) throws IOException {
    SnapshotEntry entry = entry(session, root, cut.length);
    Set<PackName> packs = new HashSet<>(map.packs());
    packs.add(root);
    world.oracle().intend(session.id().toString(), new Oracle.Intent(snapshot().toString(), cut, packs, disk.known));
    switch (retried(() -> session.commit(entry))) {
      case CommitOutcome.Committed committed -> {
        world.happened(Coverage.Event.COMMITTED);
        disk.known = committed.entry().seat().seq();
        world.trace(name, "has committed " + committed.entry().seat(), "");
        disk.finished();
        session.end();
      }
      case CommitOutcome.Fenced _ -> {
        world.happened(Coverage.Event.FENCED);
        world.trace(name, "was fenced", "");
        disk.abandoned();
        session.end();
      }
      case CommitOutcome.AnotherWriter another -> {
        world.happened(Coverage.Event.ANOTHER_WRITER);
        world.trace(name, "found another writer at " + another.entry().seat(), "");
        disk.abandoned();
        session.end();
      }
    }
  }

  private SnapshotEntry entry(WriterSession session, PackName root, int blocks) {
    SnapshotEntry.Origin origin = new SnapshotEntry.Origin(new PoolId(new UUID(1, 1)), name, Owner.LOCAL, new VolumeName("db"),
        new SnapshotName("cut"), volume, Optional.empty());
    return new SnapshotEntry(session.seat(), session.id(), snapshot(), origin, world.clock().instant(), blocks, 1, Map.of(),
        List.of(new BlobRef(root, 0, BLOB_OFFSET, BLOB_OVERHEAD + blocks, blocks)), OptionalLong.empty(), Map.of());
  }
}
