package dev.moorage.repository.gc;

import dev.moorage.repository.gc.Usage.Amount;
import dev.moorage.repository.history.History;
import dev.moorage.repository.history.PackKeys;
import dev.moorage.repository.history.PackSet;
import dev.moorage.repository.history.SealedObjects;
import dev.moorage.repository.history.Seat;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.history.VolumeHistory;
import dev.moorage.repository.pack.PackName;
import dev.moorage.volume.VolumeId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Finds out what takes the space of a repository, and what forgetting would free. Reads the list of packs, and each snapshot's entry and
 * map. Takes about 70 bytes of memory for each pack, however many snapshots there are. Changes nothing; what is uploaded or collected
 * meanwhile may be counted or not.
 */
public final class Accounting {

  private static final int LANES = 4;
  private static final int NOBODY = 0;
  private static final int SEVERAL = -1;

  private static final Comparator<Usage.OfSnapshot> NEWEST_FIRST =
      Comparator.<Usage.OfSnapshot, UUID>comparing(each -> each.snapshot().seat().volume().value())
          .thenComparingLong(each -> -each.snapshot().seat().seq());

  private final SealedObjects objects;
  private final History history;
  private final Marking marking;

  /** {@code references} may be used by several threads at once. */
  public Accounting(SealedObjects objects, History history, PackReferences references, CollectionProgress progress) {
    this.objects = objects;
    this.history = history;
    this.marking = new Marking(history, references, LANES, progress);
  }

  /**
   * What everything takes.
   *
   * @throws dev.moorage.repository.UnreadableException when a snapshot cannot be read: then it is not known what it needs
   */
  public Usage usage() throws IOException {
    PackSet packs = packs();
    int[] snapshotOf = new int[packs.places()];
    int[] volumeOf = new int[packs.places()];
    List<SnapshotEntry> snapshots = new ArrayList<>();
    Map<VolumeId, Integer> volumes = new LinkedHashMap<>();
    marking.each(remembered(), (snapshot, own) -> {
      snapshots.add(snapshot);
      int volume = volumes.computeIfAbsent(snapshot.seat().volume(), _ -> volumes.size() + 1);
      own.forEach(pack -> {
        int place = packs.place(pack);
        if (place >= 0) {
          snapshotOf[place] = snapshotOf[place] == NOBODY ? snapshots.size() : SEVERAL;
          volumeOf[place] = volumeOf[place] == NOBODY || volumeOf[place] == volume ? volume : SEVERAL;
        }
      });
    });
    Tallies bySnapshot = Tallies.of(packs, snapshotOf, snapshots.size());
    Tallies byVolume = Tallies.of(packs, volumeOf, volumes.size());
    List<Usage.OfSnapshot> ofSnapshots = new ArrayList<>();
    for (int i = 0; i < snapshots.size(); i++) {
      ofSnapshots.add(new Usage.OfSnapshot(snapshots.get(i), bySnapshot.of(i + 1)));
    }
    ofSnapshots.sort(NEWEST_FIRST);
    List<Usage.OfVolume> ofVolumes = new ArrayList<>();
    volumes.forEach((volume, number) -> ofVolumes.add(new Usage.OfVolume(volume, byVolume.of(number))));
    ofVolumes.sort(Comparator.comparing(each -> each.volume().value()));
    return new Usage(new Amount(packs.size(), packs.bytes()), byVolume.nobody(), byVolume.several(), ofVolumes, ofSnapshots);
  }

  /** What the next collections would delete if these were forgotten, and nothing that is unused already. */
  public Amount freedBy(Set<Seat> forgotten) throws IOException {
    PackSet packs = packs();
    List<Seat> others = new ArrayList<>();
    remembered().stream().filter(seat -> !forgotten.contains(seat)).forEach(others::add);
    PackSet needed = new PackSet();
    marking.each(others, (_, own) -> needed.addAll(own));
    PackSet freed = new PackSet();
    marking.each(new ArrayList<>(new HashSet<>(forgotten)), (_, own) -> own.forEach(pack -> {
      if (packs.contains(pack) && !needed.contains(pack)) {
        freed.add(pack, packs.bytes(pack));
      }
    }));
    return new Amount(freed.size(), freed.bytes());
  }

  private PackSet packs() throws IOException {
    PackSet packs = new PackSet();
    objects.list(PackName.PREFIX, entry -> PackKeys.parse(entry.key()).ifPresent(pack -> packs.add(pack, entry.size())));
    return packs;
  }

  private List<Seat> remembered() throws IOException {
    List<Seat> seats = new ArrayList<>();
    for (VolumeHistory each : history.all()) {
      seats.addAll(each.remembered());
    }
    return seats;
  }

  /** Sums of packs by who needs them. */
  private static final class Tallies {
    private final long[] packs;
    private final long[] bytes;

    private Tallies(int owners) {
      packs = new long[owners + 2];
      bytes = new long[owners + 2];
    }

    /** {@code owner} by the places of the packs: a number from 1 on, nobody or several. */
    static Tallies of(PackSet all, int[] owner, int owners) {
      Tallies tallies = new Tallies(owners);
      all.forEach(pack -> {
        int at = owner[all.place(pack)] == SEVERAL ? owners + 1 : owner[all.place(pack)];
        tallies.packs[at]++;
        tallies.bytes[at] += all.bytes(pack);
      });
      return tallies;
    }

    Amount of(int number) {
      return new Amount(packs[number], bytes[number]);
    }

    Amount nobody() {
      return of(NOBODY);
    }

    Amount several() {
      return of(packs.length - 1);
    }
  }
}
