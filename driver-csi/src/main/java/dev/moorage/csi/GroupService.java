package dev.moorage.csi;

import dev.moorage.csi.proto.CreateVolumeGroupSnapshotRequest;
import dev.moorage.csi.proto.CreateVolumeGroupSnapshotResponse;
import dev.moorage.csi.proto.DeleteVolumeGroupSnapshotRequest;
import dev.moorage.csi.proto.DeleteVolumeGroupSnapshotResponse;
import dev.moorage.csi.proto.GetVolumeGroupSnapshotRequest;
import dev.moorage.csi.proto.GetVolumeGroupSnapshotResponse;
import dev.moorage.csi.proto.GroupControllerGetCapabilitiesRequest;
import dev.moorage.csi.proto.GroupControllerGetCapabilitiesResponse;
import dev.moorage.csi.proto.GroupControllerGrpc;
import dev.moorage.csi.proto.GroupControllerServiceCapability;
import dev.moorage.csi.proto.GroupControllerServiceCapability.RPC;
import io.grpc.stub.StreamObserver;

/** Snapshots of several volumes at one moment. */
public final class GroupService extends GroupControllerGrpc.GroupControllerImplBase {

  private final GroupCalls groups;

  GroupService(GroupCalls groups) {
    this.groups = groups;
  }

  @Override
  public void groupControllerGetCapabilities(
      GroupControllerGetCapabilitiesRequest request, StreamObserver<GroupControllerGetCapabilitiesResponse> caller) {
    Answers.answer(caller, GroupService::capabilities);
  }

  /** What the driver can do with groups. */
  public static GroupControllerGetCapabilitiesResponse capabilities() {
    return GroupControllerGetCapabilitiesResponse.newBuilder().addCapabilities(GroupControllerServiceCapability.newBuilder()
        .setRpc(RPC.newBuilder().setType(RPC.Type.CREATE_DELETE_GET_VOLUME_GROUP_SNAPSHOT))).build();
  }

  @Override
  public void createVolumeGroupSnapshot(
      CreateVolumeGroupSnapshotRequest request, StreamObserver<CreateVolumeGroupSnapshotResponse> caller) {
    Answers.answer(caller, () -> groups.create(request));
  }

  @Override
  public void deleteVolumeGroupSnapshot(
      DeleteVolumeGroupSnapshotRequest request, StreamObserver<DeleteVolumeGroupSnapshotResponse> caller) {
    Answers.answer(caller, () -> groups.delete(request));
  }

  @Override
  public void getVolumeGroupSnapshot(GetVolumeGroupSnapshotRequest request, StreamObserver<GetVolumeGroupSnapshotResponse> caller) {
    Answers.answer(caller, () -> groups.get(request));
  }
}
