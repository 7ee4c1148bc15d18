package dev.moorage.csi.router;

import dev.moorage.csi.Answers;
import dev.moorage.csi.ControllerService;
import dev.moorage.csi.proto.ControllerExpandVolumeRequest;
import dev.moorage.csi.proto.ControllerExpandVolumeResponse;
import dev.moorage.csi.proto.ControllerGetCapabilitiesRequest;
import dev.moorage.csi.proto.ControllerGetCapabilitiesResponse;
import dev.moorage.csi.proto.ControllerGetVolumeRequest;
import dev.moorage.csi.proto.ControllerGetVolumeResponse;
import dev.moorage.csi.proto.ControllerGrpc;
import dev.moorage.csi.proto.CreateSnapshotRequest;
import dev.moorage.csi.proto.CreateSnapshotResponse;
import dev.moorage.csi.proto.CreateVolumeRequest;
import dev.moorage.csi.proto.CreateVolumeResponse;
import dev.moorage.csi.proto.DeleteSnapshotRequest;
import dev.moorage.csi.proto.DeleteSnapshotResponse;
import dev.moorage.csi.proto.DeleteVolumeRequest;
import dev.moorage.csi.proto.DeleteVolumeResponse;
import dev.moorage.csi.proto.GetCapacityRequest;
import dev.moorage.csi.proto.GetCapacityResponse;
import dev.moorage.csi.proto.GetSnapshotRequest;
import dev.moorage.csi.proto.GetSnapshotResponse;
import dev.moorage.csi.proto.ListSnapshotsRequest;
import dev.moorage.csi.proto.ListSnapshotsResponse;
import dev.moorage.csi.proto.ListVolumesRequest;
import dev.moorage.csi.proto.ListVolumesResponse;
import dev.moorage.csi.proto.ValidateVolumeCapabilitiesRequest;
import dev.moorage.csi.proto.ValidateVolumeCapabilitiesResponse;
import io.grpc.stub.StreamObserver;

/** The controller service of the cluster. It declares snapshots, whatever pools there are; a node without them refuses. */
final class RoutedController extends ControllerGrpc.ControllerImplBase {

  private final VolumeRoutes volumes;
  private final SnapshotRoutes snapshots;
  private final Lists lists;
  private final Capacities capacities;

  RoutedController(VolumeRoutes volumes, SnapshotRoutes snapshots, Lists lists, Capacities capacities) {
    this.volumes = volumes;
    this.snapshots = snapshots;
    this.lists = lists;
    this.capacities = capacities;
  }

  @Override
  public void controllerGetCapabilities(
      ControllerGetCapabilitiesRequest request, StreamObserver<ControllerGetCapabilitiesResponse> caller) {
    Answers.answer(caller, () -> ControllerService.capabilities(true));
  }

  @Override
  public void createVolume(CreateVolumeRequest request, StreamObserver<CreateVolumeResponse> caller) {
    Answers.answer(caller, () -> volumes.create(request));
  }

  @Override
  public void deleteVolume(DeleteVolumeRequest request, StreamObserver<DeleteVolumeResponse> caller) {
    Answers.answer(caller, () -> volumes.delete(request));
  }

  @Override
  public void controllerExpandVolume(ControllerExpandVolumeRequest request, StreamObserver<ControllerExpandVolumeResponse> caller) {
    Answers.answer(caller, () -> volumes.expand(request));
  }

  @Override
  public void listVolumes(ListVolumesRequest request, StreamObserver<ListVolumesResponse> caller) {
    Answers.answer(caller, () -> lists.volumes(request));
  }

  @Override
  public void controllerGetVolume(ControllerGetVolumeRequest request, StreamObserver<ControllerGetVolumeResponse> caller) {
    Answers.answer(caller, () -> volumes.get(request));
  }

  @Override
  public void validateVolumeCapabilities(
      ValidateVolumeCapabilitiesRequest request, StreamObserver<ValidateVolumeCapabilitiesResponse> caller) {
    Answers.answer(caller, () -> volumes.validate(request));
  }

  @Override
  public void getCapacity(GetCapacityRequest request, StreamObserver<GetCapacityResponse> caller) {
    Answers.answer(caller, () -> capacities.answer(request));
  }

  @Override
  public void createSnapshot(CreateSnapshotRequest request, StreamObserver<CreateSnapshotResponse> caller) {
    Answers.answer(caller, () -> snapshots.create(request));
  }

  @Override
  public void deleteSnapshot(DeleteSnapshotRequest request, StreamObserver<DeleteSnapshotResponse> caller) {
    Answers.answer(caller, () -> snapshots.delete(request));
  }

  @Override
  public void listSnapshots(ListSnapshotsRequest request, StreamObserver<ListSnapshotsResponse> caller) {
    Answers.answer(caller, () -> lists.snapshots(request));
  }

  @Override
  public void getSnapshot(GetSnapshotRequest request, StreamObserver<GetSnapshotResponse> caller) {
    Answers.answer(caller, () -> snapshots.get(request));
  }
}
