package dev.moorage.repository.verify;

import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.repository.UnreadableException;
import dev.moorage.repository.history.History;
import dev.moorage.repository.history.HistoryEntry;
import dev.moorage.repository.history.PackSet;
import dev.moorage.repository.history.Seat;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.history.VolumeHistory;
import dev.moorage.repository.key.KeyRing;
import dev.moorage.repository.map.Leaf;
import dev.moorage.repository.map.LeafCodec;
import dev.moorage.repository.map.Root;
import dev.moorage.repository.map.RootCodec;
import dev.moorage.repository.pack.BlobRef;
import dev.moorage.repository.pack.PackName;
import dev.moorage.repository.pack.PackReader;
import dev.moorage.repository.pack.PackScrub;
import dev.moorage.repository.pack.StoredBlobs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.DoubleConsumer;

/**
 * Verifies what the snapshots of a repository need, and finds for each piece of damage the snapshots that it concerns. Whatever is
 * wrong with one object does not end it; only a store that cannot be read does. It changes nothing. For one thread.
 */
public final class Verifier {

  private final ObjectStore store;
  private final KeyRing ring;
  private final History history;
  private final Settings settings;
  private final Findings findings = new Findings();
  private final Set<BlobRef> soundLeaves = new HashSet<>();
  private final Map<PackName, Set<Integer>> damagedBlobs = new HashMap<>();
  private final PackSet used = new PackSet();
  private int snapshots;
  private int packsRead;
  private long bytesRead;

  /**
   * How to do it.
   *
   * @param sample the part of the packs whose bytes are read, from 0 to 1; for {@link VerifyDepth#BYTES} only
   * @param seed which part: a scrub that takes another one each day comes to all of them
   */
  public record Settings(VerifyDepth depth, double sample, long seed, DoubleConsumer progress) {}

  public Verifier(ObjectStore store, KeyRing ring, History history, Settings settings) {
    this.store = store;
    this.ring = ring;
    this.history = history;
    this.settings = settings;
  }

  public VerifyReport run() throws IOException {
    Packs packs = Packs.list(store);
    List<SnapshotEntry> sound = new ArrayList<>();
    try (StoredBlobs blobs = new StoredBlobs(store, ring); PackReader reader = new PackReader(ring)) {
      Footers footers = new Footers(packs, reader, findings);
      for (VolumeHistory volume : history.all()) {
        for (Seat seat : volume.remembered()) {
          snapshot(seat, packs, blobs, footers, sound);
        }
        for (Seat seat : volume.missing()) {
          snapshots++;
          findings.add(VolumeHistory.lost(seat), seat.toString());
        }
      }
      if (settings.depth == VerifyDepth.BYTES) {
        bytes(packs);
        concern(sound, blobs);
      }
    }
    settings.progress.accept(1);
    return new VerifyReport(snapshots, used.size(), packsRead, bytesRead, findings.list());
  }

  private void snapshot(Seat seat, Packs packs, StoredBlobs blobs, Footers footers, List<SnapshotEntry> sound) throws IOException {
    HistoryEntry entry;
    try {
      entry = history.entry(seat);
    } catch (UnreadableException e) {
      snapshots++;
      findings.add(e, seat.toString());
      return;
    }
    if (!(entry instanceof SnapshotEntry snapshot)) {
      return;
    }
    snapshots++;
    try {
      Root root = RootCodec.read("the map of " + seat, snapshot.root(), blobs::read);
      snapshot.root().forEach(part -> used.add(part.pack()));
      packs(snapshot, root, packs);
      leaves(snapshot, root, blobs, footers);
      if (settings.depth != VerifyDepth.MAPS) {
        mapPacks(snapshot, root, packs, footers);
      }
      sound.add(snapshot);
    } catch (UnreadableException e) {
      findings.add(e, Findings.name(snapshot));
    } catch (ObjectStoreException.NoSuchObject | ObjectStoreException.InvalidRange e) {
      findings.add("the map of " + seat, "is lost: " + e.getMessage(), Findings.name(snapshot));
    }
  }

  private void packs(SnapshotEntry snapshot, Root root, Packs packs) {
    root.forEachPack(name -> {
      used.add(name);
      if (!packs.contains(name)) {
        findings.add(name.key(), "is missing", Findings.name(snapshot));
      }
    });
  }

  /** The packs of the map are whole, too. */
  private static void mapPacks(SnapshotEntry snapshot, Root root, Packs packs, Footers footers) throws IOException {
    Set<PackName> names = new HashSet<>();
    snapshot.root().forEach(part -> names.add(part.pack()));
    for (int position = 0; position < root.leafCount(); position++) {
      names.add(root.leafRef(position).pack());
    }
    for (PackName name : names) {
      if (packs.contains(name)) {
        footers.of(name, Findings.name(snapshot));
      }
    }
  }

  private void leaves(SnapshotEntry snapshot, Root root, StoredBlobs blobs, Footers footers) throws IOException {
    for (int position = 0; position < root.leafCount(); position++) {
      BlobRef ref = root.leafRef(position);
      if (soundLeaves.contains(ref)) {
        continue;
      }
      try {
        byte[] text = blobs.read(ref);
        Leaf leaf = LeafCodec.decode(ref.toString(), root.leafIndex(position), text, text.length);
        if (settings.depth == VerifyDepth.MAPS || footers.agreeWith(leaf, root, Findings.name(snapshot))) {
          soundLeaves.add(ref);
        }
      } catch (UnreadableException e) {
        findings.add(e, Findings.name(snapshot));
      } catch (ObjectStoreException.NoSuchObject | ObjectStoreException.InvalidRange e) {
        findings.add(ref.toString(), "is lost: " + e.getMessage(), Findings.name(snapshot));
      }
    }
  }

  private void bytes(Packs packs) throws IOException {
    Random random = new Random(settings.seed);
    Set<PackName> chosen = new HashSet<>();
    used.forEach(name -> {
      if (packs.contains(name) && random.nextDouble() < settings.sample) {
        chosen.add(name);
      }
    });
    try (PackScrub scrub = new PackScrub(ring)) {
      for (PackName name : chosen) {
        PackScrub.Findings found = scrub.scrub(name, packs.whole(name));
        found.problems().forEach(problem -> findings.add(problem, ""));
        for (BlobRef blob : found.damaged()) {
          damagedBlobs.computeIfAbsent(name, _ -> new HashSet<>()).add(blob.ordinal());
        }
        packsRead++;
        bytesRead += packs.bytes(name);
        settings.progress.accept((double) packsRead / chosen.size());
      }
    }
  }

  /** Finds the snapshots that use a damaged blob. */
  private void concern(List<SnapshotEntry> sound, StoredBlobs blobs) throws IOException {
    if (damagedBlobs.isEmpty()) {
      return;
    }
    for (SnapshotEntry snapshot : sound) {
      Root root = RootCodec.read("the map of " + snapshot.seat(), snapshot.root(), blobs::read);
      for (int position = 0; position < root.leafCount(); position++) {
        concern(snapshot, root, position, blobs);
      }
    }
  }

  private void concern(SnapshotEntry snapshot, Root root, int position, StoredBlobs blobs) throws IOException {
    BlobRef leafRef = root.leafRef(position);
    if (!soundLeaves.contains(leafRef)) {
      return;
    }
    byte[] text = blobs.read(leafRef);
    Leaf leaf = LeafCodec.decode(leafRef.toString(), root.leafIndex(position), text, text.length);
    for (int slot = leaf.nextPresent(0); slot >= 0; slot = slot + 1 < Leaf.BLOCKS ? leaf.nextPresent(slot + 1) : -1) {
      BlobRef ref = leaf.ref(slot, 0);
      Set<Integer> damaged = damagedBlobs.get(ref.pack());
      if (damaged != null && damaged.contains(ref.ordinal())) {
        findings.add(ref.toString(), "is damaged, and block " + ((long) leaf.index() * Leaf.BLOCKS + slot) + " of the volume with it",
            Findings.name(snapshot));
      }
    }
  }
}
