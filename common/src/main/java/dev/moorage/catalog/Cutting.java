package dev.moorage.catalog;

import dev.moorage.backend.Cut;
import dev.moorage.backend.Home;
import dev.moorage.backend.VolumeBackend;
import dev.moorage.failpoint.Failpoint;
import dev.moorage.record.Directories;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Cutting snapshots, all or none. */
final class Cutting {

  /** One snapshot to be: what is asked, its volume, its home under {@code tmp/}. */
  private record Member(SnapshotDraft draft, Volume volume, Home building) {}

  private final Parts parts;

  Cutting(Parts parts) {
    this.parts = parts;
  }

  List<Snapshot> cut(List<SnapshotDraft> drafts) throws VolumeException {
    List<Volume> volumes = new ArrayList<>();
    for (SnapshotDraft draft : drafts) {
      volumes.add(parts.living("cut snapshot " + draft.name(), draft.volume()));
    }
    String action = "cut snapshot "
        + volumes.stream().map(volume -> volume.name() + "@" + drafts.getFirst().name()).collect(Collectors.joining(", "));
    VolumeBackend backend = parts.backends().of(kindOf(action, volumes));
    demandNewNames(action, drafts);
    List<Member> members = new ArrayList<>();
    boolean whole = false;
    try (Admission.Reservation reservation = parts.admission().reserve(action, estimate(volumes), 0)) {
      for (int i = 0; i < drafts.size(); i++) {
        Home building = parts.homes().begin(action, drafts.get(i).id().value());
        members.add(new Member(drafts.get(i), volumes.get(i), building));
      }
      Failpoint.CUT_HOMES_MADE.reach();
      List<Snapshot> snapshots = cutData(backend, members);
      reservation.adjustTo(snapshots.stream().mapToLong(parts.admission()::charge).sum());
      place(members, snapshots);
      reservation.keep();
      snapshots.forEach(parts.index()::add);
      whole = true;
      return snapshots;
    } catch (IOException e) {
      throw DiskFailure.during(action, e);
    } finally {
      if (!whole) {
        members.forEach(each -> parts.homes().withdraw(each.building(), parts.layout().snapshot(each.draft().id())));
      }
    }
  }

  void updateRemotes(SnapshotId id, UnaryOperator<Snapshot> change) throws VolumeException {
    Optional<Snapshot> found = parts.index().snapshot(id).or(() -> parts.index().trashedSnapshot(id));
    if (found.isEmpty()) {
      return;
    }
    Snapshot changed = change.apply(found.get());
    try {
      SnapshotRecord.write(parts.homeOf(changed).directory(), changed);
    } catch (IOException e) {
      throw DiskFailure.during("change snapshot " + changed.label(), e);
    }
    parts.index().replace(changed);
  }

  private static BackendKind kindOf(String action, List<Volume> volumes) throws VolumeException {
    List<BackendKind> kinds = volumes.stream().map(volume -> volume.spec().backend()).distinct().toList();
    if (kinds.size() != 1) {
      throw new VolumeException.InvalidArgument(action, "the volumes are of several backends: " + kinds,
          "Cut one snapshot for each backend");
    }
    return kinds.getFirst();
  }

  private void demandNewNames(String action, List<SnapshotDraft> drafts) throws VolumeException {
    if (drafts.stream().map(SnapshotDraft::volume).distinct().count() != drafts.size()) {
      throw new VolumeException.InvalidArgument(action, "a volume is named twice", "Name each volume once");
    }
    for (SnapshotDraft draft : drafts) {
      if (parts.index().snapshotsOf(draft.volume()).stream().anyMatch(each -> each.name().equals(draft.name()))) {
        throw new VolumeException.AlreadyExists(action, "the volume has a snapshot named " + draft.name() + " already",
            "Choose another name, or delete that one");
      }
    }
  }

  /** What the snapshots will be charged, as far as can be known before the cut. */
  private long estimate(List<Volume> volumes) throws VolumeException {
    long sum = 0;
    for (Volume volume : volumes) {
      if (parts.backends().isCharged(volume.spec().backend())) {
        sum = Math.addExact(sum, charged(parts.homeOf(volume), volume).bytes());
      }
    }
    return sum;
  }

  /** A snapshot can come to own what is allocated at the cut, and no more than its size. */
  private ByteSize charged(Home home, Volume volume) throws VolumeException {
    long allocated = parts.backendOf(volume).inspect(home).allocated();
    return ByteSize.ofBytes(Math.min(allocated, volume.spec().size().bytes()));
  }

  private List<Snapshot> cutData(VolumeBackend backend, List<Member> members) throws VolumeException {
    // Before the cut: what was acknowledged to a writer before this moment is in the snapshot.
    Instant moment = parts.now();
    List<Cut> cuts = members.stream()
        .map(each -> new Cut(parts.homeOf(each.volume()), each.building(), each.draft().mountPoint()))
        .toList();
    backend.cut(cuts);
    Failpoint.CUT_DATA_MADE.reach();
    Optional<UUID> group = members.size() > 1 ? Optional.of(UUID.randomUUID()) : Optional.empty();
    List<Snapshot> snapshots = new ArrayList<>();
    for (Member member : members) {
      ByteSize charged = charged(member.building(), member.volume());
      snapshots.add(snapshot(member, group, moment, charged));
    }
    return List.copyOf(snapshots);
  }

  private static Snapshot snapshot(Member member, Optional<UUID> group, Instant moment, ByteSize charged) {
    Volume volume = member.volume();
    return new Snapshot(member.draft().id(), volume.id(), volume.owner(), volume.name(), member.draft().name(), volume.pool(),
        volume.spec(), volume.lineage(), volume.filesystemSize(), charged, group, moment, Optional.empty(), List.of());
  }

  private void place(List<Member> members, List<Snapshot> snapshots) throws IOException {
    // 1. All records, under tmp/: dying here rolls every member back.
    for (int i = 0; i < members.size(); i++) {
      SnapshotRecord.write(members.get(i).building().directory(), snapshots.get(i));
    }
    Failpoint.CUT_RECORDS_WRITTEN.reach();
    Optional<UUID> group = snapshots.getFirst().group();
    if (group.isEmpty()) {
      // 2. For a single one the rename is the decision.
      parts.homes().move(members.getFirst().building(), parts.layout().snapshot(members.getFirst().draft().id()));
      Failpoint.CUT_FIRST_IN_PLACE.reach();
      return;
    }
    List<SnapshotId> ids = snapshots.stream().map(Snapshot::id).toList();
    placeGroup(members, GroupMarker.of(parts.layout(), group.get(), ids));
  }

  private void placeGroup(List<Member> members, GroupMarker marker) throws IOException {
    try {
      // 2. The decision: dying after this completes the group.
      marker.write();
      Failpoint.CUT_GROUP_DECIDED.reach();
      // 3. One rename each.
      for (Member member : members) {
        parts.homes().move(member.building(), parts.layout().snapshot(member.draft().id()));
        Failpoint.CUT_FIRST_IN_PLACE.reach();
      }
      Failpoint.CUT_ALL_IN_PLACE.reach();
    } catch (IOException e) {
      // An error of the disk: all back under tmp/ before the decision is revoked, so that dying here, too, means all or none.
      for (Member member : members) {
        Path placed = parts.layout().snapshot(member.draft().id());
        if (Files.exists(placed)) {
          Directories.move(placed, member.building().directory());
        }
      }
      marker.delete();
      throw e;
    }
    // 4. Done.
    marker.delete();
  }
}
