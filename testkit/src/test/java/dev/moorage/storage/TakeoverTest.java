package dev.moorage.storage;

import static dev.moorage.storage.Host.ADMIN;
import static dev.moorage.storage.Host.DOCKER;
import static dev.moorage.storage.Host.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.pool.PoolLayout;
import dev.moorage.repository.Repository;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.objectstore.ModelObjectStore;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Goal: a history is continued by one host at a time, and changes hands only when somebody says so. Method: two hosts, one repository. */
@Tag("root")
@ExtendWith(LeakCheck.class)
final class TakeoverTest {

  @SuppressWarnings("NullAway.Init")
  private SharedStore shared;

  @SuppressWarnings("NullAway.Init")
  private Host alpha;

  @SuppressWarnings("NullAway.Init")
  private Host beta;

  @BeforeEach
  void open() throws Exception {
    shared = SharedStore.create(new ModelObjectStore());
    alpha = new Host("alpha", shared.source());
    beta = new Host("beta", shared.source());
    alpha.create("db");
  }

  @AfterEach
  void close() throws VolumeException {
    alpha.close();
    beta.close();
  }

  private static Job upload(Host host, String content, String tag) throws Exception {
    Files.writeString(host.mount("db", "w").resolve("row"), content);
    host.unmount("db", "w");
    Job job = host.storage.uploads().create(DOCKER, ref("db"), Optional.of(new SnapshotName(tag)), SharedStore.NAME).job();
    return host.storage.jobs().await(job.id(), Host.LONG).orElseThrow();
  }

  @Test
  void theVolumeOfALostHostReturnsElsewhereUnderItsIdAndTheOldHostIsStopped() throws Exception {
    assertThat(upload(alpha, "one", "first").state()).isEqualTo(Job.State.DONE);
    Volume volume = beta.storage.uploads().takeOver(ADMIN, SharedStore.NAME, "alpha/docker/db");
    assertThat(volume.id()).isEqualTo(alpha.storage.volumes().find(DOCKER, ref("db")).orElseThrow().id());
    assertThat(beta.mount("db", "r").resolve("row")).hasContent("one");
    beta.unmount("db", "r");
    assertThat(upload(beta, "two", "second").state()).isEqualTo(Job.State.DONE);
    Job refused = upload(alpha, "three", "third");
    assertThat(refused.state()).isEqualTo(Job.State.FAILED);
    assertThat(refused.error().orElseThrow()).contains("host beta").contains("take-over");
    try (Repository repository = shared.open()) {
      assertThat(repository.snapshots()).extracting(each -> each.label()).containsExactly("db@second", "db@first");
    }
    assertThat(alpha.storage.uploads().takeOver(DOCKER, SharedStore.NAME, "db").id()).isEqualTo(volume.id());
    Job again = alpha.storage.uploads().begin(DOCKER, SnapshotRef.parse("db@third"), SharedStore.NAME);
    assertThat(alpha.storage.jobs().await(again.id(), Host.LONG).orElseThrow().state()).isEqualTo(Job.State.DONE);
    assertThat(upload(beta, "four", "fourth").state()).as("now the other one").isEqualTo(Job.State.FAILED);
  }

  @Test
  void whatAFailedUploadHoldsIsLetGoWhenItsSnapshotIsGoneForGood() throws Exception {
    assertThat(upload(alpha, "one", "first").state()).isEqualTo(Job.State.DONE);
    beta.storage.uploads().takeOver(ADMIN, SharedStore.NAME, "alpha/docker/db");
    Job refused = upload(alpha, "two", "second");
    assertThat(refused.state()).isEqualTo(Job.State.FAILED);
    Path held = new PoolLayout(alpha.pools.getFirst().root()).jobs().resolve(refused.id());
    alpha.storage.snapshots().remove(DOCKER, SnapshotRef.parse("db@second"));
    alpha.storage.sweepNow();
    assertThat(held).as("it can be undone").exists();
    alpha.storage.pools().emptyTrash(ADMIN, Optional.empty());
    alpha.storage.sweepNow();
    assertThat(held).doesNotExist();
    assertThat(alpha.storage.jobs().find(refused.id()).orElseThrow().error()).as("why it failed stays known").isPresent();
    alpha.restart();
    assertThat(alpha.storage.jobs().find(refused.id()).orElseThrow().state()).isEqualTo(Job.State.FAILED);
  }

  @Test
  void whatNobodyHasCannotBeTakenOverAndNothingIsReplaced() throws Exception {
    assertThat(upload(alpha, "one", "first").state()).isEqualTo(Job.State.DONE);
    assertThatThrownBy(() -> beta.storage.uploads().takeOver(ADMIN, SharedStore.NAME, "alpha/docker/nope"))
        .isInstanceOf(VolumeException.NotFound.class);
    beta.create("db");
    assertThatThrownBy(() -> beta.storage.uploads().takeOver(ADMIN, SharedStore.NAME, "alpha/docker/db"))
        .isInstanceOf(VolumeException.AlreadyExists.class).hasMessageContaining("another volume docker/db");
    assertThat(upload(alpha, "two", "second").state()).as("nothing was taken").isEqualTo(Job.State.DONE);
  }

  @Test
  void aForgottenCopyIsNoLongerThereAndTheLocalSnapshotStays() throws Exception {
    assertThat(upload(alpha, "one", "first").state()).isEqualTo(Job.State.DONE);
    alpha.storage.uploads().forget(DOCKER, SnapshotRef.parse("vault:db@first"));
    assertThat(alpha.storage.snapshots().find(DOCKER, SnapshotRef.parse("db@first")).orElseThrow().remotes()).isEmpty();
    try (Repository repository = shared.open()) {
      assertThat(repository.snapshots()).isEmpty();
    }
    assertThatThrownBy(() -> alpha.storage.uploads().forget(DOCKER, SnapshotRef.parse("vault:db@first")))
        .isInstanceOf(VolumeException.NotFound.class);
    assertThat(upload(alpha, "two", "second").state()).as("the history goes on").isEqualTo(Job.State.DONE);
  }
}
