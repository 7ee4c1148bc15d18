package dev.moorage.csi;

import dev.moorage.csi.proto.ControllerExpandVolumeRequest;
import dev.moorage.csi.proto.ControllerExpandVolumeResponse;
import dev.moorage.csi.proto.ControllerGetCapabilitiesRequest;
import dev.moorage.csi.proto.ControllerGetCapabilitiesResponse;
import dev.moorage.csi.proto.ControllerGetVolumeRequest;
import dev.moorage.csi.proto.ControllerGetVolumeResponse;
import dev.moorage.csi.proto.ControllerGrpc;
import dev.moorage.csi.proto.ControllerServiceCapability;
import dev.moorage.csi.proto.ControllerServiceCapability.RPC;
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
import java.util.ArrayList;
import java.util.List;

/** Volumes and snapshots of this node's pools. Nothing is ever attached from afar, so there is no publishing by a controller. */
public final class ControllerService extends ControllerGrpc.ControllerImplBase {

  /** What every backend can do. No number of CSI 1.13 may stand here: csi-sanity and the sidecars are of 1.12. */
  private static final List<RPC.Type> OF_ALL = List.of(RPC.Type.CREATE_DELETE_VOLUME, RPC.Type.LIST_VOLUMES, RPC.Type.GET_CAPACITY,
      RPC.Type.EXPAND_VOLUME, RPC.Type.VOLUME_CONDITION, RPC.Type.GET_VOLUME, RPC.Type.SINGLE_NODE_MULTI_WRITER);

  /** What needs a backend with snapshots. */
  private static final List<RPC.Type> OF_SNAPSHOTS = List.of(RPC.Type.CREATE_DELETE_SNAPSHOT, RPC.Type.LIST_SNAPSHOTS,
      RPC.Type.GET_SNAPSHOT, RPC.Type.CLONE_VOLUME);

  private final Host host;
  private final VolumeCalls volumes;
  private final SnapshotCalls snapshots;
  private final ListCalls lists;

  ControllerService(Host host, VolumeCalls volumes, SnapshotCalls snapshots, ListCalls lists) {
    this.host = host;
    this.volumes = volumes;
    this.snapshots = snapshots;
    this.lists = lists;
  }

  @Override
  public void controllerGetCapabilities(
      ControllerGetCapabilitiesRequest request, StreamObserver<ControllerGetCapabilitiesResponse> caller) {
    Answers.answer(caller, () -> capabilities(host.hasSnapshots("tell what the driver can do")));
  }

  /** What the driver can do, where some backend has snapshots or none has. */
  public static ControllerGetCapabilitiesResponse capabilities(boolean snapshots) {
    List<RPC.Type> types = new ArrayList<>(OF_ALL);
    if (snapshots) {
      types.addAll(OF_SNAPSHOTS);
    }
    return ControllerGetCapabilitiesResponse.newBuilder().addAllCapabilities(types.stream()
        .map(type -> ControllerServiceCapability.newBuilder().setRpc(RPC.newBuilder().setType(type)).build()).toList()).build();
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
    Answers.answer(caller, () -> lists.volume(request));
  }

  @Override
  public void validateVolumeCapabilities(
      ValidateVolumeCapabilitiesRequest request, StreamObserver<ValidateVolumeCapabilitiesResponse> caller) {
    Answers.answer(caller, () -> lists.validate(request));
  }

  @Override
  public void getCapacity(GetCapacityRequest request, StreamObserver<GetCapacityResponse> caller) {
    Answers.answer(caller, () -> lists.capacity(request));
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
