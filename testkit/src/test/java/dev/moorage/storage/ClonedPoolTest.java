package dev.moorage.storage;

import static dev.moorage.storage.Host.ADMIN;
import static dev.moorage.storage.Host.DOCKER;
import static dev.moorage.storage.Host.ref;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.process.Command;
import dev.moorage.repository.Repository;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.Until;
import dev.moorage.testkit.objectstore.ModelObjectStore;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Goal: a virtual machine that is copied with its pool harms nobody: one copy continues the histories, the other is told.
 * Method: a pool is really copied, at rest and in the middle of an upload, and both copies are opened by hosts of the same name.
 */
@Tag("root")
@ExtendWith(LeakCheck.class)
final class ClonedPoolTest {

  @SuppressWarnings("NullAway.Init")
  private SharedStore shared;

  @SuppressWarnings("NullAway.Init")
  private Host original;

  @SuppressWarnings("NullAway.Init")
  private Host clone;

  @SuppressWarnings("NullAway.Init")
  private Link link;

  @BeforeEach
  void open() throws Exception {
    shared = SharedStore.create(new ModelObjectStore());
    original = new Host("alpha", shared.source(store -> link = new Link(store)));
    clone = new Host("alpha", shared.source());
    original.create("db");
  }

  @AfterEach
  void close() throws VolumeException {
    original.close();
    clone.close();
  }

  /** Stops the original, copies all that its pool holds over that of the clone, and starts both. */
  private void copyPool() throws VolumeException, IOException {
    original.storage.close();
    clone.storage.close();
    Path from = original.pools.getFirst().root();
    Path to = clone.pools.getFirst().root();
    Command.of("rm", "-rf", "--one-file-system", to.toString()).run();
    Command.of("cp", "-a", "--sparse=always", from.toString(), to.toString()).run();
    original.restart();
    clone.restart();
  }

  private static Job upload(Host host, String content, String tag) throws Exception {
    Files.writeString(host.mount("db", "w").resolve("row"), content);
    host.unmount("db", "w");
    return await(host, host.storage.uploads().create(DOCKER, ref("db"), Optional.of(new SnapshotName(tag)), SharedStore.NAME).job());
  }

  private static Job await(Host host, Job job) throws InterruptedException {
    return host.storage.jobs().await(job.id(), Host.LONG).orElseThrow();
  }

  private List<String> labels() throws IOException {
    try (Repository repository = shared.open()) {
      return repository.snapshots().stream().map(SnapshotEntry::label).toList();
    }
  }

  private static void demandContent(Host host, String volume, String content) throws Exception {
    assertThat(host.mount(volume, "r").resolve("row")).hasContent(content);
    host.unmount(volume, "r");
  }

  private void demandRestores(String tag, String content) throws Exception {
    Host third = new Host("gamma", shared.source());
    try {
      third.storage.volumes().create(DOCKER, Host.from("db", new CreateVolume.Source.OfSnapshot(SnapshotRef.parse("db@" + tag))));
      demandContent(third, "db", content);
    } finally {
      third.close();
    }
  }

  private void demandOneWriter() throws Exception {
    assertThat(upload(clone, "of the clone", "cloned").state()).isEqualTo(Job.State.DONE);
    Job refused = upload(original, "of the original", "late");
    assertThat(refused.state()).isEqualTo(Job.State.FAILED);
    assertThat(refused.error().orElseThrow()).contains("somebody else continues").contains("db@cloned").contains("take-over");
    demandContent(original, "db", "of the original");
    demandRestores("cloned", "of the clone");
    assertThat(original.storage.uploads().takeOver(ADMIN, SharedStore.NAME, "docker/db")).isNotNull();
    Job again = original.storage.uploads().begin(DOCKER, SnapshotRef.parse("db@late"), SharedStore.NAME);
    assertThat(await(original, again).state()).isEqualTo(Job.State.DONE);
    assertThat(upload(clone, "too late", "refused").state()).isEqualTo(Job.State.FAILED);
    demandRestores("late", "of the original");
  }

  @Test
  void ofTwoCopiesOfAPoolTheOneThatUploadsFirstGoesOnAndTheOtherIsTold() throws Exception {
    assertThat(upload(original, "before", "first").state()).isEqualTo(Job.State.DONE);
    copyPool();
    demandOneWriter();
    assertThat(labels()).containsExactly("db@late", "db@cloned", "db@first");
  }

  @Test
  void twoCopiesOfAPoolThatWasCopiedInTheMiddleOfAnUploadFinishItOnce() throws Exception {
    assertThat(upload(original, "before", "first").state()).isEqualTo(Job.State.DONE);
    link.set(Link.State.NO_PACKS);
    Files.writeString(original.mount("db", "w").resolve("row"), "in the middle");
    original.unmount("db", "w");
    Job begun = original.storage.uploads().create(DOCKER, ref("db"), Optional.of(new SnapshotName("second")), SharedStore.NAME).job();
    Until.demand("the upload waits", Host.LONG, () -> original.storage.jobs().find(begun.id()).orElseThrow().state() == Job.State.WAITING);
    copyPool();
    link.set(Link.State.UP);
    assertThat(await(clone, begun).state()).isEqualTo(Job.State.DONE);
    assertThat(await(original, begun).state()).isEqualTo(Job.State.DONE);
    assertThat(labels()).containsExactly("db@second", "db@first");
    demandRestores("second", "in the middle");
    demandOneWriter();
  }
}
