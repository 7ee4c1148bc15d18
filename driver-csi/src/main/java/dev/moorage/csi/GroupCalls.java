package dev.moorage.csi;

import dev.moorage.csi.proto.CreateVolumeGroupSnapshotRequest;
import dev.moorage.csi.proto.CreateVolumeGroupSnapshotResponse;
import dev.moorage.csi.proto.DeleteVolumeGroupSnapshotRequest;
import dev.moorage.csi.proto.DeleteVolumeGroupSnapshotResponse;
import dev.moorage.csi.proto.GetVolumeGroupSnapshotRequest;
import dev.moorage.csi.proto.GetVolumeGroupSnapshotResponse;
import dev.moorage.csi.proto.VolumeGroupSnapshot;
import dev.moorage.repository.RepositoryId;
import dev.moorage.storage.SnapshotRef;
import dev.moorage.storage.Snapshots;
import dev.moorage.storage.VolumeRef;
import dev.moorage.volume.RepositoryName;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.AlreadyExists;
import dev.moorage.volume.VolumeException.InUse;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.NotFound;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One cut over several volumes of one pool; uploaded member by member when its class names a repository. Each member stays whole when
 * another is gone.
 */
final class GroupCalls {

  private final Host host;
  private final SnapshotCalls snapshots;
  private final RemoteCopies remotes;

  GroupCalls(Host host, SnapshotCalls snapshots) {
    this.host = host;
    this.snapshots = snapshots;
    this.remotes = new RemoteCopies(host);
  }

  CreateVolumeGroupSnapshotResponse create(CreateVolumeGroupSnapshotRequest asked) throws VolumeException {
    String action = "create group snapshot " + Request.shown(asked.getName());
    Request request = new Request(action);
    SnapshotName name = GivenName.snapshot(request.need("name", asked.getName()));
    if (asked.getSourceVolumeIdsCount() == 0) {
      throw new InvalidArgument(action, "the field source_volume_ids is missing", "Name at least one volume");
    }
    Optional<RepositoryName> repository = Parameters.ofSnapshot(action, asked.getParametersMap()).repository();
    Set<Volume> members = new LinkedHashSet<>();
    for (String handle : asked.getSourceVolumeIdsList()) {
      members.add(host.volume(action, handle));
    }
    demandOnePool(action, members);
    List<Snapshot> known = host.storage(action).snapshots().named(host.settings().owner(), name);
    if (!known.isEmpty() && !volumes(known).equals(members.stream().map(Volume::id).collect(Collectors.toSet()))) {
      throw new AlreadyExists(action, "there is a group of that name over other volumes", "Choose another name");
    }
    Optional<RepositoryId> id = repository.isPresent() ? Optional.of(remotes.id(action, repository.get())) : Optional.empty();
    List<Snapshot> cut = host.storage(action).snapshots().createGroup(host.caller(),
        members.stream().<VolumeRef>map(each -> new VolumeRef.ById(each.id())).toList(), name);
    for (Snapshot member : cut) {
      if (repository.isPresent()) {
        snapshots.upload(action, member, repository.get(), id.orElseThrow());
      }
    }
    return CreateVolumeGroupSnapshotResponse.newBuilder().setGroupSnapshot(message(cut, id.map(RepositoryId::value))).build();
  }

  private static void demandOnePool(String action, Set<Volume> members) throws InUse {
    if (members.stream().map(Volume::pool).distinct().count() > 1) {
      throw new InUse(action, "the volumes are in several pools, and those cannot be cut at one moment", "Group volumes of one pool");
    }
  }

  private static Set<Object> volumes(List<Snapshot> snapshots) {
    return snapshots.stream().map(Snapshot::volume).collect(Collectors.toSet());
  }

  /** The members of a group; empty when there is none. */
  private List<Snapshot> members(String action, GroupHandle handle) throws VolumeException {
    Snapshots all = host.storage(action).snapshots();
    SnapshotRef alone = new SnapshotRef.ById(new SnapshotId(handle.group()));
    return Stream.concat(all.ofGroup(handle.group()).stream(), all.find(host.caller(), alone).stream())
        .filter(each -> each.owner().equals(host.settings().owner()) && each.pool().equals(handle.pool()) && id(each).equals(handle.group()))
        .toList();
  }

  /** A group of one is not recorded as a group. */
  private static UUID id(Snapshot member) {
    return member.group().orElseGet(() -> UUID.fromString(member.id().toString()));
  }

  /** The group is ready when each of its members is. */
  private static VolumeGroupSnapshot message(List<Snapshot> cut, Optional<UUID> repository) {
    List<Snapshot> members = cut.stream().sorted(Comparator.comparing(each -> each.id().toString())).toList();
    Snapshot first = members.getFirst();
    String id = new GroupHandle(repository, first.pool(), id(first)).toString();
    VolumeGroupSnapshot.Builder message = VolumeGroupSnapshot.newBuilder().setGroupSnapshotId(id)
        .setCreationTime(SnapshotCalls.time(first.createdAt())).setReadyToUse(members.stream().allMatch(each -> isReady(each, repository)));
    for (Snapshot member : members) {
      SnapshotHandle handle = new SnapshotHandle(repository, member.pool(), member.id());
      message.addSnapshots(SnapshotCalls.message(member, handle, isReady(member, repository)).toBuilder().setGroupSnapshotId(id).build());
    }
    return message.build();
  }

  private static boolean isReady(Snapshot member, Optional<UUID> repository) {
    return repository.isEmpty() || SnapshotCalls.isIn(member, new RepositoryId(repository.get()));
  }

  GetVolumeGroupSnapshotResponse get(GetVolumeGroupSnapshotRequest asked) throws VolumeException {
    String action = "get group snapshot " + Request.shown(asked.getGroupSnapshotId());
    Optional<GroupHandle> handle = handle(action, asked.getGroupSnapshotId());
    List<Snapshot> members = handle.isEmpty() ? List.of() : known(action, handle.get(), asked.getSnapshotIdsList());
    if (members.isEmpty()) {
      throw new NotFound(action, "there is no such group", "");
    }
    return GetVolumeGroupSnapshotResponse.newBuilder().setGroupSnapshot(message(members, handle.get().repository())).build();
  }

  DeleteVolumeGroupSnapshotResponse delete(DeleteVolumeGroupSnapshotRequest asked) throws VolumeException {
    String action = "delete group snapshot " + Request.shown(asked.getGroupSnapshotId());
    Optional<GroupHandle> handle = handle(action, asked.getGroupSnapshotId());
    if (handle.isPresent()) {
      for (Snapshot member : known(action, handle.get(), asked.getSnapshotIdsList())) {
        snapshots.delete(action, new SnapshotHandle(handle.get().repository(), member.pool(), member.id()), Optional.of(member));
      }
    }
    return DeleteVolumeGroupSnapshotResponse.getDefaultInstance();
  }

  private static Optional<GroupHandle> handle(String action, String text) throws InvalidArgument {
    return GroupHandle.parse(new Request(action).need("group_snapshot_id", text));
  }

  /** The members that are there; InvalidArgument when the caller speaks of others. Some may have been deleted by a call that died. */
  private List<Snapshot> known(String action, GroupHandle handle, List<String> named) throws VolumeException {
    List<Snapshot> members = members(action, handle);
    if (members.isEmpty()) {
      host.demandHere(action, handle.pool());
      return members;
    }
    List<String> strangers = new ArrayList<>(named);
    for (Snapshot member : members) {
      String id = new SnapshotHandle(handle.repository(), member.pool(), member.id()).toString();
      if (!named.isEmpty() && !strangers.remove(id)) {
        throw new InvalidArgument(action, "the group has a member " + id + " too", "Name all of its members");
      }
    }
    if (strangers.stream().anyMatch(each -> SnapshotHandle.parse(each).isEmpty() || !isGone(action, each))) {
      throw new InvalidArgument(action, "the group has no member " + Request.shown(strangers.getFirst()), "Name its own members");
    }
    return members;
  }

  private boolean isGone(String action, String text) {
    try {
      return host.find(action, SnapshotHandle.parse(text).orElseThrow()).isEmpty();
    } catch (VolumeException e) {
      return false;
    }
  }
}
