package dev.moorage.csi.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.csi.Cluster;
import dev.moorage.csi.CsiSettings;
import dev.moorage.csi.proto.CapacityRange;
import dev.moorage.csi.proto.ControllerGrpc;
import dev.moorage.csi.proto.CreateVolumeRequest;
import dev.moorage.csi.proto.DeleteVolumeRequest;
import dev.moorage.csi.proto.Topology;
import dev.moorage.csi.proto.TopologyRequirement;
import dev.moorage.csi.proto.Volume;
import dev.moorage.csi.proto.VolumeCapability;
import dev.moorage.csi.proto.VolumeCapability.AccessMode;
import dev.moorage.csi.proto.VolumeCapability.MountVolume;
import dev.moorage.objectstore.ObjectStores;
import dev.moorage.storage.Storage;
import dev.moorage.storage.StorageSettings;
import dev.moorage.telemetry.Telemetry;
import dev.moorage.testkit.DevScript;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.Scratch;
import dev.moorage.testkit.Until;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.Owner;
import dev.moorage.volume.VolumeException;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Goal: routers find nodes by their pods, make what certificates they need, remember pools, and hear of lost nodes, with the rights of the
 * manifests and no others. Method: a real API, two real drivers, and this test in the place of the kubelets.
 */
@Tag("cluster")
@ExtendWith(LeakCheck.class)
final class KubernetesRouterTest {

  private static final String NAMESPACE = "moorage-system";
  private static final Duration LONG = Duration.ofSeconds(90);

  /** A router with a client of it. */
  private final class Replica implements AutoCloseable {

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Storage storage;
    private final KubernetesRouter router;
    private final ManagedChannel channel;

    Replica(String name) throws Exception {
      Path socket = directory.resolve(name + ".sock");
      storage = Storage.open(new StorageSettings(List.of(), directory.resolve(name), List.of(), new ObjectStores(Map.of())), new Telemetry());
      router = KubernetesRouter.open(new CsiSettings(socket, "", new Owner("kubernetes"), 0, "test", Optional.empty(), Optional.empty()),
          new KubernetesSettings(NAMESPACE, name), server.config(ApiServer.CONTROLLER), storage, new Telemetry(), Clock.systemUTC());
      channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
          .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class).eventLoopGroup(loop).usePlaintext().build();
    }

    ControllerGrpc.ControllerBlockingStub controller() {
      return ControllerGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws VolumeException {
      channel.shutdownNow();
      router.close();
      storage.close();
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }

  private final Path directory = Scratch.directory("kube");
  private final List<AutoCloseable> open = new ArrayList<>();
  @SuppressWarnings("NullAway.Init")
  private ApiServer server;
  @SuppressWarnings("NullAway.Init")
  private KubernetesClient admin;

  @BeforeEach
  void open() throws Exception {
    server = new ApiServer();
    admin = server.client(ApiServer.ADMIN);
    admin.resource(new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build()).create();
    try (InputStream manifest = Files.newInputStream(DevScript.repository().resolve("manifests/base/rbac-router.yaml"))) {
      for (HasMetadata each : admin.load(manifest).items()) {
        if (!each.getKind().startsWith("Cluster")) {
          each.getMetadata().setNamespace(NAMESPACE);
        }
        if (each instanceof RoleBinding binding) {
          binding.getSubjects().forEach(subject -> subject.setNamespace(NAMESPACE));
        }
        admin.resource(each).create();
      }
    }
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
    admin.close();
    server.close();
    Scratch.remove(directory);
  }

  private <T extends AutoCloseable> T opened(T part) {
    open.add(part);
    return part;
  }

  /** What the kubelet does with the Secret of the node's pod. */
  private Path mountedSecret(String name) throws IOException {
    Until.demand("the leader makes Secret " + name, LONG, () -> admin.secrets().inNamespace(NAMESPACE).withName(name).get() != null);
    Secret secret = admin.secrets().inNamespace(NAMESPACE).withName(name).get();
    Path mount = Files.createDirectories(directory.resolve(name));
    for (Map.Entry<String, byte[]> each : CertificateTender.data(secret).entrySet()) {
      Files.write(mount.resolve(each.getKey()), each.getValue());
    }
    return mount;
  }

  private void addPod(Cluster node, String name) {
    Pod pod = admin.resource(new PodBuilder().withNewMetadata().withName("moorage-" + name).withNamespace(NAMESPACE)
        .withLabels(Map.of("app.kubernetes.io/name", "moorage", "app.kubernetes.io/component", "node")).endMetadata()
        .withNewSpec().withNodeName(name).addNewContainer().withName("moorage").withImage("moorage/moorage")
        .addNewPort().withName("csi").withContainerPort(node.address().getPort()).endPort().endContainer().endSpec().build()).create();
    admin.resource(new PodBuilder(pod).withNewStatus().withPhase("Running").withPodIP("127.0.0.1").addNewPodIP("127.0.0.1").endStatus()
        .build()).updateStatus();
  }

  private void removePod(String name) {
    admin.pods().inNamespace(NAMESPACE).withName("moorage-" + name).withGracePeriod(0).delete();
  }

  private static CreateVolumeRequest request(String name, String node) {
    return CreateVolumeRequest.newBuilder().setName(name).setCapacityRange(CapacityRange.newBuilder().setRequiredBytes(64L << 20))
        .addVolumeCapabilities(VolumeCapability.newBuilder().setMount(MountVolume.getDefaultInstance())
            .setAccessMode(AccessMode.newBuilder().setMode(AccessMode.Mode.SINGLE_NODE_WRITER)))
        .setAccessibilityRequirements(TopologyRequirement.newBuilder().addRequisite(
            Topology.newBuilder().putSegments(CsiSettings.TOPOLOGY_KEY, node))).build();
  }

  private static Volume create(Replica replica, String name, String node) {
    List<Volume> made = new ArrayList<>();
    Until.demand("the volume is made on " + node, LONG, () -> {
      try {
        return made.add(replica.controller().createVolume(request(name, node)).getVolume());
      } catch (StatusRuntimeException e) {
        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        return false;
      }
    });
    return made.getFirst();
  }

  private static boolean deletes(Replica replica, Volume volume) {
    try {
      return replica.controller().deleteVolume(DeleteVolumeRequest.newBuilder().setVolumeId(volume.getVolumeId()).build()).isInitialized();
    } catch (StatusRuntimeException e) {
      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      return false;
    }
  }

  private Map<String, String> table() {
    return Optional.ofNullable(admin.configMaps().inNamespace(NAMESPACE).withName(PoolTable.NAME).get()).map(map -> map.getData()).orElse(Map.of());
  }

  private String leader() {
    return Optional.ofNullable(admin.leases().inNamespace(NAMESPACE).withName(Leadership.LEASE).get())
        .map(lease -> lease.getSpec().getHolderIdentity()).orElse("");
  }

  @Test
  void twoRoutersServeAClusterWithTheRightsOfTheManifestsAndANodeMayBeLost() throws Exception {
    Replica one = new Replica("router-1");
    Path certificates = mountedSecret(CertificateTender.NODE);
    Cluster first = opened(new Cluster("node-1", ByteSize.ofGibibytes(1), certificates));
    Cluster second = opened(new Cluster("node-2", ByteSize.ofGibibytes(1), certificates));
    addPod(first, "node-1");
    addPod(second, "node-2");
    Volume kept = create(one, "pvc-1", "node-1");
    Volume lost = create(one, "pvc-2", "node-2");
    assertThat(one.router.waitsFor()).isEmpty();
    Until.demand("the pools are written down", LONG, () -> table().size() == 2);
    assertThat(table().values()).containsExactlyInAnyOrder("node-1", "node-2");
    assertThat(leader()).isEqualTo("router-1");

    Replica two = opened(new Replica("router-2"));
    assertThat(create(two, "pvc-1", "node-1")).as("any of them serves").isEqualTo(kept);
    assertThat(leader()).isEqualTo("router-1");
    one.close();
    Until.demand("the other one leads at once", Duration.ofSeconds(20), () -> leader().equals("router-2"));

    removePod("node-2");
    // In the same moment: the routers' watches may tell of the pod still.
    admin.configMaps().inNamespace(NAMESPACE).withName(PoolTable.NAME).edit(map -> new ConfigMapBuilder(map).editMetadata()
        .addToAnnotations(PoolTable.LOST, "node-2").endMetadata().build());
    Until.demand("it is entered", LONG, () -> table().containsValue("node-2 (lost)"));
    assertThat(admin.configMaps().inNamespace(NAMESPACE).withName(PoolTable.NAME).get().getMetadata().getAnnotations())
        .satisfiesAnyOf(all -> assertThat(all).isNull(), all -> assertThat(all).doesNotContainKey(PoolTable.LOST));
    Until.demand("what was on it can be deleted", LONG, () -> deletes(two, lost));
    addPod(second, "node-2");
    Until.demand("it has come back after all", LONG, () -> table().containsValue("node-2"));
    assertThat(deletes(two, kept)).isTrue();
  }

  @Test
  void withoutTheApiCallsGoOnAsBefore() throws Exception {
    Replica router = opened(new Replica("router-1"));
    assertThatThrownBy(() -> router.controller().createVolume(request("pvc-1", "node-1"))).isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("UNAVAILABLE");
    Cluster node = opened(new Cluster("node-1", ByteSize.ofGibibytes(1), mountedSecret(CertificateTender.NODE)));
    addPod(node, "node-1");
    Volume volume = create(router, "pvc-1", "node-1");
    server.goAway();
    assertThat(create(router, "pvc-1", "node-1")).isEqualTo(volume);
    assertThat(deletes(router, volume)).isTrue();
    server.comeBack();
    Cluster late = opened(new Cluster("node-2", ByteSize.ofGibibytes(1), directory.resolve(CertificateTender.NODE)));
    addPod(late, "node-2");
    create(router, "pvc-2", "node-2");
  }
}
