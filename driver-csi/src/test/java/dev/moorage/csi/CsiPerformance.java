package dev.moorage.csi;

import dev.moorage.csi.proto.CapacityRange;
import dev.moorage.csi.proto.ControllerExpandVolumeRequest;
import dev.moorage.csi.proto.ControllerGrpc;
import dev.moorage.csi.proto.CreateSnapshotRequest;
import dev.moorage.csi.proto.CreateVolumeGroupSnapshotRequest;
import dev.moorage.csi.proto.CreateVolumeRequest;
import dev.moorage.csi.proto.DeleteSnapshotRequest;
import dev.moorage.csi.proto.DeleteVolumeGroupSnapshotRequest;
import dev.moorage.csi.proto.DeleteVolumeRequest;
import dev.moorage.csi.proto.GroupControllerGrpc;
import dev.moorage.csi.proto.NodeExpandVolumeRequest;
import dev.moorage.csi.proto.NodeGrpc;
import dev.moorage.csi.proto.NodePublishVolumeRequest;
import dev.moorage.csi.proto.NodeStageVolumeRequest;
import dev.moorage.csi.proto.NodeUnpublishVolumeRequest;
import dev.moorage.csi.proto.NodeUnstageVolumeRequest;
import dev.moorage.csi.proto.Snapshot;
import dev.moorage.csi.proto.VolumeCapability;
import dev.moorage.csi.proto.VolumeCapability.AccessMode;
import dev.moorage.csi.proto.VolumeCapability.BlockVolume;
import dev.moorage.csi.proto.VolumeCapability.MountVolume;
import dev.moorage.csi.proto.VolumeContentSource;
import dev.moorage.csi.proto.VolumeGroupSnapshot;
import dev.moorage.storage.Storage;
import dev.moorage.telemetry.Telemetry;
import dev.moorage.testkit.history.Operation;
import dev.moorage.testkit.history.Performance;
import dev.moorage.testkit.history.Performer;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.Owner;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * {@link Performance} by calls of CSI: the sidecars' and the kubelet's, to a driver on a Unix socket. What it does not know as a call of CSI
 * fails. Volumes are Docker's, so that who looks at the storage afterwards finds them under the names that they were made with.
 */
public final class CsiPerformance implements Performance.Hands {

  private static final int READY_SECONDS = 60;

  private final Path pods;
  private final CsiDriver driver;
  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ManagedChannel channel;
  private final Map<String, String> volumes = new HashMap<>();
  private final Map<String, String> snapshots = new HashMap<>();
  private final Map<String, VolumeGroupSnapshot> groups = new HashMap<>();
  private final Map<String, VolumeCapability> capabilities = new HashMap<>();
  private final Map<String, Path> kept = new HashMap<>();

  private CsiPerformance(Storage storage, Path run) throws Exception {
    pods = Files.createDirectories(run.resolveSibling("pods"));
    CsiSettings settings = new CsiSettings(run.resolveSibling("csi.sock"), "node-1", Owner.DOCKER, 100, "test", Optional.empty(),
        Optional.empty());
    driver = CsiDriver.open(settings, CompletableFuture.completedFuture(storage), new Telemetry());
    channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(settings.socket()))
        .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class).eventLoopGroup(loop).usePlaintext().build();
  }

  /** See {@link Performance}. */
  public static void main(String[] words) throws Exception {
    Performance.run(words, CsiPerformance::new);
  }

  private ControllerGrpc.ControllerBlockingStub controller() {
    return ControllerGrpc.newBlockingStub(channel).withDeadlineAfter(READY_SECONDS, TimeUnit.SECONDS);
  }

  private GroupControllerGrpc.GroupControllerBlockingStub groupController() {
    return GroupControllerGrpc.newBlockingStub(channel).withDeadlineAfter(READY_SECONDS, TimeUnit.SECONDS);
  }

  private NodeGrpc.NodeBlockingStub kubelet() {
    return NodeGrpc.newBlockingStub(channel).withDeadlineAfter(READY_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void perform(Operation operation) throws IOException {
    String volume = operation.volume();
    switch (operation.verb()) {
      case CREATE -> create(operation);
      case WRITE -> write(volume, operation.argument());
      case MOUNT -> kept.put(volume, publish(volume, "keeper"));
      case UNMOUNT -> {
        unpublish(volume, known(kept, volume));
        kept.remove(volume);
        unstage(volume);
      }
      case SNAPSHOT -> snapshots.put(label(volume, operation.snapshot()), controller().createSnapshot(CreateSnapshotRequest.newBuilder()
          .setName(operation.snapshot()).setSourceVolumeId(known(volumes, volume)).build()).getSnapshot().getSnapshotId());
      case GROUP -> cutGroup(operation);
      case CLONE -> copy(operation.argument(), volume, VolumeContentSource.newBuilder()
          .setVolume(VolumeContentSource.VolumeSource.newBuilder().setVolumeId(known(volumes, volume))).build());
      case FROM -> copy(operation.argument(), volume, VolumeContentSource.newBuilder().setSnapshot(VolumeContentSource.SnapshotSource
          .newBuilder().setSnapshotId(known(snapshots, label(volume, operation.snapshot())))).build());
      case GROW -> grow(volume, ByteSize.parse(operation.argument()).bytes());
      case REMOVE -> controller().deleteVolume(DeleteVolumeRequest.newBuilder().setVolumeId(known(volumes, volume)).build());
      case REMOVE_SNAPSHOT -> controller().deleteSnapshot(
          DeleteSnapshotRequest.newBuilder().setSnapshotId(known(snapshots, label(volume, operation.snapshot()))).build());
      case REMOVE_GROUP -> {
        VolumeGroupSnapshot group = known(groups, operation.snapshot());
        groupController().deleteVolumeGroupSnapshot(DeleteVolumeGroupSnapshotRequest.newBuilder()
            .setGroupSnapshotId(group.getGroupSnapshotId())
            .addAllSnapshotIds(group.getSnapshotsList().stream().map(Snapshot::getSnapshotId).toList()).build());
      }
      default -> throw new IllegalArgumentException("CSI has no call for " + operation);
    }
  }

  private static String label(String volume, String snapshot) {
    return volume + "@" + snapshot;
  }

  private static <T> T known(Map<String, T> map, String key) {
    return Optional.ofNullable(map.get(key)).orElseThrow(() -> new AssertionError("BUG: the history uses " + key));
  }

  private void create(Operation operation) {
    List<String> words = List.of(operation.argument().split(":", -1));
    AccessMode mode = AccessMode.newBuilder().setMode(AccessMode.Mode.SINGLE_NODE_MULTI_WRITER).build();
    VolumeCapability capability = words.getFirst().equals("block")
        ? VolumeCapability.newBuilder().setAccessMode(mode).setBlock(BlockVolume.getDefaultInstance()).build()
        : VolumeCapability.newBuilder().setAccessMode(mode).setMount(MountVolume.newBuilder().setFsType(words.getFirst())).build();
    long size = ByteSize.parse(words.getLast()).bytes();
    make(operation.volume(), capability, CreateVolumeRequest.newBuilder()
        .setCapacityRange(CapacityRange.newBuilder().setRequiredBytes(size).setLimitBytes(size)));
  }

  private void copy(String name, String source, VolumeContentSource content) {
    make(name, known(capabilities, source), CreateVolumeRequest.newBuilder().setVolumeContentSource(content));
  }

  private void make(String name, VolumeCapability capability, CreateVolumeRequest.Builder request) {
    capabilities.put(name, capability);
    volumes.put(name, controller().createVolume(request.setName(name).addVolumeCapabilities(capability).build()).getVolume().getVolumeId());
  }

  private void cutGroup(Operation operation) {
    VolumeGroupSnapshot group = groupController().createVolumeGroupSnapshot(CreateVolumeGroupSnapshotRequest.newBuilder()
        .setName(operation.snapshot()).addSourceVolumeIds(known(volumes, operation.volume()))
        .addSourceVolumeIds(known(volumes, operation.argument())).build()).getGroupSnapshot();
    groups.put(operation.snapshot(), group);
    for (String each : List.of(operation.volume(), operation.argument())) {
      snapshots.put(label(each, operation.snapshot()), group.getSnapshotsList().stream()
          .filter(member -> member.getSourceVolumeId().equals(known(volumes, each))).findFirst().orElseThrow().getSnapshotId());
    }
  }

  private void grow(String volume, long size) {
    boolean more = controller().controllerExpandVolume(ControllerExpandVolumeRequest.newBuilder().setVolumeId(known(volumes, volume))
        .setCapacityRange(CapacityRange.newBuilder().setRequiredBytes(size)).build()).getNodeExpansionRequired();
    if (more && kept.containsKey(volume)) {
      kubelet().nodeExpandVolume(NodeExpandVolumeRequest.newBuilder().setVolumeId(known(volumes, volume))
          .setVolumePath(known(kept, volume).toString()).build());
    }
  }

  private Path staging(String volume) {
    return pods.resolve(volume + "-staging");
  }

  /** Stages and publishes. */
  private Path publish(String volume, String pod) throws IOException {
    Path staging = Files.createDirectories(staging(volume));
    kubelet().nodeStageVolume(NodeStageVolumeRequest.newBuilder().setVolumeId(known(volumes, volume))
        .setStagingTargetPath(staging.toString()).setVolumeCapability(known(capabilities, volume)).build());
    Path target = pods.resolve(volume + "-" + pod);
    kubelet().nodePublishVolume(NodePublishVolumeRequest.newBuilder().setVolumeId(known(volumes, volume))
        .setStagingTargetPath(staging.toString()).setTargetPath(target.toString()).setVolumeCapability(known(capabilities, volume)).build());
    return target;
  }

  private void unpublish(String volume, Path target) {
    kubelet().nodeUnpublishVolume(
        NodeUnpublishVolumeRequest.newBuilder().setVolumeId(known(volumes, volume)).setTargetPath(target.toString()).build());
  }

  private void unstage(String volume) {
    kubelet().nodeUnstageVolume(
        NodeUnstageVolumeRequest.newBuilder().setVolumeId(known(volumes, volume)).setStagingTargetPath(staging(volume).toString()).build());
  }

  /** A pod that writes and ends, beside the one that keeps it, if there is one. */
  private void write(String volume, String text) throws IOException {
    Path target = publish(volume, "writer");
    Performer.writeDurably(target, text);
    unpublish(volume, target);
    if (!kept.containsKey(volume)) {
      unstage(volume);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    driver.close();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
