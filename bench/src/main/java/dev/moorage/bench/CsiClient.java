package dev.moorage.bench;

import dev.moorage.csi.proto.CapacityRange;
import dev.moorage.csi.proto.ControllerGetVolumeRequest;
import dev.moorage.csi.proto.ControllerGrpc;
import dev.moorage.csi.proto.CreateVolumeRequest;
import dev.moorage.csi.proto.DeleteVolumeRequest;
import dev.moorage.csi.proto.GetCapacityRequest;
import dev.moorage.csi.proto.NodeGrpc;
import dev.moorage.csi.proto.NodePublishVolumeRequest;
import dev.moorage.csi.proto.NodeStageVolumeRequest;
import dev.moorage.csi.proto.NodeUnpublishVolumeRequest;
import dev.moorage.csi.proto.NodeUnstageVolumeRequest;
import dev.moorage.csi.proto.ValidateVolumeCapabilitiesRequest;
import dev.moorage.csi.proto.VolumeCapability;
import dev.moorage.csi.proto.VolumeCapability.AccessMode;
import dev.moorage.csi.proto.VolumeCapability.BlockVolume;
import dev.moorage.csi.proto.VolumeCapability.MountVolume;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** One connection to a CSI driver, and the calls that sidecars and a kubelet make about a volume. Each returns when it is answered. */
final class CsiClient implements AutoCloseable {

  private static final long VOLUME_BYTES = 1L << 30;
  private static final long PATIENCE_SECONDS = 30;

  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ManagedChannel channel;
  private final VolumeCapability capability;

  /** {@code block} is for raw devices, otherwise there are filesystems. */
  CsiClient(Path socket, boolean block) {
    channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
        .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class).eventLoopGroup(loop).usePlaintext().build();
    VolumeCapability.Builder wanted = VolumeCapability.newBuilder()
        .setAccessMode(AccessMode.newBuilder().setMode(AccessMode.Mode.SINGLE_NODE_WRITER));
    capability = (block ? wanted.setBlock(BlockVolume.getDefaultInstance())
        : wanted.setMount(MountVolume.newBuilder().setFsType("ext4"))).build();
  }

  private ControllerGrpc.ControllerBlockingStub controller() {
    return ControllerGrpc.newBlockingStub(channel).withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private NodeGrpc.NodeBlockingStub node() {
    return NodeGrpc.newBlockingStub(channel).withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** Makes a volume; its handle. */
  String create(String name) {
    return controller().createVolume(CreateVolumeRequest.newBuilder().setName(name).addVolumeCapabilities(capability)
        .setCapacityRange(CapacityRange.newBuilder().setRequiredBytes(VOLUME_BYTES)).build()).getVolume().getVolumeId();
  }

  Object delete(String handle) {
    return controller().deleteVolume(DeleteVolumeRequest.newBuilder().setVolumeId(handle).build());
  }

  Object validate(String handle) {
    return controller().validateVolumeCapabilities(ValidateVolumeCapabilitiesRequest.newBuilder().setVolumeId(handle)
        .addVolumeCapabilities(capability).build());
  }

  Object volume(String handle) {
    return controller().controllerGetVolume(ControllerGetVolumeRequest.newBuilder().setVolumeId(handle).build());
  }

  Object capacity() {
    return controller().getCapacity(GetCapacityRequest.newBuilder().addVolumeCapabilities(capability).build());
  }

  Object stage(String handle, Path staging) {
    return node().nodeStageVolume(NodeStageVolumeRequest.newBuilder().setVolumeId(handle).setVolumeCapability(capability)
        .setStagingTargetPath(staging.toString()).build());
  }

  Object publish(String handle, Path staging, Path target) {
    return node().nodePublishVolume(NodePublishVolumeRequest.newBuilder().setVolumeId(handle).setVolumeCapability(capability)
        .setStagingTargetPath(staging.toString()).setTargetPath(target.toString()).build());
  }

  Object unpublish(String handle, Path target) {
    return node().nodeUnpublishVolume(NodeUnpublishVolumeRequest.newBuilder().setVolumeId(handle).setTargetPath(target.toString()).build());
  }

  Object unstage(String handle, Path staging) {
    return node().nodeUnstageVolume(NodeUnstageVolumeRequest.newBuilder().setVolumeId(handle).setStagingTargetPath(staging.toString()).build());
  }

  @Override
  public void close() {
    channel.shutdownNow();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
