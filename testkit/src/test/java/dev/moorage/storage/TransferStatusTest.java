package dev.moorage.storage;

import static dev.moorage.storage.Host.DOCKER;
import static dev.moorage.storage.Host.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.Until;
import dev.moorage.testkit.objectstore.ModelObjectStore;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.VolumeException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Goal: metrics and status tell how far uploads and restores are, and how far behind. Method: a store that goes away and comes back. */
@Tag("root")
@ExtendWith(LeakCheck.class)
final class TransferStatusTest {

  @SuppressWarnings("NullAway.Init")
  private Host host;

  @SuppressWarnings("NullAway.Init")
  private Link link;

  @BeforeEach
  void open() throws Exception {
    SharedStore shared = SharedStore.create(new ModelObjectStore());
    host = new Host("alpha", shared.source(store -> link = new Link(store)));
    host.create("db");
    Files.writeString(host.mount("db", "w").resolve("row"), "one");
    ended(upload("first"));
    host.unmount("db", "w");
  }

  @AfterEach
  void close() throws VolumeException {
    host.close();
  }

  private Job upload(String name) throws VolumeException {
    return host.storage.uploads().create(DOCKER, ref("db"), Optional.of(new SnapshotName(name)), SharedStore.NAME).job();
  }

  private Job ended(Job job) throws InterruptedException {
    return host.storage.jobs().await(job.id(), Host.LONG).orElseThrow();
  }

  private double metric(String series) {
    return host.telemetry.scrape().lines().filter(line -> line.startsWith(series + " ")).map(line -> line.substring(line.lastIndexOf(' ')))
        .mapToDouble(Double::parseDouble).findFirst().orElse(Double.NaN);
  }

  private double vault(String name) {
    return metric("moorage_" + name + "{repository=\"vault\"}");
  }

  @Test
  void aStoreThatIsAwayShowsAsLagAndWaitingAndItsReturnAsSuccess() throws Exception {
    assertThat(vault("upload_lag_seconds")).isZero();
    assertThat(vault("upload_waiting")).isZero();
    assertThat(vault("upload_sent_bytes_total")).isPositive();
    assertThat(vault("upload_read_bytes_total")).isGreaterThan(vault("upload_sent_bytes_total"));
    double success = vault("upload_last_success_timestamp_seconds");
    assertThat(success).isCloseTo((double) Instant.now().getEpochSecond(), Offset.offset(120.0));
    assertThat(vault("upload_last_error_timestamp_seconds")).as("there was none").isNaN();

    Files.writeString(host.mount("db", "w").resolve("row"), "two");
    host.unmount("db", "w");
    link.set(Link.State.NO_PACKS);
    Job second = upload("second");
    Job third = upload("third");
    Until.demand("it waits", Host.LONG, () -> metric("moorage_jobs{kind=\"upload\",state=\"waiting\"}") == 1);
    assertThat(vault("upload_waiting")).isEqualTo(2);
    assertThat(vault("upload_lag_seconds")).isPositive();
    assertThat(vault("upload_last_error_timestamp_seconds")).isGreaterThanOrEqualTo(success);
    List<TransferStatus.Upload> waiting = host.storage.volumes().status(DOCKER, ref("db")).waiting();
    assertThat(waiting).extracting(TransferStatus.Upload::label).containsExactly("db@second", "db@third");
    assertThat(waiting.getFirst().job().inWords()).startsWith("upload waits: ");
    TransferStatus status = host.storage.uploads().status(SharedStore.NAME);
    assertThat(status.lastError().orElseThrow()).contains(" db@second: ").contains("no answer came");
    assertThat(status.oldestWaiting()).contains(waiting.getFirst().cutAt());

    host.restart();
    assertThat(vault("upload_waiting")).as("kept over restarts").isEqualTo(2);
    assertThat(vault("upload_last_success_timestamp_seconds")).isEqualTo(success);
    link.set(Link.State.UP);
    assertThat(ended(second).state()).isEqualTo(Job.State.DONE);
    assertThat(ended(third).state()).isEqualTo(Job.State.DONE);
    assertThat(vault("upload_lag_seconds")).isZero();
    assertThat(vault("upload_last_success_timestamp_seconds")).isGreaterThan(success);
    assertThat(host.storage.volumes().status(DOCKER, ref("db")).waiting()).isEmpty();
  }

  @Test
  void anUploadThatWasGivenUpIsCountedAndToldUntilItIsAskedForAgain() throws Exception {
    Files.writeString(host.mount("db", "w").resolve("row"), "two");
    host.unmount("db", "w");
    link.set(Link.State.PACKS_DENIED);
    assertThat(ended(upload("second")).state()).isEqualTo(Job.State.FAILED);
    assertThat(vault("upload_failed")).isEqualTo(1);
    assertThat(vault("upload_lag_seconds")).isZero();
    assertThat(metric("moorage_jobs{kind=\"upload\",state=\"failed\"}")).isEqualTo(1);
    assertThat(host.storage.volumes().status(DOCKER, ref("db")).waiting().getFirst().job().inWords()).startsWith("upload failed: ").contains("403");
    link.set(Link.State.UP);
    assertThat(ended(upload("second")).state()).isEqualTo(Job.State.DONE);
    assertThat(vault("upload_failed")).isZero();
  }

  @Test
  void thereIsOneSeriesForARepositoryHoweverManySnapshotsAndWhatIsRestoredIsCounted() throws Exception {
    for (int i = 0; i < 8; i++) {
      ended(upload("s" + i));
    }
    assertThat(host.telemetry.scrape().lines().filter(line -> line.startsWith("moorage_upload_read_bytes_total{"))).hasSize(1);
    assertThat(host.telemetry.scrape().lines().filter(line -> line.startsWith("moorage_jobs{"))).hasSize(12);
    assertThat(host.telemetry.scrape()).contains("# HELP moorage_upload_lag_seconds Age of the oldest snapshot");
    host.storage.volumes().create(DOCKER, Host.from("copy", new CreateVolume.Source.OfSnapshot(SnapshotRef.parse("vault:alpha/db@first"))));
    ended(host.storage.restores().begin(DOCKER, ref("copy")));
    assertThat(vault("restored_bytes_total")).isEqualTo((double) Host.SIZE.bytes());
    assertThatThrownBy(() -> host.storage.uploads().status("none")).isInstanceOf(VolumeException.NotFound.class);
  }
}
