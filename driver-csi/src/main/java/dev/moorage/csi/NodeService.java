package dev.moorage.csi;

import dev.moorage.csi.proto.NodeExpandVolumeRequest;
import dev.moorage.csi.proto.NodeExpandVolumeResponse;
import dev.moorage.csi.proto.NodeGetCapabilitiesRequest;
import dev.moorage.csi.proto.NodeGetCapabilitiesResponse;
import dev.moorage.csi.proto.NodeGetInfoRequest;
import dev.moorage.csi.proto.NodeGetInfoResponse;
import dev.moorage.csi.proto.NodeGetVolumeStatsRequest;
import dev.moorage.csi.proto.NodeGetVolumeStatsResponse;
import dev.moorage.csi.proto.NodeGrpc;
import dev.moorage.csi.proto.NodePublishVolumeRequest;
import dev.moorage.csi.proto.NodePublishVolumeResponse;
import dev.moorage.csi.proto.NodeServiceCapability;
import dev.moorage.csi.proto.NodeServiceCapability.RPC;
import dev.moorage.csi.proto.NodeStageVolumeRequest;
import dev.moorage.csi.proto.NodeStageVolumeResponse;
import dev.moorage.csi.proto.NodeUnpublishVolumeRequest;
import dev.moorage.csi.proto.NodeUnpublishVolumeResponse;
import dev.moorage.csi.proto.NodeUnstageVolumeRequest;
import dev.moorage.csi.proto.NodeUnstageVolumeResponse;
import dev.moorage.csi.proto.VolumeUsage;
import dev.moorage.linux.FileOps;
import dev.moorage.volume.Access;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.Unavailable;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Volumes where pods use them. */
final class NodeService extends NodeGrpc.NodeImplBase {

  private static final List<RPC.Type> CAPABILITIES = List.of(RPC.Type.STAGE_UNSTAGE_VOLUME, RPC.Type.GET_VOLUME_STATS,
      RPC.Type.EXPAND_VOLUME, RPC.Type.VOLUME_CONDITION, RPC.Type.SINGLE_NODE_MULTI_WRITER);

  private final Host host;
  private final NodeCalls calls;

  NodeService(Host host, NodeCalls calls) {
    this.host = host;
    this.calls = calls;
  }

  @Override
  public void nodeGetCapabilities(NodeGetCapabilitiesRequest request, StreamObserver<NodeGetCapabilitiesResponse> caller) {
    Answers.answer(caller, () -> NodeGetCapabilitiesResponse.newBuilder().addAllCapabilities(CAPABILITIES.stream()
        .map(type -> NodeServiceCapability.newBuilder().setRpc(RPC.newBuilder().setType(type)).build()).toList()).build());
  }

  @Override
  public void nodeGetInfo(NodeGetInfoRequest request, StreamObserver<NodeGetInfoResponse> caller) {
    Answers.answer(caller, () -> NodeGetInfoResponse.newBuilder().setNodeId(host.settings().nodeId())
        .setMaxVolumesPerNode(host.settings().volumesMax()).setAccessibleTopology(host.topology()).build());
  }

  @Override
  public void nodeStageVolume(NodeStageVolumeRequest request, StreamObserver<NodeStageVolumeResponse> caller) {
    Answers.answer(caller, () -> calls.stage(request));
  }

  @Override
  public void nodeUnstageVolume(NodeUnstageVolumeRequest request, StreamObserver<NodeUnstageVolumeResponse> caller) {
    Answers.answer(caller, () -> calls.unstage(request));
  }

  @Override
  public void nodePublishVolume(NodePublishVolumeRequest request, StreamObserver<NodePublishVolumeResponse> caller) {
    Answers.answer(caller, () -> calls.publish(request));
  }

  @Override
  public void nodeUnpublishVolume(NodeUnpublishVolumeRequest request, StreamObserver<NodeUnpublishVolumeResponse> caller) {
    Answers.answer(caller, () -> calls.unpublish(request));
  }

  @Override
  public void nodeExpandVolume(NodeExpandVolumeRequest request, StreamObserver<NodeExpandVolumeResponse> caller) {
    Answers.answer(caller, () -> calls.expand(request));
  }

  @Override
  public void nodeGetVolumeStats(NodeGetVolumeStatsRequest request, StreamObserver<NodeGetVolumeStatsResponse> caller) {
    Answers.answer(caller, () -> stats(request));
  }

  private NodeGetVolumeStatsResponse stats(NodeGetVolumeStatsRequest asked) throws VolumeException {
    String action = "get the stats of volume " + Request.shown(asked.getVolumeId());
    String handle = new Request(action).need("volume_id", asked.getVolumeId());
    if (asked.getVolumePath().isEmpty()) {
      throw new InvalidArgument(action, "the field volume_path is missing", "");
    }
    Volume volume = host.volume(action, handle);
    Path path = calls.demandPath(action, volume, asked.getVolumePath());
    NodeGetVolumeStatsResponse.Builder response = NodeGetVolumeStatsResponse.newBuilder()
        .setVolumeCondition(Condition.of(action, host, volume));
    if (volume.spec().access() == Access.BLOCK) {
      return response.addUsage(VolumeUsage.newBuilder().setUnit(VolumeUsage.Unit.BYTES).setTotal(volume.spec().size().bytes())).build();
    }
    try {
      FileOps.Space space = FileOps.space(path);
      FileOps.Inodes inodes = FileOps.inodes(path);
      return response
          .addUsage(VolumeUsage.newBuilder().setUnit(VolumeUsage.Unit.BYTES).setTotal(space.total()).setAvailable(space.available())
              .setUsed(space.total() - space.free()))
          .addUsage(VolumeUsage.newBuilder().setUnit(VolumeUsage.Unit.INODES).setTotal(inodes.total()).setAvailable(inodes.free())
              .setUsed(inodes.total() - inodes.free()))
          .build();
    } catch (IOException e) {
      throw new Unavailable(action, "the filesystem at " + path + " does not answer: " + e.getMessage(), "See the kernel's log", e);
    }
  }
}
