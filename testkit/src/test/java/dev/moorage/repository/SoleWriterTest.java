package dev.moorage.repository;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.LookingStore;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.repository.gc.CollectionProgress;
import dev.moorage.repository.gc.CollectionSettings;
import dev.moorage.repository.history.ReaderSession;
import dev.moorage.repository.key.KeyFile;
import dev.moorage.testkit.objectstore.CarelessStore;
import dev.moorage.testkit.objectstore.ModelObjectStore;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.VolumeId;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Repositories in stores that overwrite when they should refuse: not for many hosts, and for one that is declared. */
final class SoleWriterTest {

  private static final Clock CLOCK = Clock.systemUTC();
  private static final KeyFile SECRET = new KeyFile("the key of a careless repository.".getBytes(US_ASCII));

  private final ObjectStore careless = new CarelessStore(new ModelObjectStore());
  private final SoleWriter writer = new SoleWriter(Hex128.random(new SecureRandom()), "host1", Instant.parse("2026-11-21T10:00:00Z"));

  private Repository create() throws IOException {
    return Repository.create(careless, new Repository.Creation(16 << 10, SECRET, "test", Optional.of(writer)), CLOCK).repository();
  }

  @Test
  void aStoreThatOverwritesIsRefusedAndTheRemedyIsNamed() {
    assertThatThrownBy(() -> Repository.create(careless, new Repository.Creation(16 << 10, SECRET, "test"), CLOCK))
        .isInstanceOf(ObjectStoreException.ConditionsUnsupported.class)
        .hasMessageContaining("BROKEN  a second create is refused").hasMessageContaining("--single-writer");
  }

  @Test
  void theDeclaredWriterWritesAndAllOthersOnlyRead() throws IOException {
    Repository own = create();
    assertThat(own.header().singleWriter()).isTrue();
    assertThat(own.writer()).contains(writer);
    VolumeId volume = VolumeId.random();
    own.history().takeover(volume, PoolId.random(), "host1");
    own.addKey(new KeyFile(KeyFile.generate(new SecureRandom())), "more");
    own.collect(CollectionSettings.of("host1"), CollectionProgress.NONE);
    for (Optional<Hex128> self : List.of(Optional.<Hex128>empty(), Optional.of(Hex128.random(new SecureRandom())))) {
      Repository other = Repository.open(careless, SECRET, self, CLOCK);
      assertThat(other.history().of(volume).last()).isEqualTo(1);
      ReaderSession reading = other.sessions().openReader("host2", "restore");
      assertThat(reading.heartbeat()).isTrue();
      reading.end();
      assertThatThrownBy(() -> other.history().takeover(volume, PoolId.random(), "host2")).isInstanceOf(ObjectStoreException.Denied.class)
          .hasMessageContaining("that is host host1 since 2026-11-21T10:00:00Z, not this host").hasMessageContaining("--single-writer");
      assertThatThrownBy(() -> other.collect(CollectionSettings.of("host2"), CollectionProgress.NONE))
          .isInstanceOf(ObjectStoreException.Denied.class);
      assertThatThrownBy(() -> other.rotation(List.of(SECRET))).isInstanceOf(ObjectStoreException.Denied.class);
      assertThatThrownBy(() -> other.addKey(SECRET, "x")).isInstanceOf(ObjectStoreException.Denied.class);
    }
    assertThat(own.history().of(volume).last()).as("nothing was added").isEqualTo(1);
    Repository again = Repository.open(careless, SECRET, Optional.of(writer.id()), CLOCK);
    assertThat(again.history().takeover(volume, PoolId.random(), "host1").seat().seq()).isEqualTo(2);
  }

  @Test
  void anotherHostCanBeDeclaredAndTheOneBeforeIsRefused() throws IOException {
    create();
    SoleWriter heir = new SoleWriter(Hex128.random(new SecureRandom()), "host2", Instant.parse("2026-11-21T11:00:00Z"));
    Repository other = Repository.open(careless, SECRET, Optional.of(heir.id()), CLOCK);
    other.declareWriter(heir);
    other.history().takeover(VolumeId.random(), PoolId.random(), "host2");
    Repository before = Repository.open(careless, SECRET, Optional.of(writer.id()), CLOCK);
    assertThatThrownBy(() -> before.history().takeover(VolumeId.random(), PoolId.random(), "host1"))
        .isInstanceOf(ObjectStoreException.Denied.class).hasMessageContaining("that is host host2");
    Repository many = Repository.create(new ModelObjectStore(), new Repository.Creation(16 << 10, SECRET, "test"), CLOCK).repository();
    assertThat(many.writer()).isEmpty();
    assertThatThrownBy(() -> many.declareWriter(heir)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theThreadsOfOneProcessTakeTurns() throws Exception {
    ObjectStore looking = new LookingStore(careless);
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int round = 0; round < 50; round++) {
        ObjectKey key = new ObjectKey("round-" + round);
        List<Callable<Boolean>> rivals = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          byte[] text = {(byte) i};
          rivals.add(() -> looking.putIfAbsent(key, Content.of(text)).isPresent());
        }
        int winners = 0;
        for (Future<Boolean> rival : threads.invokeAll(rivals)) {
          winners += rival.get() ? 1 : 0;
        }
        assertThat(winners).isEqualTo(1);
      }
    }
    assertThat(looking.probe().isFitForManyWriters()).as("from one process it cannot be told").isTrue();
  }
}
