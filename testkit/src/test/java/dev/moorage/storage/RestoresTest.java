package dev.moorage.storage;

import static dev.moorage.storage.Host.ADMIN;
import static dev.moorage.storage.Host.DOCKER;
import static dev.moorage.storage.Host.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.moorage.objectstore.Listing;
import dev.moorage.repository.Repository;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.Until;
import dev.moorage.testkit.objectstore.ModelObjectStore;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.ContentSource;
import dev.moorage.volume.Owner;
import dev.moorage.volume.SizeRange;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Goal: what {@code from=} and {@link Restores} promise. Method: two hosts, each with a pool, share one repository. */
@Tag("root")
@ExtendWith(LeakCheck.class)
final class RestoresTest {

  private static final Caller HASTY = new Caller("docker", Owner.DOCKER, Duration.ofSeconds(5), Duration.ofMillis(600));

  private final ModelObjectStore store = new ModelObjectStore();

  @SuppressWarnings("NullAway.Init")
  private SharedStore shared;

  @SuppressWarnings("NullAway.Init")
  private Host alpha;

  @SuppressWarnings("NullAway.Init")
  private Host beta;

  @SuppressWarnings("NullAway.Init")
  private Link link;

  @BeforeEach
  void open() throws Exception {
    shared = SharedStore.create(store);
    alpha = new Host("alpha", shared.source());
    beta = new Host("beta", shared.source(seen -> link = new Link(seen)));
  }

  @AfterEach
  void close() throws VolumeException {
    alpha.close();
    beta.close();
  }

  private static void upload(Host host, String volume, String content, String tag) throws Exception {
    if (host.storage.volumes().find(DOCKER, ref(volume)).isEmpty()) {
      host.create(volume);
    }
    Files.writeString(host.mount(volume, "w").resolve("row"), content);
    host.unmount(volume, "w");
    Job job = host.storage.uploads().create(DOCKER, ref(volume), Optional.of(new SnapshotName(tag)), SharedStore.NAME).job();
    assertThat(host.storage.jobs().await(job.id(), Host.LONG).orElseThrow().state()).isEqualTo(Job.State.DONE);
  }

  private static CreateVolume from(String name, String source) {
    return Host.from(name, new CreateVolume.Source.OfSnapshot(SnapshotRef.parse(source)));
  }

  private Volume restored(Host host, String name, String source) throws Exception {
    Volume volume = host.storage.volumes().create(DOCKER, from(name, source));
    Job job = host.storage.restores().begin(DOCKER, ref(name));
    Job ended = host.storage.jobs().await(job.id(), Host.LONG).orElse(job);
    assertThat(ended.state()).as("%s", ended).isEqualTo(Job.State.DONE);
    return volume;
  }

  private static String content(Host host, String name) throws Exception {
    String content = Files.readString(host.mount(name, "r").resolve("row"));
    host.unmount(name, "r");
    return content;
  }

  @Test
  void aVolumeReturnsOnAnotherHostWithOneWordAndWithAHistoryOfItsOwn() throws Exception {
    upload(alpha, "db", "one", "first");
    upload(alpha, "db", "two", "second");
    Volume volume = beta.storage.volumes().create(DOCKER, from("db", "db@latest"));
    assertThat(volume.id()).isNotEqualTo(alpha.storage.volumes().find(DOCKER, ref("db")).orElseThrow().id());
    assertThat(content(beta, "db")).as("the first mount waits for the data").isEqualTo("two");
    assertThat(beta.storage.volumes().create(DOCKER, from("db", "db@latest"))).extracting(Volume::id).isEqualTo(volume.id());
    restored(beta, "old", "alpha/db@first");
    assertThat(content(beta, "old")).isEqualTo("one");
    upload(beta, "db", "three", "mine");
    upload(alpha, "db", "four", "third");
    try (Repository repository = shared.open()) {
      assertThat(repository.snapshots()).extracting(SnapshotEntry::label)
          .containsExactlyInAnyOrder("db@first", "db@second", "db@third", "db@mine");
    }
  }

  /** Bytes that do not compress, so that what is stored tells what was sent. */
  @Test
  void whatItWasRestoredFromIsNotStoredAgainForItNorForAClone() throws Exception {
    byte[] bytes = new byte[4 << 20];
    new Random(1).nextBytes(bytes);
    alpha.create("db");
    Files.write(alpha.mount("db", "w").resolve("data"), bytes);
    alpha.unmount("db", "w");
    upload(alpha, "db", "one", "first");
    upload(alpha, "db", "two", "second");
    restored(beta, "db", "db@first");
    upload(beta, "db", "three", "mine");
    beta.storage.volumes().create(DOCKER, Host.from("copy", new CreateVolume.Source.OfVolume(ref("db"))));
    upload(beta, "copy", "four", "its");
    try (Repository repository = shared.open()) {
      assertThat(repository.snapshots().stream().filter(each -> List.of("db@mine", "copy@its").contains(each.label())))
          .hasSize(2).allSatisfy(each -> assertThat(each.figures().get("bytesSealed")).as("%s", each.label()).isLessThan(1L << 20));
    }
    restored(alpha, "back", "beta/copy@its");
    assertThat(content(alpha, "back")).isEqualTo("four");
    assertThat(Files.readAllBytes(alpha.mount("back", "r").resolve("data"))).isEqualTo(bytes);
    alpha.unmount("back", "r");
  }

  @Test
  void theExactNameOfASeatAndTheIdOfAVolumeNameOneSnapshotAlsoWhenTheRequestIsRepeated() throws Exception {
    upload(alpha, "db", "one", "first");
    upload(alpha, "db", "two", "second");
    String id = alpha.storage.volumes().find(DOCKER, ref("db")).orElseThrow().id().toString();
    for (String source : List.of("vault:" + id + "#1", "vault:" + id + "@first")) {
      Volume volume = restored(beta, "copy", source);
      assertThat(content(beta, "copy")).isEqualTo("one");
      assertThat(beta.storage.volumes().create(DOCKER, from("copy", source)).id()).isEqualTo(volume.id());
      assertThatThrownBy(() -> beta.storage.volumes().create(DOCKER, from("copy", "vault:" + id + "#2")))
          .isInstanceOf(VolumeException.AlreadyExists.class);
      beta.storage.volumes().remove(DOCKER, ref("copy"));
    }
    assertThatThrownBy(() -> beta.storage.volumes().create(DOCKER, from("copy", "vault:" + id + "#3")))
        .isInstanceOf(VolumeException.NotFound.class);
  }

  @Test
  void aLargerVolumeGrowsItsFilesystemAtTheFirstMountAndASmallerOneIsMadeAsLarge() throws Exception {
    upload(alpha, "db", "one", "first");
    CreateVolume plain = from("large", "db@first");
    beta.storage.volumes().create(DOCKER, new CreateVolume(plain.owner(), plain.name(), plain.pool(), plain.backend(),
        Optional.of(SizeRange.atLeast(ByteSize.ofMebibytes(256))), plain.access(), plain.filesystem(), false, plain.source(), List.of(),
        Map.of()));
    Path path = beta.mount("large", "r");
    assertThat(path.resolve("row")).hasContent("one");
    assertThat(Files.getFileStore(path).getTotalSpace()).isGreaterThan(200L << 20);
    beta.unmount("large", "r");
    CreateVolume small = new CreateVolume(plain.owner(), new VolumeName("small"), plain.pool(), plain.backend(),
        Optional.of(SizeRange.exactly(ByteSize.ofMebibytes(16))), plain.access(), plain.filesystem(), false, plain.source(), List.of(),
        Map.of());
    assertThatThrownBy(() -> beta.storage.volumes().create(DOCKER, small)).isInstanceOf(VolumeException.OutOfRange.class);
  }

  @Test
  void theNewestOfANameThatNeverHadASnapshotIsAnEmptyVolumeThatSaysSoButAFixedTagMustExist() throws Exception {
    upload(alpha, "db", "one", "first");
    Volume empty = beta.storage.volumes().create(DOCKER, from("cache", "cache@latest"));
    assertThat(empty.source()).isEqualTo(new ContentSource.NeverSnapshotted("cache@latest"));
    assertThat(beta.mount("cache", "c")).isEmptyDirectory();
    beta.unmount("cache", "c");
    assertThat(beta.storage.volumes().create(DOCKER, from("cache", "cache@latest")).id()).isEqualTo(empty.id());
    assertThatThrownBy(() -> beta.storage.volumes().create(DOCKER, from("other", "cache@first")))
        .isInstanceOf(VolumeException.NotFound.class);
    assertThatThrownBy(() -> beta.storage.volumes().create(DOCKER, from("other", "db@second")))
        .isInstanceOf(VolumeException.NotFound.class);
    try (Repository repository = shared.open()) {
      repository.history().forget(repository.snapshots().getFirst().seat(), "test");
    }
    assertThatThrownBy(() -> beta.storage.volumes().create(DOCKER, from("other", "db@latest")))
        .as("it had one").isInstanceOf(VolumeException.NotFound.class).hasMessageContaining("forgotten");
  }

  @Test
  void aRepositoryThatDoesNotAnswerIsAnErrorAndNeverAnEmptyVolume() throws Exception {
    beta.storage.volumes().create(DOCKER, from("warm", "cache@latest"));
    link.set(Link.State.DOWN);
    assertThatThrownBy(() -> beta.storage.volumes().create(DOCKER, from("cache", "cache@latest")))
        .isInstanceOf(VolumeException.Unavailable.class);
    assertThat(beta.storage.volumes().find(DOCKER, ref("cache"))).isEmpty();
    assertThat(beta.storage.volumes().create(DOCKER, from("warm", "cache@latest"))).as("what exists needs no repository").isNotNull();
  }

  @Test
  void twoHostsOrOwnersWithThatNameAreRefusedWithTheCandidates() throws Exception {
    upload(alpha, "db", "of alpha", "first");
    upload(beta, "db", "of beta", "first");
    Host gamma = new Host("gamma", shared.source());
    try {
      assertThatThrownBy(() -> gamma.storage.volumes().create(DOCKER, from("db", "db@first")))
          .isInstanceOf(VolumeException.InvalidArgument.class)
          .hasMessageContaining("vault:alpha/docker/db@first").hasMessageContaining("vault:beta/docker/db@first");
      restored(gamma, "one", "alpha/db@first");
      assertThat(content(gamma, "one")).isEqualTo("of alpha");
      restored(gamma, "two", "vault:beta/docker/db@latest");
      assertThat(content(gamma, "two")).isEqualTo("of beta");
    } finally {
      gamma.close();
    }
  }

  @Test
  void aRequestForTheSameNameOfAnotherHostIsNoRepetition() throws Exception {
    upload(alpha, "db", "of alpha", "first");
    upload(beta, "db", "of beta", "first");
    Host gamma = new Host("gamma", shared.source());
    try {
      Volume fixed = restored(gamma, "fixed", "alpha/db@first");
      Volume newest = restored(gamma, "newest", "alpha/db@latest");
      upload(alpha, "db", "of alpha, too", "second");
      for (String same : List.of("alpha/db@first", "alpha/docker/db@first", "vault:alpha/db@first", "docker/db@first", "db@first")) {
        assertThat(gamma.storage.volumes().create(DOCKER, from("fixed", same)).id()).as(same).isEqualTo(fixed.id());
      }
      assertThat(gamma.storage.volumes().create(DOCKER, from("newest", "alpha/db@latest")).id()).isEqualTo(newest.id());
      for (String other : List.of("beta/db@first", "vault:beta/docker/db@first", "beta/db@latest", "other:alpha/db@first",
          "alpha/db@second", "local/db@first")) {
        assertThatThrownBy(() -> gamma.storage.volumes().create(DOCKER, from("fixed", other))).as(other)
            .isInstanceOf(VolumeException.AlreadyExists.class).hasMessageContaining("was made from snapshot vault:alpha/docker/db@first")
            .hasMessageContaining("not from snapshot " + other);
      }
      assertThatThrownBy(() -> gamma.storage.volumes().create(DOCKER, from("newest", "beta/db@latest")))
          .isInstanceOf(VolumeException.AlreadyExists.class);
    } finally {
      gamma.close();
    }
  }

  @Test
  void aRequestStaysTheSameWhenItsWordsMeanASnapshotOfTheRestoredVolumeByNow() throws Exception {
    upload(alpha, "db", "one", "first");
    for (String words : List.of("db@latest", "db@first")) {
      Volume volume = restored(beta, "db", words);
      beta.storage.snapshots().create(DOCKER, ref("db"), Optional.of(new SnapshotName("first")));
      beta.restart();
      assertThat(beta.storage.volumes().create(DOCKER, from("db", words)).id()).as(words).isEqualTo(volume.id());
      assertThatThrownBy(() -> beta.storage.volumes().create(DOCKER, from("db", "docker/db@first"))).as("it means the local one")
          .isInstanceOf(VolumeException.AlreadyExists.class);
      beta.storage.snapshots().remove(DOCKER, SnapshotRef.parse("db@first"));
      beta.storage.volumes().remove(DOCKER, ref("db"));
    }
  }

  @Test
  void aMountThatComesTooEarlyIsRefusedInTimeAndLeavesNoReference() throws Exception {
    upload(alpha, "db", "one", "first");
    warmUp();
    link.set(Link.State.NO_PACKS);
    beta.storage.volumes().create(DOCKER, from("db", "alpha/db@first"));
    demandWaiting();
    beta.restart();
    demandWaiting();
    long began = System.nanoTime();
    assertThatThrownBy(() -> beta.storage.publications().mount(HASTY, ref("db"), Host.container("early")))
        .isInstanceOf(VolumeException.Unavailable.class).hasMessageContaining("being restored").hasMessageContaining("--wait");
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    assertThat(beta.storage.volumes().status(DOCKER, ref("db")).consumers()).isZero();
    assertThatThrownBy(() -> beta.storage.snapshots().create(DOCKER, ref("db"), Optional.empty()))
        .isInstanceOf(VolumeException.Unavailable.class).hasMessageContaining("still being restored");
    assertThatThrownBy(() -> beta.storage.volumes().create(DOCKER, Host.from("copy", new CreateVolume.Source.OfVolume(ref("db")))))
        .isInstanceOf(VolumeException.Unavailable.class);
    assertThatThrownBy(() -> beta.storage.volumes().compact(DOCKER, ref("db"))).isInstanceOf(VolumeException.Unavailable.class);
    assertThat(beta.storage.volumes().status(DOCKER, ref("db")).allocatedBytes()).isZero();
    link.set(Link.State.UP);
    assertThat(content(beta, "db")).isEqualTo("one");
    assertThat(beta.storage.volumes().status(DOCKER, ref("db")).allocatedBytes()).as("not the look before").isPositive();
  }

  @Test
  void aMountOfAnEngineThatDiedWhileItWaitedLeavesNoReference() throws Exception {
    upload(alpha, "db", "one", "first");
    warmUp();
    link.set(Link.State.NO_PACKS);
    beta.storage.volumes().create(DOCKER, from("db", "db@first"));
    demandWaiting();
    CompletableFuture<Throwable> orphan = CompletableFuture.supplyAsync(() -> catchThrowable(() -> beta.mount("db", "orphan")));
    Until.demand("the mount waits", Host.LONG, () -> isAwaited(orphan));
    beta.storage.publications().newDockerEpoch();
    link.set(Link.State.UP);
    assertThat(orphan.get()).isInstanceOf(VolumeException.Unavailable.class).hasMessageContaining("started anew");
    assertThat(beta.storage.volumes().status(DOCKER, ref("db")).consumers()).isZero();
    assertThat(content(beta, "db")).isEqualTo("one");
  }

  /** Whether some thread stands where a mount waits for data. */
  private static boolean isAwaited(CompletableFuture<Throwable> mount) {
    return !mount.isDone() && Thread.getAllStackTraces().values().stream().anyMatch(stack ->
        Arrays.stream(stack).anyMatch(frame -> frame.getClassName().equals(Restores.class.getName()) && frame.getMethodName().equals("await")));
  }

  /** The repository is open, as after some use. */
  private void warmUp() throws Exception {
    beta.storage.volumes().create(DOCKER, from("warm", "nothing@latest"));
  }

  private void demandWaiting() throws VolumeException {
    Until.demand("the restore waits", Host.LONG, () -> beta.storage.volumes().status(DOCKER, ref("db")).activity()
        .filter(activity -> activity.startsWith("restore waits: ")).isPresent());
  }

  @Test
  void aVolumeCanGrowWhileItWaitsForItsData() throws Exception {
    upload(alpha, "db", "one", "first");
    warmUp();
    link.set(Link.State.NO_PACKS);
    beta.storage.volumes().create(DOCKER, from("db", "db@first"));
    beta.storage.volumes().grow(ADMIN, ref("docker/db"), ByteSize.ofMebibytes(256));
    link.set(Link.State.UP);
    Path path = beta.mount("db", "r");
    assertThat(path.resolve("row")).hasContent("one");
    assertThat(Files.getFileStore(path).getTotalSpace()).isGreaterThan(200L << 20);
    beta.unmount("db", "r");
  }

  @Test
  void aVolumeThatWaitsForItsDataCanBeRemovedAndBroughtBack() throws Exception {
    upload(alpha, "db", "one", "first");
    warmUp();
    link.set(Link.State.NO_PACKS);
    Volume volume = beta.storage.volumes().create(DOCKER, from("db", "db@first"));
    demandWaiting();
    beta.storage.volumes().remove(DOCKER, ref("db"));
    assertThat(beta.storage.volumes().find(DOCKER, ref("db"))).isEmpty();
    beta.restart();
    link.set(Link.State.UP);
    assertThat(beta.storage.volumes().undo(DOCKER, ref("db"), Optional.empty()).id()).isEqualTo(volume.id());
    assertThat(content(beta, "db")).isEqualTo("one");
  }

  @Test
  void whereNothingMayBeCreatedARestoreReadsWithoutASessionAndUploadsSayWhyTheyCannot() throws Exception {
    upload(alpha, "db", "one", "first");
    link.set(Link.State.READ_ONLY);
    restored(beta, "db", "alpha/db@first");
    assertThat(content(beta, "db")).isEqualTo("one");
    Job job = beta.storage.uploads().create(DOCKER, ref("db"), Optional.of(new SnapshotName("mine")), SharedStore.NAME).job();
    Job ended = beta.storage.jobs().await(job.id(), Host.LONG).orElseThrow();
    assertThat(ended.state()).isEqualTo(Job.State.FAILED);
    assertThat(ended.error().orElseThrow()).contains("Read-only file system. Mount it writable");
  }

  @Test
  void whatACollectionTookFromAReaderWithoutASessionIsNoSilentLoss() throws Exception {
    upload(alpha, "db", "one", "first");
    warmUp();
    link.set(Link.State.READ_ONLY);
    for (Listing.Entry each : store.list("packs/", Optional.empty(), 1000).objects()) {
      assertThat(store.delete(each.key())).isTrue();
    }
    beta.storage.volumes().create(DOCKER, from("db", "db@first"));
    assertThat(beta.storage.jobs().await(beta.storage.jobs().list().getFirst().id(), Host.LONG).orElseThrow().error().orElseThrow())
        .contains("is lost or cut short").contains("no session could be made, so perhaps a collection deleted it meanwhile");
  }

  @Test
  void aRestoreThatFailsSaysWhyAndIsRunAgain() throws Exception {
    upload(alpha, "db", "one", "first");
    warmUp();
    link.set(Link.State.PACKS_DENIED);
    Volume volume = beta.storage.volumes().create(DOCKER, from("db", "db@first"));
    assertThat(beta.storage.jobs().await(beta.storage.jobs().list().getFirst().id(), Host.LONG).orElseThrow().state())
        .isEqualTo(Job.State.FAILED);
    assertThatThrownBy(() -> beta.mount("db", "r")).isInstanceOf(VolumeException.Unavailable.class)
        .hasMessageContaining("its restore failed").hasMessageContaining("403").hasMessageContaining("moorage volume restore docker/db");
    assertThat(beta.storage.volumes().status(DOCKER, ref("db")).activity().orElseThrow()).contains("403");
    beta.restart();
    assertThatThrownBy(() -> beta.mount("db", "r")).as("still").isInstanceOf(VolumeException.Unavailable.class);
    link.set(Link.State.UP);
    Job job = beta.storage.restores().begin(ADMIN, ref("docker/db"));
    assertThat(beta.storage.jobs().await(job.id(), Host.LONG).orElseThrow().state()).isEqualTo(Job.State.DONE);
    assertThat(content(beta, "db")).isEqualTo("one");
    assertThat(beta.storage.restores().begin(ADMIN, ref("docker/db")).state()).isEqualTo(Job.State.DONE);
    assertThat(beta.storage.volumes().find(DOCKER, ref("db")).orElseThrow().id()).isEqualTo(volume.id());
  }
}
