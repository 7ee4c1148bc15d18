package dev.moorage.storage;

import static dev.moorage.storage.Host.DOCKER;
import static dev.moorage.storage.Host.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.repository.Repository;
import dev.moorage.repository.UnreadableException;
import dev.moorage.repository.history.Seat;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.objectstore.ModelObjectStore;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Goal: several repositories are asked at once, and one that does not answer is never one without snapshots. */
@Tag("root")
@ExtendWith(LeakCheck.class)
final class RemoteLookupTest {

  private static final List<String> NAMES = List.of("away", SharedStore.NAME);

  private final ModelObjectStore store = new ModelObjectStore();
  private final CountDownLatch reachable = new CountDownLatch(1);

  @SuppressWarnings("NullAway.Init")
  private SharedStore shared;

  @SuppressWarnings("NullAway.Init")
  private Host alpha;

  @BeforeEach
  void open() throws Exception {
    shared = SharedStore.create(store);
    alpha = new Host("alpha", shared.source());
    alpha.create("db");
    Job job = alpha.storage.uploads().create(DOCKER, ref("db"), Optional.of(new SnapshotName("first")), SharedStore.NAME).job();
    assertThat(alpha.storage.jobs().await(job.id(), Host.LONG).orElseThrow().state()).isEqualTo(Job.State.DONE);
  }

  @AfterEach
  void close() throws VolumeException {
    reachable.countDown();
    alpha.close();
  }

  private interface Opening {
    void before(String name) throws Exception;
  }

  /** Two names of one repository, each of which is opened after what the test wants to happen first. */
  private RepositorySource two(Opening opening) {
    RepositorySource source = shared.source();
    return new RepositorySource() {
      @Override
      public Repository open(String name) throws VolumeException {
        try {
          opening.before(name);
        } catch (Exception e) {
          throw new VolumeException.Unavailable("open repository " + name, e.toString(), "", e);
        }
        return source.open(SharedStore.NAME);
      }

      @Override
      public List<String> names() {
        return NAMES;
      }
    };
  }

  private static RemoteLookup.Answer find(RepositorySource source, String ref, Duration deadline) throws Exception {
    try (Host host = new Host("beta", source)) {
      return new RemoteLookup(host.core(), "find", deadline).find(SnapshotRef.parse(ref));
    }
  }

  @Test
  void allAreAskedAtTheSameTime() throws Exception {
    CyclicBarrier together = new CyclicBarrier(2);
    RepositorySource source = two(_ -> meet(together));
    assertThat(find(source, "alpha/db@first", Host.LONG)).isInstanceOf(RemoteLookup.Answer.Found.class);
    assertThat(find(source, "other@latest", Host.LONG)).isInstanceOf(RemoteLookup.Answer.NeverHadAny.class);
  }

  private static void meet(CyclicBarrier together) throws InterruptedException, BrokenBarrierException, TimeoutException {
    assertThat(together.await(20, TimeUnit.SECONDS)).isBetween(0, 1);
  }

  @Test
  void oneThatDoesNotAnswerIsAnErrorInTimeWhateverTheOthersHave() throws Exception {
    RepositorySource source = two(name -> {
      if (name.equals("away") && !reachable.await(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the test takes too long");
      }
    });
    for (String ref : List.of("alpha/db@first", "other@latest", "other@first")) {
      long began = System.nanoTime();
      assertThatThrownBy(() -> find(source, ref, Duration.ofSeconds(1))).isInstanceOf(VolumeException.Unavailable.class)
          .hasMessageContaining("repository away did not answer within 1 s").hasMessageContaining("REPOSITORY:VOLUME@SNAPSHOT");
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
    }
    assertThat(find(source, "vault:alpha/db@first", Duration.ofSeconds(20))).as("the other alone")
        .isInstanceOf(RemoteLookup.Answer.Found.class);
  }

  private static SnapshotEntry found(RepositorySource source, String ref) throws Exception {
    return ((RemoteLookup.Answer.Found) find(source, ref, Host.LONG)).snapshot().entry();
  }

  /** Whoever misses a letter in the name of a host must not get an empty volume. */
  @Test
  void theNewestOfAHostOrOwnerThatHasNoneIsAnErrorWhenOthersHaveSome() {
    for (String ref : List.of("alfa/db@latest", "alpha/local/db@latest", "local/db@latest", "vault:alfa/docker/db@latest")) {
      assertThatThrownBy(() -> find(shared.source(), ref, Host.LONG)).as(ref).isInstanceOf(VolumeException.NotFound.class)
          .hasMessageContaining("there are some of alpha/docker/db");
    }
  }

  @Test
  void oneDamagedEntryKeepsNoOtherFromBeingFoundAndNoOlderOneIsTakenForTheNewest() throws Exception {
    for (String tag : List.of("second", "third")) {
      Job job = alpha.storage.uploads().create(DOCKER, ref("db"), Optional.of(new SnapshotName(tag)), SharedStore.NAME).job();
      assertThat(alpha.storage.jobs().await(job.id(), Host.LONG).orElseThrow().state()).isEqualTo(Job.State.DONE);
    }
    SnapshotEntry second = found(shared.source(), "db@second");
    damage(second.seat());
    assertThat(found(shared.source(), "db@first").label()).isEqualTo("db@first");
    assertThat(found(shared.source(), "db@latest").label()).isEqualTo("db@third");
    assertThat(found(shared.source(), second.seat().volume() + "#1").label()).isEqualTo("db@first");
    for (String ref : List.of("db@second", "db@never", second.seat().volume() + "#2")) {
      assertThatThrownBy(() -> find(shared.source(), ref, Host.LONG)).as(ref).isInstanceOf(VolumeException.Corrupt.class);
    }
    damage(new Seat(second.seat().volume(), 3));
    assertThat(found(shared.source(), "db@first").label()).isEqualTo("db@first");
    assertThatThrownBy(() -> find(shared.source(), "db@latest", Host.LONG)).isInstanceOf(VolumeException.Corrupt.class);
    try (Repository repository = shared.open()) {
      assertThat(RemoteSnapshots.find("find", repository, "db@first").label()).isEqualTo("db@first");
      assertThatThrownBy(() -> RemoteSnapshots.find("find", repository, "db@latest")).isInstanceOf(UnreadableException.Damaged.class);
      assertThatThrownBy(() -> RemoteSnapshots.find("find", repository, "db@third")).isInstanceOf(UnreadableException.Damaged.class);
    }
    assertThatThrownBy(() -> find(shared.source(), "other@latest", Host.LONG)).as("nothing is called absent")
        .isInstanceOf(VolumeException.Corrupt.class);
    try (Repository repository = shared.open()) {
      for (long seq : List.of(2L, 3L)) {
        assertThat(repository.giveUp(new Seat(second.seat().volume(), seq), "test")).isTrue();
      }
    }
    assertThat(find(shared.source(), "other@latest", Host.LONG)).isInstanceOf(RemoteLookup.Answer.NeverHadAny.class);
    assertThat(found(shared.source(), "db@latest").label()).as("the newest that is left").isEqualTo("db@first");
  }

  private void damage(Seat seat) throws IOException {
    byte[] entry;
    try (ObjectStream stream = store.get(seat.key())) {
      entry = stream.readAllBytes();
    }
    entry[entry.length / 2] ^= 1;
    assertThat(store.delete(seat.key())).isTrue();
    assertThat(store.putIfAbsent(seat.key(), Content.of(entry))).isPresent();
  }

  @Test
  void anErrorOfOneIsTheErrorOfAll() {
    RepositorySource source = two(name -> {
      if (name.equals("away")) {
        throw new IllegalStateException("no route");
      }
    });
    assertThatThrownBy(() -> find(source, "other@latest", Host.LONG)).isInstanceOf(VolumeException.Unavailable.class)
        .hasMessageContaining("no route");
  }
}
