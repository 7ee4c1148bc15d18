package dev.moorage.csi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.csi.node.proto.Concern;
import dev.moorage.csi.proto.CapacityRange;
import dev.moorage.csi.proto.ControllerGrpc;
import dev.moorage.csi.proto.CreateSnapshotRequest;
import dev.moorage.csi.proto.CreateVolumeRequest;
import dev.moorage.csi.proto.Volume;
import dev.moorage.csi.proto.VolumeCapability;
import dev.moorage.csi.proto.VolumeCapability.AccessMode;
import dev.moorage.csi.proto.VolumeCapability.MountVolume;
import dev.moorage.repository.key.SlotKind;
import dev.moorage.storage.Caller;
import dev.moorage.storage.CreateRepository;
import dev.moorage.storage.RepositorySettings;
import dev.moorage.storage.SecretFile;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.Until;
import dev.moorage.volume.Owner;
import dev.moorage.volume.RepositoryName;
import dev.moorage.volume.VolumeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Goal: what people should know of their volumes is told, about the claim that they know. Method: a store that is taken away. */
@Tag("root")
@ExtendWith(LeakCheck.class)
final class ConcernsTest {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Caller ADMIN = new Caller("admin", Owner.LOCAL, LONG, LONG);

  private static List<Concern> told(Cluster node, Duration later) throws VolumeException {
    Host host = new Host(new CsiSettings(node.directory().resolve("csi.sock"), "node-1", new Owner("kubernetes"), 0, "test", Optional.empty(),
        Optional.empty()), CompletableFuture.completedFuture(node.storage));
    return new Concerns(host, Clock.offset(Clock.systemUTC(), later)).tell().getConcernsList();
  }

  private static Volume create(Cluster node, String name, long bytes) {
    return ControllerGrpc.newBlockingStub(node.channel).createVolume(CreateVolumeRequest.newBuilder().setName(name)
        .setCapacityRange(CapacityRange.newBuilder().setRequiredBytes(bytes))
        .addVolumeCapabilities(VolumeCapability.newBuilder().setMount(MountVolume.getDefaultInstance())
            .setAccessMode(AccessMode.newBuilder().setMode(AccessMode.Mode.SINGLE_NODE_WRITER)))
        .putParameters("csi.storage.k8s.io/pvc/name", "data").putParameters("csi.storage.k8s.io/pvc/namespace", "shop").build()).getVolume();
  }

  @Test
  void anUploadThatLagsIsToldOnItsClaimUntilItIsDone() throws Exception {
    try (Cluster node = new Cluster("node-1")) {
      Path store = Files.createDirectory(node.directory().resolve("store"));
      node.storage.repositories().create(ADMIN, new CreateRepository(RepositorySettings.at(new RepositoryName("vault"), "file://" + store,
          new SecretFile(SlotKind.KEY_FILE, node.directory().resolve("key"))), true, 16 << 10, "test"));
      Volume volume = create(node, "pvc-1", 64L << 20);
      Path away = Files.move(store, node.directory().resolve("away"));
      ControllerGrpc.newBlockingStub(node.channel).createSnapshot(CreateSnapshotRequest.newBuilder().setName("nightly")
          .setSourceVolumeId(volume.getVolumeId()).putParameters("repository", "vault").build());
      assertThat(told(node, Duration.ZERO)).as("it may just take a little").isEmpty();
      assertThat(told(node, Duration.ofHours(2))).singleElement().satisfies(concern -> {
        assertThat(concern.getReason()).isEqualTo("UploadLags");
        assertThat(concern.getWarning()).isTrue();
        assertThat(concern.getClaimNamespace() + "/" + concern.getClaimName()).isEqualTo("shop/data");
        assertThat(concern.getMessage()).contains("to repository vault is not done after 120 minutes");
      });
      Files.move(away, store);
      Until.demand("it is uploaded", LONG, () -> node.storage.uploads().waiting().isEmpty());
      assertThat(told(node, Duration.ofHours(2))).isEmpty();
    }
  }

  @Test
  void aPoolThatHasPromisedNearlyAllIsToldOfTheNode() throws Exception {
    try (Cluster node = new Cluster("node-1")) {
      create(node, "pvc-1", 18L << 30);
      assertThat(told(node, Duration.ZERO)).singleElement().satisfies(concern -> {
        assertThat(concern.getReason()).isEqualTo("PoolNearlyFull");
        assertThat(concern.getClaimName()).isEmpty();
        assertThat(concern.getMessage()).startsWith("pool fast has promised all but ");
      });
    }
  }
}
