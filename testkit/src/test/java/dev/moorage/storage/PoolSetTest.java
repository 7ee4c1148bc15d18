package dev.moorage.storage;

import static dev.moorage.storage.Host.ADMIN;
import static dev.moorage.storage.Host.DOCKER;
import static dev.moorage.storage.Host.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.pool.PoolSettings;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.Owner;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Goal: pools that come at run time stay, and never mix with others. Method: several pools on small disks of their own. */
@Tag("root")
@ExtendWith(LeakCheck.class)
final class PoolSetTest {

  private static final ByteSize DISK = ByteSize.ofMebibytes(512);

  private Host host;

  @BeforeEach
  void open() throws VolumeException {
    host = new Host();
  }

  @AfterEach
  void close() throws VolumeException {
    host.close();
  }

  private static CreateVolume inPool(String name, String pool) {
    CreateVolume request = CreateVolume.named(Owner.DOCKER, new VolumeName(name));
    return new CreateVolume(request.owner(), request.name(), Optional.of(new PoolName(pool)), request.backend(), request.size(),
        request.access(), request.filesystem(), false, request.source(), List.of(), Map.of());
  }

  @Test
  void aPoolMadeAtRunTimeIsRememberedAndChosenByName() throws VolumeException {
    PoolSettings slow = host.pool("slow", DISK);
    PoolStatus made = host.storage.pools().create(ADMIN, slow);
    assertThat(host.storage.pools().create(ADMIN, slow).id()).isEqualTo(made.id());
    Volume volume = host.storage.volumes().create(DOCKER, inPool("db", "slow"));
    assertThat(volume.pool()).isEqualTo(made.id());
    host.restart();
    assertThat(host.storage.pools().list()).extracting(each -> each.settings().name().value()).containsExactly("fast", "slow");
    assertThat(host.storage.pools().status(Optional.of(new PoolName("slow"))).volumes()).isEqualTo(1);
    assertThat(host.storage.pools().status(Optional.empty()).byDefault()).isTrue();
    assertThat(host.storage.volumes().find(DOCKER, ref("db"))).contains(volume);
    assertThatThrownBy(() -> host.storage.volumes().create(DOCKER, inPool("db", "fast")))
        .isInstanceOf(VolumeException.AlreadyExists.class).hasMessageContaining("is in pool slow, not fast");
  }

  @Test
  void aPoolFromElsewhereIsAdoptedWithItsVolumes() throws Exception {
    PoolSettings moved = host.pool("moved", DISK);
    Path run = Files.createDirectory(host.run().resolve("other"));
    try (Storage other = Storage.open(new StorageSettings(List.of(moved), run), host.telemetry)) {
      Volume made = other.volumes().create(DOCKER, CreateVolume.named(Owner.DOCKER, new VolumeName("db")));
      assertThat(made.name()).isEqualTo(new VolumeName("db"));
      assertThatThrownBy(() -> host.storage.pools().adopt(ADMIN, moved)).as("another service has it open")
          .isInstanceOf(VolumeException.InUse.class);
    }
    assertThatThrownBy(() -> host.storage.pools().create(ADMIN, moved))
        .isInstanceOf(VolumeException.AlreadyExists.class).hasMessageContaining("adopt");
    host.create("db");
    assertThatThrownBy(() -> host.storage.pools().adopt(ADMIN, moved))
        .isInstanceOf(VolumeException.AlreadyExists.class).hasMessageContaining("docker/db");
    host.storage.volumes().remove(DOCKER, ref("db"));
    PoolStatus adopted = host.storage.pools().adopt(ADMIN, moved);
    assertThat(adopted.volumes()).isEqualTo(1);
    assertThat(host.storage.pools().adopt(ADMIN, moved).id()).isEqualTo(adopted.id());
  }

  @Test
  void aRegisteredPoolThatIsNotThereIsListedWithItsProblemAndComesBack() throws Exception {
    PoolSettings slow = host.pool("slow", DISK);
    PoolStatus made = host.storage.pools().create(ADMIN, slow);
    host.storage.close();
    Path away = slow.root().resolveSibling("away");
    Files.move(slow.root(), away);
    host.storage = Storage.open(host.settings(), host.telemetry);
    PoolStatus absent = host.storage.pools().status(Optional.of(new PoolName("slow")));
    assertThat(absent.id()).isEqualTo(made.id());
    assertThat(absent.problem()).isPresent();
    assertThat(slow.root()).as("an absent pool is never made anew").doesNotExist();
    Files.move(away, slow.root());
    assertThat(host.storage.pools().adopt(ADMIN, slow).problem()).isEmpty();
    assertThat(host.storage.pools().list()).hasSize(2);
  }

  @Test
  void namesAndDirectoriesOfPoolsAreUnique() {
    PoolSettings fast = host.pools.getFirst();
    PoolSettings other = host.pool("other", DISK);
    PoolSettings sameName = new PoolSettings(fast.name(), other.root(), other.backends(), other.overcommit(), other.defaultSize(),
        other.trashRetention(), other.file());
    assertThatThrownBy(() -> host.storage.pools().create(ADMIN, sameName)).isInstanceOf(VolumeException.AlreadyExists.class);
    PoolSettings sameRoot = new PoolSettings(other.name(), fast.root(), other.backends(), other.overcommit(), other.defaultSize(),
        other.trashRetention(), other.file());
    assertThatThrownBy(() -> host.storage.pools().adopt(ADMIN, sameRoot)).isInstanceOf(VolumeException.AlreadyExists.class);
  }

  @Test
  void aFullPoolGivesItsTrashBeforeItRefuses() throws Exception {
    PoolSettings small = host.pool("small", DISK);
    PoolSettings exact = new PoolSettings(small.name(), small.root(), small.backends(), Optional.of(1.0), ByteSize.ofMebibytes(128),
        small.trashRetention(), small.file());
    host.storage.pools().create(ADMIN, exact);
    host.storage.volumes().create(DOCKER, inPool("a", "small"));
    host.storage.volumes().create(DOCKER, inPool("b", "small"));
    host.storage.volumes().remove(DOCKER, ref("a"));
    host.storage.volumes().remove(DOCKER, ref("b"));
    assertThatThrownBy(() -> host.storage.volumes().create(DOCKER, sized("huge", ByteSize.ofGibibytes(1))))
        .isInstanceOf(VolumeException.NoSpace.class);
    assertThat(host.storage.pools().trash(Optional.of(exact.name()))).as("what never fits costs nobody the undo").hasSize(2);
    host.storage.volumes().create(DOCKER, sized("c", ByteSize.ofMebibytes(250)));
    assertThat(host.storage.pools().trash(Optional.of(exact.name()))).extracting(Trashed::label).doesNotContain("a");
  }

  private static CreateVolume sized(String name, ByteSize size) {
    CreateVolume request = Host.request(Owner.DOCKER, name, size);
    return new CreateVolume(request.owner(), request.name(), Optional.of(new PoolName("small")), request.backend(), request.size(),
        request.access(), request.filesystem(), false, request.source(), List.of(), Map.of());
  }

  @Test
  void metricsTellOfEachPool() throws VolumeException {
    host.create("db");
    assertThat(host.telemetry.scrape())
        .contains("moorage_volumes{pool=\"fast\"} 1.0")
        .contains("moorage_pool_charged_bytes{pool=\"fast\"} " + (double) Host.SIZE.bytes())
        .contains("moorage_operations_total{outcome=\"ok\",verb=\"create\"} 1.0");
  }
}
