package dev.moorage.csi.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.csi.proto.CapacityRange;
import dev.moorage.csi.proto.ControllerExpandVolumeRequest;
import dev.moorage.csi.proto.ControllerGetVolumeRequest;
import dev.moorage.csi.proto.ControllerGrpc;
import dev.moorage.csi.proto.CreateSnapshotRequest;
import dev.moorage.csi.proto.CreateVolumeGroupSnapshotRequest;
import dev.moorage.csi.proto.CreateVolumeRequest;
import dev.moorage.csi.proto.DeleteSnapshotRequest;
import dev.moorage.csi.proto.DeleteVolumeGroupSnapshotRequest;
import dev.moorage.csi.proto.DeleteVolumeRequest;
import dev.moorage.csi.proto.GetCapacityRequest;
import dev.moorage.csi.proto.GetMetadataAllocatedRequest;
import dev.moorage.csi.proto.GetMetadataAllocatedResponse;
import dev.moorage.csi.proto.GetSnapshotRequest;
import dev.moorage.csi.proto.GetVolumeGroupSnapshotRequest;
import dev.moorage.csi.proto.GroupControllerGrpc;
import dev.moorage.csi.proto.ListSnapshotsRequest;
import dev.moorage.csi.proto.ListVolumesRequest;
import dev.moorage.csi.proto.Snapshot;
import dev.moorage.csi.proto.SnapshotMetadataGrpc;
import dev.moorage.csi.proto.Topology;
import dev.moorage.csi.proto.TopologyRequirement;
import dev.moorage.csi.proto.Volume;
import dev.moorage.csi.proto.VolumeCapability;
import dev.moorage.csi.proto.VolumeCapability.AccessMode;
import dev.moorage.csi.proto.VolumeCapability.MountVolume;
import dev.moorage.csi.proto.VolumeContentSource;
import dev.moorage.csi.proto.VolumeGroupSnapshot;
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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Goal: each call reaches the node that it is for, and a node that is away or lost concerns nobody else. Method: two real drivers. */
@Tag("root")
@ExtendWith(LeakCheck.class)
final class RouterTest {

  private static final long SIZE = 64L << 20;
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Caller ADMIN = new Caller("admin", Owner.LOCAL, LONG, LONG);

  private final Path vault = Scratch.directory("vault");
  private final RepositorySettings repository = RepositorySettings.at(new RepositoryName("vault"), "file://" + vault.resolve("store"),
      new SecretFile(SlotKind.KEY_FILE, vault.resolve("key")));

  @SuppressWarnings("NullAway.Init")
  private RoutedCluster cluster;

  @BeforeEach
  void open() throws Exception {
    Files.createDirectory(vault.resolve("store"));
    cluster = new RoutedCluster(ByteSize.ofGibibytes(2), ByteSize.ofGibibytes(1), List.of(repository));
  }

  @AfterEach
  void close() throws Exception {
    cluster.close();
    Scratch.remove(vault);
  }

  private ControllerGrpc.ControllerBlockingStub controller() {
    return ControllerGrpc.newBlockingStub(cluster.channel);
  }

  private GroupControllerGrpc.GroupControllerBlockingStub groups() {
    return GroupControllerGrpc.newBlockingStub(cluster.channel);
  }

  private static CreateVolumeRequest.Builder request(String name) {
    return CreateVolumeRequest.newBuilder().setName(name).setCapacityRange(CapacityRange.newBuilder().setRequiredBytes(SIZE))
        .addVolumeCapabilities(VolumeCapability.newBuilder().setMount(MountVolume.getDefaultInstance())
            .setAccessMode(AccessMode.newBuilder().setMode(AccessMode.Mode.SINGLE_NODE_WRITER)));
  }

  private static TopologyRequirement at(String... nodes) {
    TopologyRequirement.Builder requirement = TopologyRequirement.newBuilder();
    for (String node : nodes) {
      Topology place = Topology.newBuilder().putSegments("csi.moorage.dev/node", node).build();
      requirement.addRequisite(place).addPreferred(place);
    }
    return requirement.build();
  }

  private Volume create(String name, String node) {
    return controller().createVolume(request(name).setAccessibilityRequirements(at(node)).build()).getVolume();
  }

  private static String nodeOf(Volume volume) {
    return volume.getAccessibleTopology(0).getSegmentsOrThrow("csi.moorage.dev/node");
  }

  private void delete(Volume volume) {
    controller().deleteVolume(DeleteVolumeRequest.newBuilder().setVolumeId(volume.getVolumeId()).build());
  }

  private Snapshot snapshot(Volume volume, String name, String where) {
    CreateSnapshotRequest.Builder request = CreateSnapshotRequest.newBuilder().setName(name).setSourceVolumeId(volume.getVolumeId());
    if (!where.isEmpty()) {
      request.putParameters("repository", where);
    }
    return controller().createSnapshot(request.build()).getSnapshot();
  }

  private static void refused(Status.Code code, String text, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
      assertThat(e.getStatus().getCode()).as(String.valueOf(e.getMessage())).isEqualTo(code);
      assertThat(e.getStatus().getDescription()).contains(text);
    });
  }

  private List<String> listed() {
    return controller().listVolumes(ListVolumesRequest.getDefaultInstance()).getEntriesList().stream()
        .map(each -> each.getVolume().getVolumeId()).toList();
  }

  private List<String> listedSnapshots() {
    return controller().listSnapshots(ListSnapshotsRequest.getDefaultInstance()).getEntriesList().stream()
        .map(each -> each.getSnapshot().getSnapshotId()).toList();
  }

  @Test
  void aVolumeIsMadeWhereItsTopologySaysAndFoundByItsHandle() {
    Volume one = create("pvc-1", "node-1");
    Volume two = create("pvc-2", "node-2");
    assertThat(nodeOf(one)).isEqualTo("node-1");
    assertThat(nodeOf(two)).isEqualTo("node-2");
    assertThat(create("pvc-2", "node-2")).isEqualTo(two);
    assertThat(cluster.second.storage.volumes().list(Optional.empty())).hasSize(1);
    assertThat(controller().controllerGetVolume(ControllerGetVolumeRequest.newBuilder().setVolumeId(two.getVolumeId()).build())
        .getVolume().getVolumeId()).isEqualTo(two.getVolumeId());
    assertThat(controller().controllerExpandVolume(ControllerExpandVolumeRequest.newBuilder().setVolumeId(two.getVolumeId())
        .setCapacityRange(CapacityRange.newBuilder().setRequiredBytes(2 * SIZE)).build()).getCapacityBytes()).isEqualTo(2 * SIZE);
    assertThat(listed()).containsExactlyInAnyOrder(one.getVolumeId(), two.getVolumeId()).isSorted();
    String first = controller().listVolumes(ListVolumesRequest.newBuilder().setMaxEntries(1).build()).getNextToken();
    assertThat(controller().listVolumes(ListVolumesRequest.newBuilder().setStartingToken(first).build()).getEntriesList()).hasSize(1);
    refused(Status.Code.ABORTED, "starting_token", () -> controller().listVolumes(ListVolumesRequest.newBuilder().setStartingToken("x").build()));
    refused(Status.Code.UNAVAILABLE, "node-9", () -> create("pvc-3", "node-9"));
    delete(one);
    delete(two);
    delete(two);
    assertThat(listed()).isEmpty();
  }

  @Test
  void aNameThatMayBeAnywhereGoesToOneNodeOnly() {
    Volume made = controller().createVolume(request("pvc-1").build()).getVolume();
    assertThat(nodeOf(made)).as("the node with more room").isEqualTo("node-1");
    Volume preferred = controller().createVolume(request("pvc-2").setAccessibilityRequirements(at("node-2", "node-1")).build()).getVolume();
    assertThat(nodeOf(preferred)).isEqualTo("node-2");
    assertThat(controller().createVolume(request("pvc-2").build()).getVolume()).as("found where it was made").isEqualTo(preferred);
    refused(Status.Code.ALREADY_EXISTS, "", () -> controller().createVolume(request("pvc-2")
        .setCapacityRange(CapacityRange.newBuilder().setRequiredBytes(2 * SIZE)).build()));
    long both = capacity("");
    assertThat(both).isEqualTo(capacity("node-1") + capacity("node-2"));
    assertThat(capacity("node-9")).isZero();
    refused(Status.Code.RESOURCE_EXHAUSTED, "", () -> controller().createVolume(request("pvc-3")
        .setCapacityRange(CapacityRange.newBuilder().setRequiredBytes(1L << 40)).build()));
    assertThat(listed()).hasSize(2);
  }

  /** The router restarts at the moment at which the node dies: nobody has heard that the volume was made. */
  @Test
  void aVolumeIsNotMadeAgainElsewhereWhileItsNodeMayComeBack() throws Exception {
    CreateVolumeRequest anywhere = request("pvc-1").setAccessibilityRequirements(at("node-2", "node-1")).build();
    Volume made = controller().createVolume(anywhere).getVolume();
    assertThat(nodeOf(made)).isEqualTo("node-2");
    cluster.remember();
    cluster.second.stop();
    cluster.restartRouter();
    refused(Status.Code.UNAVAILABLE, "node-2, which does not answer", () -> controller().createVolume(anywhere));
    cluster.here.remove("node-2");
    cluster.restartRouter();
    refused(Status.Code.UNAVAILABLE, "node-2, which does not answer", () -> controller().createVolume(anywhere));
    refused(Status.Code.UNAVAILABLE, "node-2", () -> controller().createVolume(request("pvc-1").build()));
    assertThat(cluster.first.storage.volumes().list(Optional.empty())).isEmpty();
    assertThat(nodeOf(controller().createVolume(request("pvc-2").build()).getVolume())).as("another name").isEqualTo("node-1");
    cluster.second.start();
    cluster.here.put("node-2", cluster.second.address());
    Until.demand("it is found where it was made", LONG, () -> {
      try {
        return controller().createVolume(anywhere).getVolume().equals(made);
      } catch (StatusRuntimeException e) {
        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        return false;
      }
    });
    cluster.second.stop();
    cluster.here.remove("node-2");
    cluster.restartRouter();
    cluster.gone.addAll(cluster.pools.entrySet().stream().filter(each -> each.getValue().equals("node-2")).map(Map.Entry::getKey).toList());
    assertThat(nodeOf(controller().createVolume(anywhere).getVolume())).as("declared lost").isEqualTo("node-1");
    cluster.second.start();
  }

  private long capacity(String node) {
    GetCapacityRequest.Builder request = GetCapacityRequest.newBuilder();
    if (!node.isEmpty()) {
      request.setAccessibleTopology(at(node).getRequisite(0));
    }
    return controller().getCapacity(request.build()).getAvailableCapacity();
  }

  @Test
  void whatIsOnOneNodeIsCopiedThereOnlyAndNamesAreOfTheWholeCluster() {
    Volume source = create("pvc-1", "node-1");
    Volume other = create("pvc-2", "node-2");
    Snapshot cut = snapshot(source, "cut", "");
    VolumeContentSource ofVolume = VolumeContentSource.newBuilder().setVolume(
        VolumeContentSource.VolumeSource.newBuilder().setVolumeId(source.getVolumeId())).build();
    VolumeContentSource ofSnapshot = VolumeContentSource.newBuilder().setSnapshot(
        VolumeContentSource.SnapshotSource.newBuilder().setSnapshotId(cut.getSnapshotId())).build();
    for (VolumeContentSource each : List.of(ofVolume, ofSnapshot)) {
      // Not UNAVAILABLE: the scheduler has to choose another node.
      refused(Status.Code.RESOURCE_EXHAUSTED, "node-1", () -> controller().createVolume(
          request("copy").setVolumeContentSource(each).setAccessibilityRequirements(at("node-2")).build()));
    }
    assertThat(nodeOf(controller().createVolume(request("copy").setVolumeContentSource(ofSnapshot).build()).getVolume())).isEqualTo("node-1");
    refused(Status.Code.ALREADY_EXISTS, "another", () -> snapshot(other, "cut", ""));
    assertThat(snapshot(source, "cut", "")).isEqualTo(cut);
    assertThat(listedSnapshots()).containsExactly(cut.getSnapshotId());
    assertThat(controller().listSnapshots(ListSnapshotsRequest.newBuilder().setSourceVolumeId(other.getVolumeId()).build()).getEntriesList())
        .isEmpty();
    List<GetMetadataAllocatedResponse> parts = new ArrayList<>();
    SnapshotMetadataGrpc.newBlockingStub(cluster.channel).getMetadataAllocated(
        GetMetadataAllocatedRequest.newBuilder().setSnapshotId(cut.getSnapshotId()).setMaxResults(2).build()).forEachRemaining(parts::add);
    assertThat(parts).hasSizeGreaterThan(1).allMatch(part -> part.getVolumeCapacityBytes() == SIZE);
    refused(Status.Code.OUT_OF_RANGE, "starting_offset", () -> SnapshotMetadataGrpc.newBlockingStub(cluster.channel).getMetadataAllocated(
        GetMetadataAllocatedRequest.newBuilder().setSnapshotId(cut.getSnapshotId()).setStartingOffset(-1).build()).next());
  }

  @Test
  void aGroupIsCutOnOneNode() {
    Volume one = create("pvc-1", "node-1");
    Volume two = create("pvc-2", "node-1");
    Volume far = create("pvc-3", "node-2");
    refused(Status.Code.FAILED_PRECONDITION, "node-1, node-2", () -> groups().createVolumeGroupSnapshot(CreateVolumeGroupSnapshotRequest
        .newBuilder().setName("group").addSourceVolumeIds(one.getVolumeId()).addSourceVolumeIds(far.getVolumeId()).build()));
    VolumeGroupSnapshot group = groups().createVolumeGroupSnapshot(CreateVolumeGroupSnapshotRequest.newBuilder().setName("group")
        .addSourceVolumeIds(one.getVolumeId()).addSourceVolumeIds(two.getVolumeId()).build()).getGroupSnapshot();
    assertThat(group.getSnapshotsList()).hasSize(2);
    assertThat(groups().getVolumeGroupSnapshot(GetVolumeGroupSnapshotRequest.newBuilder().setGroupSnapshotId(group.getGroupSnapshotId())
        .build()).getGroupSnapshot()).isEqualTo(group);
    groups().deleteVolumeGroupSnapshot(DeleteVolumeGroupSnapshotRequest.newBuilder().setGroupSnapshotId(group.getGroupSnapshotId()).build());
    assertThat(listedSnapshots()).isEmpty();
  }

  @Test
  void aNodeThatIsDownChangesNothingForTheOthers() throws Exception {
    Volume one = create("pvc-1", "node-1");
    Volume two = create("pvc-2", "node-2");
    Snapshot cut = snapshot(two, "cut", "");
    assertThat(listed()).hasSize(2);
    cluster.second.stop();
    refused(Status.Code.UNAVAILABLE, "node-2", () -> delete(two));
    refused(Status.Code.UNAVAILABLE, "node-2", () -> create("pvc-3", "node-2"));
    refused(Status.Code.UNAVAILABLE, "node-2", () -> controller().getSnapshot(
        GetSnapshotRequest.newBuilder().setSnapshotId(cut.getSnapshotId()).build()));
    assertThat(nodeOf(create("pvc-4", "node-1"))).isEqualTo("node-1");
    assertThat(nodeOf(controller().createVolume(request("pvc-5").build()).getVolume())).isEqualTo("node-1");
    delete(one);
    assertThat(listed()).as("what it told last").contains(two.getVolumeId()).hasSize(3);
    cluster.second.start();
    cluster.here.put("node-2", cluster.second.address());
    Until.demand("node-2 answers again", LONG, () -> {
      try {
        delete(two);
        return true;
      } catch (StatusRuntimeException e) {
        return false;
      }
    });
    // Another router that was never told by it knows where its pool is all the same.
    cluster.remember();
    cluster.second.stop();
    cluster.here.remove("node-2");
    cluster.restartRouter();
    refused(Status.Code.UNAVAILABLE, "node-2 is not there", () -> controller().deleteSnapshot(
        DeleteSnapshotRequest.newBuilder().setSnapshotId(cut.getSnapshotId()).build()));
    cluster.second.start();
  }

  @Test
  void aNodeThatNeverAnswersIsNotWaitedForLongerThanTheCallerWaits() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      cluster.here.put("node-3", new InetSocketAddress(InetAddress.getLoopbackAddress(), silent.getLocalPort()));
      long began = System.nanoTime();
      Until.demand("the router has met it", LONG, () -> {
        try {
          controller().withDeadlineAfter(4, TimeUnit.SECONDS).createVolume(request("pvc-1").setAccessibilityRequirements(at("node-3")).build());
          return false;
        } catch (StatusRuntimeException e) {
          assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
          return String.valueOf(e.getStatus().getDescription()).contains("cannot be reached");
        }
      });
      assertThat(System.nanoTime() - began).isLessThan(LONG.toNanos());
      assertThat(nodeOf(create("pvc-2", "node-2"))).isEqualTo("node-2");
    }
  }

  private Snapshot remote(Volume volume) {
    Until.demand("it is committed", LONG, () -> snapshot(volume, "nightly", "vault").getReadyToUse());
    return snapshot(volume, "nightly", "vault");
  }

  @Test
  void ofALostNodeRemainsWhatARepositoryHas() throws Exception {
    cluster.second.storage.repositories().create(ADMIN, new CreateRepository(repository, true, 16 << 10, "test"));
    cluster.first.storage.repositories().add(ADMIN, repository);
    Volume volume = create("pvc-1", "node-2");
    Snapshot local = snapshot(volume, "local", "");
    Snapshot remote = remote(volume);
    cluster.remember();
    cluster.second.stop();
    cluster.here.remove("node-2");
    cluster.restartRouter();
    // Away: the remote copy can be read, but deleting it would leave the local one behind.
    assertThat(controller().getSnapshot(GetSnapshotRequest.newBuilder().setSnapshotId(remote.getSnapshotId()).build()).getSnapshot()
        .getReadyToUse()).isTrue();
    refused(Status.Code.UNAVAILABLE, "node-2", () -> controller().deleteSnapshot(
        DeleteSnapshotRequest.newBuilder().setSnapshotId(remote.getSnapshotId()).build()));
    cluster.gone.addAll(cluster.pools.entrySet().stream().filter(each -> each.getValue().equals("node-2")).map(Map.Entry::getKey).toList());
    delete(volume);
    controller().deleteSnapshot(DeleteSnapshotRequest.newBuilder().setSnapshotId(local.getSnapshotId()).build());
    assertThat(listedSnapshots()).containsExactly(remote.getSnapshotId());
    assertThat(controller().listSnapshots(ListSnapshotsRequest.newBuilder().setSourceVolumeId(volume.getVolumeId()).build())
        .getEntriesList()).hasSize(1);
    CreateVolumeRequest restore = request("pvc-9").setAccessibilityRequirements(at("node-1")).setVolumeContentSource(VolumeContentSource
        .newBuilder().setSnapshot(VolumeContentSource.SnapshotSource.newBuilder().setSnapshotId(remote.getSnapshotId()))).build();
    Until.demand("it is restored on the other node", LONG, () -> {
      try {
        return nodeOf(controller().createVolume(restore).getVolume()).equals("node-1");
      } catch (StatusRuntimeException e) {
        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        return false;
      }
    });
    controller().deleteSnapshot(DeleteSnapshotRequest.newBuilder().setSnapshotId(remote.getSnapshotId()).build());
    controller().deleteSnapshot(DeleteSnapshotRequest.newBuilder().setSnapshotId(remote.getSnapshotId()).build());
    assertThat(listedSnapshots()).isEmpty();
    groups().deleteVolumeGroupSnapshot(DeleteVolumeGroupSnapshotRequest.newBuilder()
        .setGroupSnapshotId(remote.getSnapshotId()).build());
    cluster.second.start();
  }
}
