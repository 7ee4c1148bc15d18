package dev.moorage.csi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.csi.proto.BlockMetadata;
import dev.moorage.csi.proto.CapacityRange;
import dev.moorage.csi.proto.ControllerExpandVolumeRequest;
import dev.moorage.csi.proto.ControllerGrpc;
import dev.moorage.csi.proto.CreateSnapshotRequest;
import dev.moorage.csi.proto.CreateVolumeGroupSnapshotRequest;
import dev.moorage.csi.proto.CreateVolumeRequest;
import dev.moorage.csi.proto.DeleteSnapshotRequest;
import dev.moorage.csi.proto.DeleteVolumeGroupSnapshotRequest;
import dev.moorage.csi.proto.DeleteVolumeRequest;
import dev.moorage.csi.proto.GetCapacityRequest;
import dev.moorage.csi.proto.GetMetadataAllocatedRequest;
import dev.moorage.csi.proto.GetMetadataDeltaRequest;
import dev.moorage.csi.proto.GetSnapshotRequest;
import dev.moorage.csi.proto.GetVolumeGroupSnapshotRequest;
import dev.moorage.csi.proto.GroupControllerGrpc;
import dev.moorage.csi.proto.ListSnapshotsRequest;
import dev.moorage.csi.proto.NodeExpandVolumeRequest;
import dev.moorage.csi.proto.NodeGetVolumeStatsRequest;
import dev.moorage.csi.proto.NodeGetVolumeStatsResponse;
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
import dev.moorage.csi.proto.VolumeCapability.AccessMode.Mode;
import dev.moorage.csi.proto.VolumeCapability.BlockVolume;
import dev.moorage.csi.proto.VolumeCapability.MountVolume;
import dev.moorage.csi.proto.VolumeContentSource;
import dev.moorage.csi.proto.VolumeGroupSnapshot;
import dev.moorage.csi.proto.VolumeUsage;
import dev.moorage.linux.Mounts;
import dev.moorage.repository.key.SlotKind;
import dev.moorage.storage.Caller;
import dev.moorage.storage.CreateRepository;
import dev.moorage.storage.RepositorySettings;
import dev.moorage.storage.SecretFile;
import dev.moorage.storage.SnapshotRef;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.Until;
import dev.moorage.volume.Owner;
import dev.moorage.volume.RepositoryName;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Goal: what csi-sanity does not look at. Method: a client on the driver's socket, a real pool, a look at the kernel's mounts. */
@Tag("root")
@ExtendWith(LeakCheck.class)
final class ServicesTest {

  private static final long SIZE = 64L << 20;
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Caller ADMIN = new Caller("admin", Owner.LOCAL, LONG, LONG);

  @SuppressWarnings("NullAway.Init")
  private Cluster node;

  @BeforeEach
  void open() throws Exception {
    node = new Cluster("node-1");
  }

  @AfterEach
  void close() throws Exception {
    node.close();
  }

  private ControllerGrpc.ControllerBlockingStub controller() {
    return ControllerGrpc.newBlockingStub(node.channel);
  }

  private NodeGrpc.NodeBlockingStub kubelet() {
    return NodeGrpc.newBlockingStub(node.channel);
  }

  private GroupControllerGrpc.GroupControllerBlockingStub groups() {
    return GroupControllerGrpc.newBlockingStub(node.channel);
  }

  private static VolumeCapability filesystem(Mode mode) {
    return VolumeCapability.newBuilder().setAccessMode(AccessMode.newBuilder().setMode(mode)).setMount(MountVolume.getDefaultInstance()).build();
  }

  private static VolumeCapability block() {
    return VolumeCapability.newBuilder().setAccessMode(AccessMode.newBuilder().setMode(Mode.SINGLE_NODE_WRITER))
        .setBlock(BlockVolume.getDefaultInstance()).build();
  }

  private static CreateVolumeRequest.Builder request(String name, VolumeCapability capability) {
    return CreateVolumeRequest.newBuilder().setName(name).addVolumeCapabilities(capability)
        .setCapacityRange(CapacityRange.newBuilder().setRequiredBytes(SIZE));
  }

  private Volume create(String name, VolumeCapability capability) {
    return controller().createVolume(request(name, capability).build()).getVolume();
  }

  private Path stage(Volume volume, VolumeCapability capability) throws Exception {
    Path staging = Files.createDirectories(node.directory().resolve("staging").resolve(volume.getVolumeId().replace('/', '_')));
    kubelet().nodeStageVolume(NodeStageVolumeRequest.newBuilder().setVolumeId(volume.getVolumeId())
        .setStagingTargetPath(staging.toString()).setVolumeCapability(capability).build());
    return staging;
  }

  private Path publish(Volume volume, VolumeCapability capability, Path staging, String pod, boolean readOnly) throws Exception {
    Path target = Files.createDirectories(node.directory().resolve("pods")).resolve(pod);
    kubelet().nodePublishVolume(NodePublishVolumeRequest.newBuilder().setVolumeId(volume.getVolumeId())
        .setStagingTargetPath(staging.toString()).setTargetPath(target.toString()).setVolumeCapability(capability)
        .setReadonly(readOnly).build());
    return target;
  }

  private void unpublish(Volume volume, Path target) {
    kubelet().nodeUnpublishVolume(
        NodeUnpublishVolumeRequest.newBuilder().setVolumeId(volume.getVolumeId()).setTargetPath(target.toString()).build());
  }

  private void unstage(Volume volume, Path staging) {
    kubelet().nodeUnstageVolume(
        NodeUnstageVolumeRequest.newBuilder().setVolumeId(volume.getVolumeId()).setStagingTargetPath(staging.toString()).build());
  }

  private static void refused(Status.Code code, Runnable call) {
    assertThatThrownBy(call::run).isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
      assertThat(e.getStatus().getCode()).as("%s", e).isEqualTo(code);
      assertThat(e.getStatus().getDescription()).isNotEmpty();
    });
  }

  @Test
  void aPodWritesAndAnotherReadsAndNothingIsLeft() throws Exception {
    VolumeCapability capability = filesystem(Mode.SINGLE_NODE_MULTI_WRITER);
    Volume volume = create("pvc-1", capability);
    Path staging = stage(volume, capability);
    Path writer = publish(volume, capability, staging, "writer", false);
    Files.writeString(writer.resolve("row"), "kept");
    Path reader = publish(volume, capability, staging, "reader", true);
    assertThat(reader.resolve("row")).hasContent("kept");
    assertThatThrownBy(() -> Files.writeString(reader.resolve("row"), "no")).hasMessageContaining("ead-only");
    refused(Status.Code.ALREADY_EXISTS, () -> again(volume, capability, staging, reader, false));
    again(volume, capability, staging, reader, true);
    node.restart();
    assertThat(reader.resolve("row")).as("mounts outlive the driver").hasContent("kept");
    again(volume, capability, staging, writer, false);
    refused(Status.Code.FAILED_PRECONDITION, () -> controller().deleteVolume(
        DeleteVolumeRequest.newBuilder().setVolumeId(volume.getVolumeId()).build()));
    for (int i = 0; i < 2; i++) {
      unpublish(volume, reader);
      unpublish(volume, writer);
      unstage(volume, staging);
    }
    assertThat(reader).doesNotExist();
    assertThat(staging).exists();
    assertThat(Mounts.at(staging)).isEmpty();
    controller().deleteVolume(DeleteVolumeRequest.newBuilder().setVolumeId(volume.getVolumeId()).build());
  }

  private void again(Volume volume, VolumeCapability capability, Path staging, Path target, boolean readOnly) {
    kubelet().nodePublishVolume(NodePublishVolumeRequest.newBuilder().setVolumeId(volume.getVolumeId())
        .setStagingTargetPath(staging.toString()).setTargetPath(target.toString()).setVolumeCapability(capability)
        .setReadonly(readOnly).build());
  }

  @Test
  void oneWriterOnlyIsKeptAndTheSecondIsToldWhoItIs() throws Exception {
    VolumeCapability alone = filesystem(Mode.SINGLE_NODE_SINGLE_WRITER);
    Volume volume = create("pvc-1", alone);
    Path staging = stage(volume, alone);
    Path first = publish(volume, alone, staging, "first", false);
    assertThatThrownBy(() -> publish(volume, alone, staging, "second", false)).hasMessageContaining("FAILED_PRECONDITION")
        .hasMessageContaining("pods/first");
    unpublish(volume, first);
    Path second = publish(volume, alone, staging, "second", false);
    unpublish(volume, second);
    unstage(volume, staging);
  }

  @Test
  void aRawDeviceIsAFileOfThePodAndGrowsOnline() throws Exception {
    Volume volume = create("pvc-1", block());
    Path staging = stage(volume, block());
    Path device = publish(volume, block(), staging, "dev", false);
    try (RandomAccessFile file = new RandomAccessFile(device.toFile(), "rw")) {
      file.seek(SIZE - 4096);
      file.write(new byte[4096]);
    }
    assertThat(controller().controllerExpandVolume(ControllerExpandVolumeRequest.newBuilder().setVolumeId(volume.getVolumeId())
        .setCapacityRange(CapacityRange.newBuilder().setRequiredBytes(2 * SIZE)).build()).getCapacityBytes()).isEqualTo(2 * SIZE);
    try (RandomAccessFile file = new RandomAccessFile(device.toFile(), "rw")) {
      file.seek(2 * SIZE - 4096);
      file.write(new byte[4096]);
    }
    refused(Status.Code.INVALID_ARGUMENT, () -> quietly(() -> publish(volume, block(), staging, "ro", true)));
    unpublish(volume, device);
    unstage(volume, staging);
  }

  /** It binds what was published at a path of its own, and a link in the pod's directory; it asks by the first. */
  @Test
  void theKubeletIsToldOfARawDeviceByTheKubeletsOwnPathOfIt() throws Exception {
    Volume volume = create("pvc-1", block());
    Volume other = create("pvc-2", block());
    Path map = Files.createDirectories(node.directory().resolve("volumeDevices/pv-1/dev")).resolve("pod-uid");
    refused(Status.Code.NOT_FOUND, () -> stats(volume, map));
    Path staging = stage(volume, block());
    Path device = publish(volume, block(), staging, "dev", false);
    Files.createFile(map);
    refused(Status.Code.NOT_FOUND, () -> stats(volume, map));
    Mounts.bind(device, map, false);
    Path link = Files.createSymbolicLink(node.directory().resolve("pv-1"), device);
    for (Path path : List.of(map, link, device, staging)) {
      NodeGetVolumeStatsResponse told = stats(volume, path);
      assertThat(told.getUsageList()).containsExactly(
          VolumeUsage.newBuilder().setUnit(VolumeUsage.Unit.BYTES).setTotal(SIZE).build());
      assertThat(told.getVolumeCondition().getAbnormal()).isFalse();
      assertThat(told.getVolumeCondition().getMessage()).isNotEmpty();
    }
    refused(Status.Code.NOT_FOUND, () -> stats(other, map));
    refused(Status.Code.NOT_FOUND, () -> stats(volume, Path.of("/dev/null")));
    refused(Status.Code.NOT_FOUND, () -> stats(volume, map.resolve("below")));
    refused(Status.Code.NOT_FOUND, () -> stats(volume, Path.of("some/path")));
    node.restart();
    assertThat(stats(volume, map).getUsage(0).getTotal()).as("after a restart of the driver").isEqualTo(SIZE);
    controller().controllerExpandVolume(ControllerExpandVolumeRequest.newBuilder().setVolumeId(volume.getVolumeId())
        .setCapacityRange(CapacityRange.newBuilder().setRequiredBytes(2 * SIZE)).build());
    assertThat(kubelet().nodeExpandVolume(NodeExpandVolumeRequest.newBuilder().setVolumeId(volume.getVolumeId())
        .setVolumePath(map.toString()).build()).getCapacityBytes()).isEqualTo(2 * SIZE);
    assertThat(stats(volume, map).getUsage(0).getTotal()).isEqualTo(2 * SIZE);
    Mounts.unmount(map);
    unpublish(volume, device);
    unstage(volume, staging);
    refused(Status.Code.NOT_FOUND, () -> stats(volume, map));
  }

  private NodeGetVolumeStatsResponse stats(Volume volume, Path path) {
    return kubelet().nodeGetVolumeStats(NodeGetVolumeStatsRequest.newBuilder().setVolumeId(volume.getVolumeId())
        .setVolumePath(path.toString()).build());
  }

  @FunctionalInterface
  private interface Step {
    void run() throws Exception;
  }

  private static void quietly(Step step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theSameNameWithAnotherWishIsRefusedAndNothingChanges() {
    VolumeCapability capability = filesystem(Mode.SINGLE_NODE_WRITER);
    Volume volume = create("pvc-1", capability);
    assertThat(create("pvc-1", capability)).isEqualTo(volume);
    refused(Status.Code.ALREADY_EXISTS, () -> create("pvc-1", block()));
    refused(Status.Code.ALREADY_EXISTS, () -> controller().createVolume(request("pvc-1", capability)
        .setCapacityRange(CapacityRange.newBuilder().setRequiredBytes(2 * SIZE)).build()));
    refused(Status.Code.ALREADY_EXISTS, () -> controller().createVolume(request("pvc-1", capability).putParameters("fs", "xfs").build()));
    refused(Status.Code.ALREADY_EXISTS, () -> controller().createVolume(request("pvc-1", capability).setVolumeContentSource(
        VolumeContentSource.newBuilder().setVolume(VolumeContentSource.VolumeSource.newBuilder().setVolumeId(
            create("pvc-2", capability).getVolumeId()))).build()));
    assertThat(create("pvc-1", capability)).isEqualTo(volume);
  }

  @Test
  void whatCannotBeIsRefusedWithItsCode() {
    VolumeCapability capability = filesystem(Mode.SINGLE_NODE_WRITER);
    refused(Status.Code.INVALID_ARGUMENT, () -> create("x".repeat(129), capability));
    refused(Status.Code.INVALID_ARGUMENT, () -> create("", capability));
    refused(Status.Code.INVALID_ARGUMENT, () -> controller().createVolume(request("a", capability).putParameters("fss", "xfs").build()));
    refused(Status.Code.OUT_OF_RANGE, () -> controller().createVolume(request("a", capability).setCapacityRange(
        CapacityRange.newBuilder().setRequiredBytes(SIZE + 1).setLimitBytes(SIZE + 2)).build()));
    refused(Status.Code.OUT_OF_RANGE, () -> controller().createVolume(request("a", capability).setCapacityRange(
        CapacityRange.newBuilder().setRequiredBytes(-1)).build()));
    refused(Status.Code.RESOURCE_EXHAUSTED, () -> controller().createVolume(request("a", capability).setCapacityRange(
        CapacityRange.newBuilder().setRequiredBytes(1L << 50)).build()));
    refused(Status.Code.RESOURCE_EXHAUSTED, () -> controller().createVolume(request("a", capability).setAccessibilityRequirements(
        TopologyRequirement.newBuilder().addRequisite(Topology.newBuilder().putSegments("csi.moorage.dev/node", "node-2"))).build()));
    refused(Status.Code.NOT_FOUND, () -> controller().createVolume(request("a", capability).setVolumeContentSource(VolumeContentSource
        .newBuilder().setSnapshot(VolumeContentSource.SnapshotSource.newBuilder().setSnapshotId("nothing"))).build()));
    refused(Status.Code.UNAVAILABLE, () -> controller().deleteVolume(DeleteVolumeRequest.newBuilder().setVolumeId(
        "4c7e9a3e-5a44-4d5b-9a0c-000000000001/4c7e9a3e-5a44-4d5b-9a0c-000000000002").build()));
    refused(Status.Code.RESOURCE_EXHAUSTED, () -> controller().createVolume(
        request("a", capability).putSecrets("k", "v".repeat(10 << 20)).build()));
    long before = controller().getCapacity(GetCapacityRequest.getDefaultInstance()).getAvailableCapacity();
    create("a", capability);
    assertThat(controller().getCapacity(GetCapacityRequest.getDefaultInstance()).getAvailableCapacity()).isEqualTo(before - SIZE);
    assertThat(controller().getCapacity(GetCapacityRequest.newBuilder().setAccessibleTopology(
        Topology.newBuilder().putSegments("csi.moorage.dev/node", "node-2")).build()).getAvailableCapacity()).isZero();
  }

  @Test
  void aGroupIsOneCutThatIsAskedForByItsNameAndDeletedAsAWhole() throws Exception {
    VolumeCapability capability = filesystem(Mode.SINGLE_NODE_WRITER);
    Volume one = create("pvc-1", capability);
    Volume two = create("pvc-2", capability);
    CreateVolumeGroupSnapshotRequest request = CreateVolumeGroupSnapshotRequest.newBuilder().setName("group")
        .addSourceVolumeIds(one.getVolumeId()).addSourceVolumeIds(two.getVolumeId()).build();
    VolumeGroupSnapshot group = groups().createVolumeGroupSnapshot(request).getGroupSnapshot();
    assertThat(group.getSnapshotsList()).hasSize(2).allMatch(each -> each.getGroupSnapshotId().equals(group.getGroupSnapshotId()));
    assertThat(groups().createVolumeGroupSnapshot(request).getGroupSnapshot()).isEqualTo(group);
    refused(Status.Code.ALREADY_EXISTS, () -> groups().createVolumeGroupSnapshot(CreateVolumeGroupSnapshotRequest.newBuilder()
        .setName("group").addSourceVolumeIds(one.getVolumeId()).build()));
    List<String> members = group.getSnapshotsList().stream().map(Snapshot::getSnapshotId).toList();
    assertThat(groups().getVolumeGroupSnapshot(GetVolumeGroupSnapshotRequest.newBuilder().setGroupSnapshotId(group.getGroupSnapshotId())
        .addAllSnapshotIds(members).build()).getGroupSnapshot()).isEqualTo(group);
    refused(Status.Code.INVALID_ARGUMENT, () -> groups().getVolumeGroupSnapshot(GetVolumeGroupSnapshotRequest.newBuilder()
        .setGroupSnapshotId(group.getGroupSnapshotId()).addSnapshotIds(members.getFirst()).build()));
    refused(Status.Code.INVALID_ARGUMENT, () -> controller().deleteSnapshot(
        DeleteSnapshotRequest.newBuilder().setSnapshotId(members.getFirst()).build()));
    Volume clone = controller().createVolume(request("pvc-3", capability).setVolumeContentSource(VolumeContentSource.newBuilder()
        .setSnapshot(VolumeContentSource.SnapshotSource.newBuilder().setSnapshotId(members.getFirst()))).build()).getVolume();
    for (int i = 0; i < 2; i++) {
      groups().deleteVolumeGroupSnapshot(DeleteVolumeGroupSnapshotRequest.newBuilder()
          .setGroupSnapshotId(group.getGroupSnapshotId()).addAllSnapshotIds(members).build());
    }
    refused(Status.Code.NOT_FOUND, () -> groups().getVolumeGroupSnapshot(
        GetVolumeGroupSnapshotRequest.newBuilder().setGroupSnapshotId(group.getGroupSnapshotId()).build()));
    Path staging = stage(clone, capability);
    unstage(clone, staging);
  }

  private Snapshot snapshot(Volume volume, String name, String repository) {
    CreateSnapshotRequest.Builder request = CreateSnapshotRequest.newBuilder().setName(name).setSourceVolumeId(volume.getVolumeId());
    if (!repository.isEmpty()) {
      request.putParameters("repository", repository);
    }
    return controller().createSnapshot(request.build()).getSnapshot();
  }

  @Test
  void blocksOfASnapshotAndItsDifferencesAreToldFromAnyOffset() throws Exception {
    Volume volume = create("pvc-1", block());
    Path staging = stage(volume, block());
    Path device = publish(volume, block(), staging, "dev", false);
    write(device, 0, 8);
    write(device, 4096, 4);
    Snapshot before = snapshot(volume, "before", "");
    write(device, 4096, 1);
    write(device, 8192, 2);
    Snapshot after = snapshot(volume, "after", "");
    SnapshotMetadataGrpc.SnapshotMetadataBlockingStub blocks = SnapshotMetadataGrpc.newBlockingStub(node.channel);
    List<BlockMetadata> held = new ArrayList<>();
    blocks.getMetadataAllocated(GetMetadataAllocatedRequest.newBuilder().setSnapshotId(before.getSnapshotId()).setMaxResults(1).build())
        .forEachRemaining(part -> held.addAll(part.getBlockMetadataList()));
    assertThat(covers(held, 0, 8)).isTrue();
    assertThat(covers(held, 4096, 4)).isTrue();
    List<BlockMetadata> changed = delta(blocks, before, after, 0);
    assertThat(covers(changed, 4096, 1)).isTrue();
    assertThat(covers(changed, 8192, 2)).isTrue();
    assertThat(changed.getFirst().getByteOffset()).isGreaterThanOrEqualTo(4096L << 12);
    assertThat(covers(delta(blocks, before, after, 8000L << 12), 4096, 1)).isFalse();
    refused(Status.Code.OUT_OF_RANGE, () -> delta(blocks, before, after, SIZE + 1));
    refused(Status.Code.NOT_FOUND, () -> blocks.getMetadataAllocated(GetMetadataAllocatedRequest.newBuilder()
        .setSnapshotId("none").build()).forEachRemaining(part -> { }));
    unpublish(volume, device);
    unstage(volume, staging);
  }

  @Test
  void blocksOfSnapshotsThatAreOnlyInARepositoryAreToldOnAnyNodeFromTheirMaps() throws Exception {
    RepositorySettings settings = makeRepository();
    Volume volume = create("pvc-1", block());
    Path staging = stage(volume, block());
    Path device = publish(volume, block(), staging, "dev", false);
    write(device, 0, 8);
    Snapshot local = snapshot(volume, "local", "");
    Snapshot before = committed(volume, "before");
    write(device, 4096, 4);
    write(device, 8192, 1);
    Snapshot after = committed(volume, "after");
    try (Cluster other = new Cluster("node-2")) {
      other.storage.repositories().add(ADMIN, settings);
      SnapshotMetadataGrpc.SnapshotMetadataBlockingStub blocks = SnapshotMetadataGrpc.newBlockingStub(other.channel);
      List<BlockMetadata> held = new ArrayList<>();
      blocks.getMetadataAllocated(GetMetadataAllocatedRequest.newBuilder().setSnapshotId(after.getSnapshotId()).build())
          .forEachRemaining(part -> held.addAll(part.getBlockMetadataList()));
      assertThat(covers(held, 0, 8)).isTrue();
      assertThat(covers(held, 4096, 4)).isTrue();
      List<BlockMetadata> changed = delta(blocks, before, after, 0);
      assertThat(changed).extracting(BlockMetadata::getByteOffset).containsExactly(4096L << 12, 8192L << 12);
      assertThat(delta(blocks, before, after, 5000L << 12)).extracting(BlockMetadata::getByteOffset).containsExactly(8192L << 12);
      refused(Status.Code.OUT_OF_RANGE, () -> delta(blocks, before, after, SIZE + 1));
      refused(Status.Code.UNAVAILABLE, () -> delta(blocks, local, after, 0));
    }
    SnapshotMetadataGrpc.SnapshotMetadataBlockingStub here = SnapshotMetadataGrpc.newBlockingStub(node.channel);
    node.storage.snapshots().remove(ADMIN, new SnapshotRef.ById(SnapshotHandle.parse(before.getSnapshotId()).orElseThrow().snapshot()));
    assertThat(delta(here, before, after, 0)).as("one local copy is gone").hasSize(2);
    refused(Status.Code.FAILED_PRECONDITION, () -> delta(here, local, before, 0));
    unpublish(volume, device);
    unstage(volume, staging);
  }

  private Snapshot committed(Volume volume, String name) throws Exception {
    Until.demand("the snapshot is ready", LONG, () -> snapshot(volume, name, "vault").getReadyToUse());
    return snapshot(volume, name, "vault");
  }

  private static List<BlockMetadata> delta(
      SnapshotMetadataGrpc.SnapshotMetadataBlockingStub blocks, Snapshot before, Snapshot after, long offset) {
    List<BlockMetadata> changed = new ArrayList<>();
    blocks.getMetadataDelta(GetMetadataDeltaRequest.newBuilder().setBaseSnapshotId(before.getSnapshotId())
        .setTargetSnapshotId(after.getSnapshotId()).setStartingOffset(offset).build())
        .forEachRemaining(part -> changed.addAll(part.getBlockMetadataList()));
    return changed;
  }

  private static void write(Path device, int block, int blocks) throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(device.toFile(), "rwd")) {
      byte[] content = new byte[4096];
      Arrays.fill(content, (byte) (block + blocks));
      for (int i = 0; i < blocks; i++) {
        file.seek((long) (block + i) << 12);
        file.write(content);
      }
    }
  }

  private static boolean covers(List<BlockMetadata> ranges, long block, long blocks) {
    return ranges.stream().anyMatch(range -> range.getByteOffset() <= block << 12
        && range.getByteOffset() + range.getSizeBytes() >= (block + blocks) << 12);
  }

  @Test
  void aRemoteSnapshotIsReadyWhenItIsCommittedAndRestoresOnAnotherNode() throws Exception {
    RepositorySettings settings = makeRepository();
    VolumeCapability capability = filesystem(Mode.SINGLE_NODE_WRITER);
    Volume volume = create("pvc-1", capability);
    Path staging = stage(volume, capability);
    Path pod = publish(volume, capability, staging, "pod", false);
    Files.writeString(pod.resolve("row"), "precious");
    Snapshot first = snapshot(volume, "nightly", "vault");
    assertThat(controller().listSnapshots(ListSnapshotsRequest.getDefaultInstance()).getEntriesList())
        .as("the same handle before it is committed").extracting(each -> each.getSnapshot().getSnapshotId()).containsExactly(first.getSnapshotId());
    Until.demand("the snapshot is ready", LONG, () -> snapshot(volume, "nightly", "vault").getReadyToUse());
    Snapshot ready = snapshot(volume, "nightly", "vault");
    assertThat(ready.toBuilder().setReadyToUse(false).build()).isEqualTo(first.toBuilder().setReadyToUse(false).build());
    assertThat(controller().listSnapshots(ListSnapshotsRequest.newBuilder().setSnapshotId(ready.getSnapshotId()).build())
        .getEntries(0).getSnapshot()).isEqualTo(ready);
    try (Cluster other = new Cluster("node-2")) {
      other.storage.repositories().add(ADMIN, settings);
      restoreElsewhere(other, ready, capability);
    }
    controller().deleteSnapshot(DeleteSnapshotRequest.newBuilder().setSnapshotId(ready.getSnapshotId()).build());
    controller().deleteSnapshot(DeleteSnapshotRequest.newBuilder().setSnapshotId(ready.getSnapshotId()).build());
    refused(Status.Code.NOT_FOUND, () -> controller().getSnapshot(
        GetSnapshotRequest.newBuilder().setSnapshotId(ready.getSnapshotId()).build()));
    assertThat(node.storage.repositories().snapshots(new RepositoryName("vault"), Optional.empty())).isEmpty();
    unpublish(volume, pod);
    unstage(volume, staging);
  }

  private RepositorySettings makeRepository() throws Exception {
    Path store = Files.createDirectory(node.directory().resolve("store"));
    RepositorySettings settings = RepositorySettings.at(new RepositoryName("vault"), "file://" + store,
        new SecretFile(SlotKind.KEY_FILE, node.directory().resolve("key")));
    node.storage.repositories().create(ADMIN, new CreateRepository(settings, true, 16 << 10, "test"));
    return settings;
  }

  @Test
  void aRemoteGroupIsReadyWhenEachMemberIsCommittedAndGoesAsAWhole() throws Exception {
    makeRepository();
    VolumeCapability capability = filesystem(Mode.SINGLE_NODE_WRITER);
    CreateVolumeGroupSnapshotRequest request = CreateVolumeGroupSnapshotRequest.newBuilder().setName("group")
        .addSourceVolumeIds(create("pvc-1", capability).getVolumeId()).addSourceVolumeIds(create("pvc-2", capability).getVolumeId())
        .putParameters("repository", "vault").build();
    Until.demand("the group is ready", LONG, () -> groups().createVolumeGroupSnapshot(request).getGroupSnapshot().getReadyToUse());
    VolumeGroupSnapshot group = groups().createVolumeGroupSnapshot(request).getGroupSnapshot();
    assertThat(group.getSnapshotsList()).hasSize(2).allMatch(Snapshot::getReadyToUse);
    assertThat(node.storage.repositories().snapshots(new RepositoryName("vault"), Optional.empty())).hasSize(2);
    assertThat(controller().getSnapshot(GetSnapshotRequest.newBuilder().setSnapshotId(group.getSnapshots(0).getSnapshotId()).build())
        .getSnapshot()).isEqualTo(group.getSnapshots(0));
    groups().deleteVolumeGroupSnapshot(DeleteVolumeGroupSnapshotRequest.newBuilder().setGroupSnapshotId(group.getGroupSnapshotId())
        .addAllSnapshotIds(group.getSnapshotsList().stream().map(Snapshot::getSnapshotId).toList()).build());
    assertThat(node.storage.repositories().snapshots(new RepositoryName("vault"), Optional.empty())).isEmpty();
  }

  private static void restoreElsewhere(Cluster other, Snapshot snapshot, VolumeCapability capability) throws Exception {
    ControllerGrpc.ControllerBlockingStub there = ControllerGrpc.newBlockingStub(other.channel);
    assertThat(there.getSnapshot(GetSnapshotRequest.newBuilder().setSnapshotId(snapshot.getSnapshotId()).build()).getSnapshot()
        .getReadyToUse()).isTrue();
    CreateVolumeRequest request = request("pvc-9", capability).setVolumeContentSource(VolumeContentSource.newBuilder()
        .setSnapshot(VolumeContentSource.SnapshotSource.newBuilder().setSnapshotId(snapshot.getSnapshotId()))).build();
    List<Volume> made = new ArrayList<>();
    Until.demand("the restore has ended", LONG, () -> {
      try {
        return made.add(there.createVolume(request).getVolume());
      } catch (StatusRuntimeException e) {
        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        return false;
      }
    });
    Volume volume = made.getFirst();
    Path staging = Files.createDirectories(other.directory().resolve("staging"));
    NodeGrpc.NodeBlockingStub kubelet = NodeGrpc.newBlockingStub(other.channel);
    kubelet.nodeStageVolume(NodeStageVolumeRequest.newBuilder().setVolumeId(volume.getVolumeId())
        .setStagingTargetPath(staging.toString()).setVolumeCapability(capability).build());
    // The kubelet does not unstage while it finds the device mounted anywhere but at the staging path; so we have it nowhere near.
    assertThat(Mounts.at(staging)).isEmpty();
    Path target = other.directory().resolve("pod");
    kubelet.nodePublishVolume(NodePublishVolumeRequest.newBuilder().setVolumeId(volume.getVolumeId()).setStagingTargetPath(staging.toString())
        .setTargetPath(target.toString()).setVolumeCapability(capability).build());
    assertThat(target.resolve("row")).hasContent("precious");
    assertThat(kubelet.nodeGetVolumeStats(NodeGetVolumeStatsRequest.newBuilder().setVolumeId(volume.getVolumeId())
        .setVolumePath(target.toString()).build()).getVolumeCondition().getAbnormal()).isFalse();
    kubelet.nodeUnpublishVolume(NodeUnpublishVolumeRequest.newBuilder().setVolumeId(volume.getVolumeId())
        .setTargetPath(target.toString()).build());
    kubelet.nodeUnstageVolume(NodeUnstageVolumeRequest.newBuilder().setVolumeId(volume.getVolumeId())
        .setStagingTargetPath(staging.toString()).build());
  }
}
