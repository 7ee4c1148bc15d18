package dev.moorage.csi.router;

import dev.moorage.csi.Answers;
import dev.moorage.csi.GroupService;
import dev.moorage.csi.proto.CreateVolumeGroupSnapshotRequest;
import dev.moorage.csi.proto.CreateVolumeGroupSnapshotResponse;
import dev.moorage.csi.proto.DeleteVolumeGroupSnapshotRequest;
import dev.moorage.csi.proto.DeleteVolumeGroupSnapshotResponse;
import dev.moorage.csi.proto.GetVolumeGroupSnapshotRequest;
import dev.moorage.csi.proto.GetVolumeGroupSnapshotResponse;
import dev.moorage.csi.proto.GroupControllerGetCapabilitiesRequest;
import dev.moorage.csi.proto.GroupControllerGetCapabilitiesResponse;
import dev.moorage.csi.proto.GroupControllerGrpc;
import io.grpc.stub.StreamObserver;

/** Snapshots of several volumes of one node at one moment. */
final class RoutedGroups extends GroupControllerGrpc.GroupControllerImplBase {

  private final GroupRoutes groups;

  RoutedGroups(GroupRoutes groups) {
    this.groups = groups;
  }

  @Override
  public void groupControllerGetCapabilities(
      GroupControllerGetCapabilitiesRequest request, StreamObserver<GroupControllerGetCapabilitiesResponse> caller) {
    Answers.answer(caller, GroupService::capabilities);
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
