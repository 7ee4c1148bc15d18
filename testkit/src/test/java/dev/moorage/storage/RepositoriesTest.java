package dev.moorage.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStores;
import dev.moorage.pool.PoolSettings;
import dev.moorage.repository.Repository;
import dev.moorage.repository.key.KeyFile;
import dev.moorage.repository.key.RecoveryKey;
import dev.moorage.repository.key.SlotKind;
import dev.moorage.storage.RepositoryStatus.RecoveryKeyState;
import dev.moorage.telemetry.Telemetry;
import dev.moorage.testkit.Scratch;
import dev.moorage.testkit.objectstore.ModelObjectStore;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.Owner;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.RepositoryName;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.AlreadyExists;
import dev.moorage.volume.VolumeException.Denied;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.NotFound;
import dev.moorage.volume.VolumeException.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RepositoriesTest {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Caller CALLER = new Caller("admin", Owner.LOCAL, LONG, LONG);
  private static final RepositoryName NAME = new RepositoryName("backups");

  private final Path directory = Scratch.directory("repositories");
  private final ObjectStore model = new ModelObjectStore();
  private final AtomicInteger opened = new AtomicInteger();
  private Storage storage;

  RepositoriesTest() throws VolumeException {
    storage = open(List.of());
  }

  private Storage open(List<RepositorySettings> configured) throws VolumeException {
    PoolSettings plain = PoolSettings.at(new PoolName("default"), directory.resolve("pool"));
    PoolSettings pool = new PoolSettings(plain.name(), plain.root(), List.of(BackendKind.DIRECTORY), plain.overcommit(),
        plain.defaultSize(), plain.trashRetention(), plain.file());
    ObjectStores stores = new ObjectStores(Map.of("model", location -> {
      opened.incrementAndGet();
      return model;
    }));
    return Storage.open(new StorageSettings(List.of(pool), directory.resolve("run"), configured, stores), new Telemetry());
  }

  private void restart(List<RepositorySettings> configured) throws VolumeException {
    storage.close();
    storage = open(configured);
  }

  @BeforeEach
  void makeStore() throws IOException {
    Files.createDirectory(store());
  }

  @AfterEach
  void close() throws VolumeException {
    storage.close();
    Scratch.remove(directory);
  }

  private Path store() {
    return directory.resolve("store");
  }

  private SecretFile key(String name) {
    return new SecretFile(SlotKind.KEY_FILE, directory.resolve(name));
  }

  private RepositorySettings settings(String location) {
    return RepositorySettings.at(NAME, location, key("backups.key"));
  }

  private Repositories.Created create(String location) throws VolumeException {
    return storage.repositories().create(CALLER,
        new CreateRepository(settings(location), !Files.exists(directory.resolve("backups.key")), CreateRepository.BLOCK_BYTES, "this host", false));
  }

  @Test
  void aNewRepositoryIsRememberedAndOpenedOnceWhenItIsFirstUsed() throws VolumeException {
    create("model:///");
    assertThat(directory.resolve("backups.key")).hasSize(KeyFile.BYTES_MIN);
    opened.set(0);
    restart(List.of());
    assertThat(storage.repositories().list()).singleElement().satisfies(status -> {
      assertThat(status.id()).isPresent();
      assertThat(status.open()).isFalse();
      assertThat(status.configured()).isFalse();
      assertThat(status.settings()).isEqualTo(settings("model:///"));
      assertThat(status.requests().requests()).isEmpty();
    });
    assertThat(opened).as("nothing is opened before it is used").hasValue(0);
    Repository repository = storage.repositories().open(NAME);
    assertThat(storage.repositories().open(NAME)).isSameAs(repository);
    assertThat(opened).hasValue(1);
    assertThat(storage.repositories().status(NAME).open()).isTrue();
    assertThat(storage.repositories().status(NAME).requests().requests()).containsKeys("head", "get");
  }

  @Test
  void theRecoveryKeyIsAskedBackAndThatIsRemembered() throws VolumeException {
    Repositories.Created created = create("model:///");
    assertThat(created.status().recoveryKey()).isEqualTo(RecoveryKeyState.UNCONFIRMED);
    assertThatThrownBy(() -> storage.repositories().keys().confirmRecovery(CALLER, NAME, "abc")).isInstanceOf(InvalidArgument.class)
        .hasMessageContaining("36 letters");
    String other = RecoveryKey.generate(new SecureRandom()).words();
    assertThatThrownBy(() -> storage.repositories().keys().confirmRecovery(CALLER, NAME, other)).isInstanceOf(Denied.class);
    assertThat(storage.repositories().status(NAME).recoveryKey()).isEqualTo(RecoveryKeyState.UNCONFIRMED);
    RepositoryStatus confirmed = storage.repositories().keys().confirmRecovery(CALLER, NAME, created.recoveryKey().toLowerCase(Locale.ROOT));
    assertThat(confirmed.recoveryKey()).isEqualTo(RecoveryKeyState.CONFIRMED);
    restart(List.of());
    assertThat(storage.repositories().status(NAME).recoveryKey()).isEqualTo(RecoveryKeyState.CONFIRMED);
  }

  @Test
  void aStoreThatIsAwayIsNoReasonNotToStartAndIsFoundWhenItIsBack() throws Exception {
    create("file://" + store());
    restart(List.of());
    Repository before = storage.repositories().open(NAME);
    Path away = Files.move(store(), directory.resolve("away"));
    assertThatThrownBy(() -> storage.repositories().use("list snapshots", NAME, Repository::snapshots))
        .isInstanceOf(Unavailable.class).hasMessageStartingWith("cannot list snapshots: ").hasMessageContaining("no such directory");
    assertThat(storage.repositories().status(NAME).problem()).hasValueSatisfying(text -> assertThat(text).contains("no such directory"));
    Files.createDirectory(store());
    assertThatThrownBy(() -> storage.repositories().open(NAME)).isInstanceOf(Unavailable.class).hasMessageContaining("no repository any more");
    Files.delete(store());
    Files.move(away, store());
    assertThat(storage.repositories().open(NAME).header().id()).isEqualTo(before.header().id());
    assertThat(storage.repositories().status(NAME).problem()).isEmpty();
  }

  @Test
  void anotherRepositoryInItsPlaceIsNotTakenForIt() throws Exception {
    create("file://" + store());
    storage.repositories().remove(CALLER, NAME);
    Files.move(store(), directory.resolve("first"));
    Files.createDirectory(store());
    create("file://" + store());
    restart(List.of());
    Files.move(store(), directory.resolve("second"));
    Files.move(directory.resolve("first"), store());
    assertThatThrownBy(() -> storage.repositories().open(NAME)).isInstanceOf(InvalidArgument.class).hasMessageContaining("another repository");
  }

  @Test
  void aSecretThatOthersCanReadOrThatIsNoneIsRefused() throws Exception {
    create("model:///");
    restart(List.of());
    Path key = directory.resolve("backups.key");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> storage.repositories().open(NAME)).isInstanceOf(Denied.class).hasMessageContaining("chmod 600 " + key);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
    assertThat(storage.repositories().open(NAME)).isNotNull();
    restart(List.of());
    Files.write(key, new byte[7]);
    assertThatThrownBy(() -> storage.repositories().open(NAME)).isInstanceOf(InvalidArgument.class).hasMessageContaining("this one has 7");
    Files.write(key, KeyFile.generate(new SecureRandom()));
    assertThatThrownBy(() -> storage.repositories().open(NAME)).isInstanceOf(Denied.class).hasMessageContaining("is not opened by this key file");
    Files.delete(key);
    assertThatThrownBy(() -> storage.repositories().open(NAME)).isInstanceOf(NotFound.class).hasMessageContaining("no key file");
  }

  @Test
  void anExistingOneIsAddedKnownByOneNameAndForgottenWithoutTouchingIt() throws Exception {
    Repositories.Created created = create("model:///");
    assertThatThrownBy(() -> create("model:///")).isInstanceOf(AlreadyExists.class);
    assertThatThrownBy(() -> storage.repositories().add(CALLER, settings("model:///else"), false)).isInstanceOf(AlreadyExists.class);
    storage.repositories().remove(CALLER, NAME);
    assertThat(storage.repositories().list()).isEmpty();
    assertThatThrownBy(() -> storage.repositories().remove(CALLER, NAME)).isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> create("model:///")).isInstanceOf(AlreadyExists.class).hasMessageContaining("moorage repository add backups");
    RepositoryStatus added = storage.repositories().add(CALLER, settings("model:///"), false);
    assertThat(added.id()).isEqualTo(created.status().id());
    assertThat(added.recoveryKey()).isEqualTo(RecoveryKeyState.UNKNOWN);
    assertThat(storage.repositories().add(CALLER, settings("model:///"), false).id()).isEqualTo(added.id());
  }

  @Test
  void theConfigurationNamesRepositoriesToo() throws Exception {
    create("model:///");
    storage.repositories().remove(CALLER, NAME);
    restart(List.of(settings("model:///")));
    assertThat(storage.repositories().status(NAME).configured()).isTrue();
    assertThat(storage.repositories().open(NAME)).isNotNull();
    assertThat(storage.repositories().status(NAME).id()).isPresent();
    assertThatThrownBy(() -> storage.repositories().remove(CALLER, NAME)).isInstanceOf(InvalidArgument.class)
        .hasMessageContaining("configuration file");
    assertThatThrownBy(() -> create("model:///")).isInstanceOf(AlreadyExists.class);
  }

  @Test
  void whatCannotBeMadeLeavesNoName() {
    RepositorySettings nowhere = settings("file://" + directory + "/nowhere");
    assertThatThrownBy(() -> storage.repositories().create(CALLER, new CreateRepository(nowhere, true, CreateRepository.BLOCK_BYTES, "x", false)))
        .isInstanceOf(InvalidArgument.class).hasMessageContaining("no such directory");
    assertThatThrownBy(() -> storage.repositories().status(NAME)).isInstanceOf(NotFound.class);
    assertThat(directory.resolve("backups.key")).doesNotExist();
  }
}
