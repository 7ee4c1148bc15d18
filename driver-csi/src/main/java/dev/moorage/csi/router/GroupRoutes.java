package dev.moorage.csi.router;

import dev.moorage.csi.GroupHandle;
import dev.moorage.csi.Request;
import dev.moorage.csi.SnapshotHandle;
import dev.moorage.csi.VolumeHandle;
import dev.moorage.csi.proto.CreateVolumeGroupSnapshotRequest;
import dev.moorage.csi.proto.CreateVolumeGroupSnapshotResponse;
import dev.moorage.csi.proto.DeleteSnapshotRequest;
import dev.moorage.csi.proto.DeleteVolumeGroupSnapshotRequest;
import dev.moorage.csi.proto.DeleteVolumeGroupSnapshotResponse;
import dev.moorage.csi.proto.GetVolumeGroupSnapshotRequest;
import dev.moorage.csi.proto.GetVolumeGroupSnapshotResponse;
import dev.moorage.csi.proto.GroupControllerGrpc;
import dev.moorage.csi.proto.Snapshot;
import dev.moorage.csi.proto.VolumeGroupSnapshot;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.InUse;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.NotFound;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Calls about groups: one cut is made on one node. Of a group whose node is lost, what is in a repository can be told and deleted. */
final class GroupRoutes {

  private final Fleet fleet;
  private final Routes routes;
  private final SnapshotRoutes snapshots;

  GroupRoutes(Fleet fleet, SnapshotRoutes snapshots) {
    this.fleet = fleet;
    this.routes = new Routes(fleet);
    this.snapshots = snapshots;
  }

  CreateVolumeGroupSnapshotResponse create(CreateVolumeGroupSnapshotRequest asked) throws VolumeException {
    String action = "create group snapshot " + Request.shown(asked.getName());
    String name = new Request(action).need("name", asked.getName());
    if (asked.getSourceVolumeIdsCount() == 0) {
      throw new InvalidArgument(action, "the field source_volume_ids is missing", "Name at least one volume");
    }
    Map<String, NodeLink> nodes = new TreeMap<>();
    for (String text : asked.getSourceVolumeIdsList()) {
      VolumeHandle handle = VolumeHandle.parse(text)
          .orElseThrow(() -> new NotFound(action, "there is no volume " + Request.shown(text), ""));
      NodeLink node = routes.node(action, handle.pool());
      nodes.put(node.name(), node);
    }
    if (nodes.size() > 1) {
      throw new InUse(action, "the volumes are on the nodes " + String.join(", ", nodes.keySet()) + ", and those cannot be cut at one moment",
          "Group volumes of one node");
    }
    NodeLink node = nodes.values().iterator().next();
    snapshots.demandFree(action, name, node);
    return node.call(action, GroupControllerGrpc.getCreateVolumeGroupSnapshotMethod(), asked);
  }

  DeleteVolumeGroupSnapshotResponse delete(DeleteVolumeGroupSnapshotRequest asked) throws VolumeException {
    String action = "delete group snapshot " + Request.shown(asked.getGroupSnapshotId());
    Optional<GroupHandle> handle = GroupHandle.parse(new Request(action).need("group_snapshot_id", asked.getGroupSnapshotId()));
    if (handle.isEmpty()) {
      return DeleteVolumeGroupSnapshotResponse.getDefaultInstance();
    }
    return switch (fleet.place(action, handle.get().pool())) {
      case Place.Here here -> here.node().call(action, GroupControllerGrpc.getDeleteVolumeGroupSnapshotMethod(), asked);
      case Place.Away away -> throw Routes.away(action, away.node());
      case Place.Lost _ -> deleteMembers(asked.getSnapshotIdsList());
      case Place.Unknown _ when handle.get().repository().isPresent() -> deleteMembers(asked.getSnapshotIdsList());
      case Place.Unknown _ -> throw Routes.unknown(action, handle.get().pool());
    };
  }

  private DeleteVolumeGroupSnapshotResponse deleteMembers(List<String> members) throws VolumeException {
    for (String member : members) {
      snapshots.delete(DeleteSnapshotRequest.newBuilder().setSnapshotId(member).build());
    }
    return DeleteVolumeGroupSnapshotResponse.getDefaultInstance();
  }

  GetVolumeGroupSnapshotResponse get(GetVolumeGroupSnapshotRequest asked) throws VolumeException {
    String action = "get group snapshot " + Request.shown(asked.getGroupSnapshotId());
    String text = new Request(action).need("group_snapshot_id", asked.getGroupSnapshotId());
    GroupHandle handle = GroupHandle.parse(text).orElseThrow(() -> new NotFound(action, "there is no such group", ""));
    return switch (fleet.place(action, handle.pool())) {
      case Place.Here here -> here.node().call(action, GroupControllerGrpc.getGetVolumeGroupSnapshotMethod(), asked);
      case Place.Away away -> throw Routes.away(action, away.node());
      case Place.Lost _ -> fromRepository(action, text, asked.getSnapshotIdsList());
      case Place.Unknown _ when handle.repository().isPresent() -> fromRepository(action, text, asked.getSnapshotIdsList());
      case Place.Unknown _ -> throw Routes.unknown(action, handle.pool());
    };
  }

  /** A group is told by its members; those that are nowhere any more make it unknown. */
  private GetVolumeGroupSnapshotResponse fromRepository(String action, String text, List<String> members) throws VolumeException {
    VolumeGroupSnapshot.Builder group = VolumeGroupSnapshot.newBuilder().setGroupSnapshotId(text).setReadyToUse(true);
    for (String member : members) {
      Optional<SnapshotHandle> handle = SnapshotHandle.parse(member);
      Optional<Snapshot> found = handle.isEmpty() ? Optional.empty() : snapshots.remote(action, handle.get());
      if (found.isEmpty()) {
        throw new NotFound(action, "its member " + Request.shown(member) + " is in no repository", "");
      }
      group.addSnapshots(found.get().toBuilder().setGroupSnapshotId(text)).setCreationTime(found.get().getCreationTime());
    }
    if (members.isEmpty()) {
      throw new NotFound(action, "there is no such group", "");
    }
    return GetVolumeGroupSnapshotResponse.newBuilder().setGroupSnapshot(group).build();
  }
}
