package dev.moorage.storage;

import static dev.moorage.storage.Host.DOCKER;
import static dev.moorage.storage.Host.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.backend.Backends;
import dev.moorage.testkit.KernelState;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.volume.Owner;
import dev.moorage.volume.VolumeException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Goal: callers leave at their deadline, the work does not, and nothing counts for a caller that left. Method: a backend that waits. */
@Tag("root")
@ExtendWith(LeakCheck.class)
final class DeadlineTest {

  private static final Caller HURRIED = new Caller("docker", Owner.DOCKER, Duration.ZERO, Duration.ofMillis(50));

  private final SlowBackend.Gate gate = new SlowBackend.Gate();
  private Host host;

  @BeforeEach
  void open() throws VolumeException {
    host = new Host((kind, pool) -> new SlowBackend(Backends.open(kind, pool), gate));
  }

  @AfterEach
  void close() throws VolumeException {
    gate.open();
    host.close();
  }

  @Test
  void aCreateThatTakesTooLongIsFinishedAndFoundByTheNextOne() throws Exception {
    gate.shut();
    CreateVolume request = Host.request(Owner.DOCKER, "db");
    assertThatThrownBy(() -> host.storage.volumes().create(HURRIED, request)).isInstanceOf(VolumeException.Unavailable.class);
    gate.awaitArrival();
    assertThatThrownBy(() -> host.storage.volumes().create(HURRIED, request))
        .isInstanceOf(VolumeException.Busy.class).hasMessageContaining("create volume docker/db");
    gate.open();
    assertThat(host.storage.volumes().create(DOCKER, request).name().value()).isEqualTo("db");
    assertThat(host.storage.volumes().list(Optional.empty())).hasSize(1);
  }

  @Test
  void aMountAfterTheDeadlineLeavesNoReferenceAndNoMount() throws Exception {
    host.create("db");
    gate.shut();
    assertThatThrownBy(() -> host.storage.publications().mount(HURRIED, ref("db"), Host.container("c1")))
        .isInstanceOf(VolumeException.Unavailable.class);
    gate.awaitArrival();
    assertThatThrownBy(() -> host.storage.publications().mount(HURRIED, ref("db"), Host.container("c2")))
        .isInstanceOf(VolumeException.Busy.class);
    gate.open();
    host.storage.publications().unmount(DOCKER, ref("db"), Host.container("unknown"));
    assertThat(host.storage.volumes().status(DOCKER, ref("db")).consumers()).isZero();
    assertThat(KernelState.mountsUnder(host.run())).isEmpty();
  }

  @Test
  void otherVolumesDoNotWait() throws Exception {
    host.create("db");
    host.create("web");
    gate.shut();
    assertThatThrownBy(() -> host.storage.publications().mount(HURRIED, ref("db"), Host.container("c1")))
        .isInstanceOf(VolumeException.Unavailable.class);
    gate.awaitArrival();
    host.storage.volumes().remove(DOCKER, ref("web"));
    assertThat(host.storage.volumes().find(DOCKER, ref("db"))).isPresent();
    assertThat(host.storage.volumes().status(DOCKER, ref("db")).activity()).contains("mount volume docker/db");
  }
}
