package dev.moorage.csi.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.csi.Cluster;
import dev.moorage.csi.proto.BlockMetadata;
import dev.moorage.csi.proto.CapacityRange;
import dev.moorage.csi.proto.ControllerGrpc;
import dev.moorage.csi.proto.CreateSnapshotRequest;
import dev.moorage.csi.proto.CreateVolumeRequest;
import dev.moorage.csi.proto.GetMetadataAllocatedRequest;
import dev.moorage.csi.proto.GetMetadataDeltaRequest;
import dev.moorage.csi.proto.NodeGrpc;
import dev.moorage.csi.proto.NodePublishVolumeRequest;
import dev.moorage.csi.proto.NodeStageVolumeRequest;
import dev.moorage.csi.proto.NodeUnpublishVolumeRequest;
import dev.moorage.csi.proto.NodeUnstageVolumeRequest;
import dev.moorage.csi.proto.Snapshot;
import dev.moorage.csi.proto.SnapshotMetadataGrpc;
import dev.moorage.csi.proto.Topology;
import dev.moorage.csi.proto.TopologyRequirement;
import dev.moorage.csi.proto.Volume;
import dev.moorage.csi.proto.VolumeCapability;
import dev.moorage.csi.proto.VolumeCapability.AccessMode;
import dev.moorage.csi.proto.VolumeCapability.BlockVolume;
import dev.moorage.repository.key.SlotKind;
import dev.moorage.storage.Caller;
import dev.moorage.storage.CreateRepository;
import dev.moorage.storage.RepositorySettings;
import dev.moorage.storage.SecretFile;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.Scratch;
import dev.moorage.testkit.Until;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.Owner;
import dev.moorage.volume.RepositoryName;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Goal: the blocks of a committed snapshot are told whatever has become of the node that cut it. Method: two real drivers, one of which
 * goes; a raw volume with known blocks in a repository that the router knows, or that only the other node knows.
 */
@Tag("root")
@ExtendWith(LeakCheck.class)
final class RoutedBlocksTest {

  private static final long SIZE = 64L << 20;
  private static final int BLOCK = 4096;
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Caller ADMIN = new Caller("admin", Owner.LOCAL, LONG, LONG);

  private final Path vault = Scratch.directory("vault");
  private final RepositorySettings repository = RepositorySettings.at(new RepositoryName("vault"), "file://" + vault.resolve("store"),
      new SecretFile(SlotKind.KEY_FILE, vault.resolve("key")));

  /** What the router's configuration names. */
  private final List<RepositorySettings> configured = new CopyOnWriteArrayList<>(List.of(repository));

  @SuppressWarnings("NullAway.Init")
  private RoutedCluster cluster;

  @BeforeEach
  void open() throws Exception {
    Files.createDirectory(vault.resolve("store"));
    cluster = new RoutedCluster(ByteSize.ofGibibytes(1), ByteSize.ofGibibytes(1), configured);
    cluster.second.storage.repositories().create(ADMIN, new CreateRepository(repository, true, 16 << 10, "test"));
    cluster.first.storage.repositories().add(ADMIN, repository);
  }

  @AfterEach
  void close() throws Exception {
    cluster.close();
    Scratch.remove(vault);
  }

  private ControllerGrpc.ControllerBlockingStub controller() {
    return ControllerGrpc.newBlockingStub(cluster.channel);
  }

  private static VolumeCapability block() {
    return VolumeCapability.newBuilder().setBlock(BlockVolume.getDefaultInstance())
        .setAccessMode(AccessMode.newBuilder().setMode(AccessMode.Mode.SINGLE_NODE_WRITER)).build();
  }

  private Volume create(String name) {
    Topology place = Topology.newBuilder().putSegments("csi.moorage.dev/node", "node-2").build();
    return controller().createVolume(CreateVolumeRequest.newBuilder().setName(name).addVolumeCapabilities(block())
        .setCapacityRange(CapacityRange.newBuilder().setRequiredBytes(SIZE))
        .setAccessibilityRequirements(TopologyRequirement.newBuilder().addRequisite(place)).build()).getVolume();
  }

  /** As a pod on the second node. */
  private void write(Volume volume, int... blocks) throws Exception {
    Cluster node = cluster.second;
    NodeGrpc.NodeBlockingStub kubelet = NodeGrpc.newBlockingStub(node.channel);
    String staging = Files.createDirectories(node.directory().resolve("staging")).toString();
    String target = node.directory().resolve("pod").toString();
    kubelet.nodeStageVolume(NodeStageVolumeRequest.newBuilder().setVolumeId(volume.getVolumeId()).setStagingTargetPath(staging)
        .setVolumeCapability(block()).build());
    kubelet.nodePublishVolume(NodePublishVolumeRequest.newBuilder().setVolumeId(volume.getVolumeId()).setStagingTargetPath(staging)
        .setTargetPath(target).setVolumeCapability(block()).build());
    try (RandomAccessFile device = new RandomAccessFile(target, "rwd")) {
      for (int each : blocks) {
        device.seek((long) each * BLOCK);
        device.write("x".repeat(BLOCK).getBytes(StandardCharsets.US_ASCII));
      }
    }
    kubelet.nodeUnpublishVolume(NodeUnpublishVolumeRequest.newBuilder().setVolumeId(volume.getVolumeId()).setTargetPath(target).build());
    kubelet.nodeUnstageVolume(NodeUnstageVolumeRequest.newBuilder().setVolumeId(volume.getVolumeId()).setStagingTargetPath(staging).build());
  }

  private Snapshot snapshot(Volume volume, String name, String where) {
    CreateSnapshotRequest.Builder request = CreateSnapshotRequest.newBuilder().setName(name).setSourceVolumeId(volume.getVolumeId());
    if (!where.isEmpty()) {
      request.putParameters("repository", where);
    }
    return controller().createSnapshot(request.build()).getSnapshot();
  }

  private Snapshot committed(Volume volume, String name) {
    Until.demand("snapshot " + name + " is committed", LONG, () -> snapshot(volume, name, "vault").getReadyToUse());
    return snapshot(volume, name, "vault");
  }

  private List<Long> allocated(Snapshot of, long offset, int max) {
    List<BlockMetadata> ranges = new ArrayList<>();
    SnapshotMetadataGrpc.newBlockingStub(cluster.channel).getMetadataAllocated(GetMetadataAllocatedRequest.newBuilder()
        .setSnapshotId(of.getSnapshotId()).setStartingOffset(offset).setMaxResults(max).build()).forEachRemaining(part -> {
          assertThat(part.getVolumeCapacityBytes()).isEqualTo(SIZE);
          assertThat(max == 0 || part.getBlockMetadataCount() <= max).isTrue();
          ranges.addAll(part.getBlockMetadataList());
        });
    return ranges.stream().map(each -> each.getByteOffset() / BLOCK).toList();
  }

  private List<Long> changed(Snapshot before, Snapshot after) {
    List<BlockMetadata> ranges = new ArrayList<>();
    SnapshotMetadataGrpc.newBlockingStub(cluster.channel).getMetadataDelta(GetMetadataDeltaRequest.newBuilder()
        .setBaseSnapshotId(before.getSnapshotId()).setTargetSnapshotId(after.getSnapshotId()).build())
        .forEachRemaining(part -> ranges.addAll(part.getBlockMetadataList()));
    return ranges.stream().map(each -> each.getByteOffset() / BLOCK).toList();
  }

  private static void refused(Status.Code code, String text, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
      assertThat(e.getStatus().getCode()).as(String.valueOf(e.getMessage())).isEqualTo(code);
      assertThat(e.getStatus().getDescription()).contains(text);
    });
  }

  /** Blocks 4, 4096 and 8192 in the newer snapshot, 4 in the older one, 4 in one that is nowhere but on its node. */
  private record Cut(Volume volume, Snapshot local, Snapshot before, Snapshot after) {}

  private Cut cut() throws Exception {
    Volume volume = create("pvc-1");
    write(volume, 4);
    Snapshot local = snapshot(volume, "local", "");
    Snapshot before = committed(volume, "before");
    write(volume, 4096, 8192);
    return new Cut(volume, local, before, committed(volume, "after"));
  }

  private void demandAll(Cut cut) {
    assertThat(allocated(cut.after(), 0, 0)).containsExactly(4L, 4096L, 8192L);
    assertThat(allocated(cut.after(), 5000L * BLOCK, 1)).as("resumed from there").containsExactly(8192L);
    assertThat(allocated(cut.after(), 0, 1)).containsExactly(4L, 4096L, 8192L);
    assertThat(changed(cut.before(), cut.after())).containsExactly(4096L, 8192L);
    refused(Status.Code.OUT_OF_RANGE, "starting_offset", () -> allocated(cut.after(), SIZE + 1, 0));
    refused(Status.Code.INVALID_ARGUMENT, "max_results", () -> allocated(cut.after(), 0, -1));
  }

  @Test
  void theRouterReadsThemFromTheRepositoryWhenTheNodeIsAwayOrDoesNotAnswerOrIsLost() throws Exception {
    Cut cut = cut();
    cluster.first.stop();
    cluster.remember();
    cluster.second.stop();
    // Its pod is still there, so somebody has to find out that it does not answer.
    demandAll(cut);
    refused(Status.Code.UNAVAILABLE, "node-2", () -> allocated(cut.local(), 0, 0));
    refused(Status.Code.UNAVAILABLE, "node-2", () -> changed(cut.local(), cut.after()));
    cluster.here.remove("node-2");
    cluster.restartRouter();
    demandAll(cut);
    refused(Status.Code.UNAVAILABLE, "node-2 is not there", () -> allocated(cut.local(), 0, 0));
    cluster.gone.addAll(cluster.pools.entrySet().stream().filter(each -> each.getValue().equals("node-2")).map(Map.Entry::getKey).toList());
    demandAll(cut);
    refused(Status.Code.NOT_FOUND, "declared lost", () -> allocated(cut.local(), 0, 0));
    cluster.first.start();
    cluster.second.start();
  }

  @Test
  void anotherNodeReadsThemWhenTheRouterDoesNotKnowTheRepository() throws Exception {
    Cut cut = cut();
    configured.clear();
    cluster.remember();
    cluster.restartRouter();
    assertThat(changed(cut.before(), cut.after())).as("by the node itself").contains(4096L, 8192L);
    cluster.second.stop();
    demandAll(cut);
    cluster.here.remove("node-2");
    cluster.restartRouter();
    demandAll(cut);
    // With nobody who could read it, the caller is told which node would have to come back.
    cluster.first.stop();
    refused(Status.Code.UNAVAILABLE, "node-2 is not there", () -> allocated(cut.after(), 0, 0));
    cluster.first.start();
    cluster.second.start();
  }

  /** A snapshot that is on its way to the repository may arrive there when its node is back: nobody may say that there is none. */
  @Test
  void whatTheRepositoryDoesNotHaveYetIsUnavailableWhileItsNodeMayComeBack() throws Exception {
    Cut cut = cut();
    String[] parts = cut.after().getSnapshotId().split("/", -1);
    Snapshot uncommitted = cut.after().toBuilder()
        .setSnapshotId(parts[0] + "/" + parts[1] + "/" + cut.local().getSnapshotId().split("/", -1)[2]).build();
    cluster.remember();
    cluster.second.stop();
    cluster.here.remove("node-2");
    cluster.restartRouter();
    refused(Status.Code.UNAVAILABLE, "node-2", () -> allocated(uncommitted, 0, 0));
    cluster.gone.addAll(cluster.pools.entrySet().stream().filter(each -> each.getValue().equals("node-2")).map(Map.Entry::getKey).toList());
    refused(Status.Code.NOT_FOUND, "", () -> allocated(uncommitted, 0, 0));
    cluster.second.start();
  }
}
