package dev.moorage.testkit.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.backend.BackendFeature;
import dev.moorage.backend.Home;
import dev.moorage.backend.Origin;
import dev.moorage.linux.FileOps;
import dev.moorage.linux.ProjectQuota;
import dev.moorage.testkit.ContainerWrite;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.TestDisk;
import dev.moorage.testkit.Until;
import dev.moorage.volume.Access;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.FilesystemType;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The directory backend where project quota is enforced: it keeps the contract, and its volumes keep to their sizes. */
@Tag("guest")
class DirectoryQuotaTest {

  private static final ByteSize SIZE = ByteSize.ofMebibytes(32);
  private static final VolumeSpec SPEC = new VolumeSpec(SIZE, BackendKind.DIRECTORY, Access.FILESYSTEM, FilesystemType.EXT4, false);
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String FULL = "(?s).*(No space left on device|Disk quota exceeded).*";

  private static BackendFixture on(TestDisk.Kind kind) {
    return BackendFixture.plain(TestDisk.withProjectQuota(kind, ByteSize.ofMebibytes(1024)), SPEC);
  }

  @Nested
  class Contract extends VolumeBackendContract {
    @Override
    protected BackendFixture open() {
      return on(TestDisk.Kind.XFS);
    }
  }

  @Nested
  class OnXfs extends Held {
    OnXfs() {
      super(TestDisk.Kind.XFS);
    }
  }

  @Nested
  class OnExt4 extends Held {
    OnExt4() {
      super(TestDisk.Kind.EXT4);
    }
  }

  /** What an enforced size means. */
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  @ExtendWith(LeakCheck.class)
  abstract static class Held {

    private final TestDisk.Kind kind;
    private @Nullable BackendFixture fixture;

    Held(TestDisk.Kind kind) {
      this.kind = kind;
    }

    private BackendFixture fixture() {
      return Objects.requireNonNull(fixture, "BUG: not opened");
    }

    @BeforeAll
    void openFixture() {
      fixture = on(kind);
    }

    @AfterEach
    void clearFixture() throws IOException, VolumeException {
      fixture().clear();
    }

    @AfterAll
    void closeFixture() throws VolumeException {
      fixture().close();
    }

    private static Path data(Home home) {
      return home.directory().resolve("data");
    }

    private static void demandThatItIsHeld(Home home) throws Exception {
      ContainerWrite.zeros(data(home).resolve("fits"), 20);
      assertThatThrownBy(() -> ContainerWrite.zeros(data(home).resolve("does not"), 20)).hasMessageMatching(FULL);
    }

    @Test
    void hardSizesArePromised() {
      assertThat(fixture().backend().profile().features())
          .containsExactlyInAnyOrder(BackendFeature.HARD_CAPACITY, BackendFeature.GROW_ONLINE);
    }

    @Test
    void aVolumeNeverHoldsMoreThanItsSizeUntilItIsGrown() throws Exception {
      Home home = fixture().volume();
      Home other = fixture().volume();
      demandThatItIsHeld(home);
      long used = fixture().backend().inspect(home).allocated();
      assertThat(used).isBetween(ByteSize.ofMebibytes(30).bytes(), SIZE.bytes());
      ContainerWrite.zeros(data(other).resolve("not held by its neighbour"), 20);
      fixture().backend().grow(home, fixture().larger(SIZE));
      ContainerWrite.zeros(data(home).resolve("does not"), 40);
      assertThat(fixture().backend().inspect(home).size()).isEqualTo(SIZE.plus(SIZE));
      assertThat(fixture().backend().inspect(home).allocated()).isBetween(ByteSize.ofMebibytes(60).bytes(), 2 * SIZE.bytes());
    }

    @Test
    void aVolumeGrowsWhileItIsWritten() throws Exception {
      Home home = fixture().volume();
      try (Consumer consumer = fixture().use(home);
          Writer writer = Writer.start(consumer, consumer)) {
        for (int times = 1; times <= 4; times++) {
          writer.awaitMore();
          fixture().backend().grow(home, fixture().larger(ByteSize.ofMebibytes(16L * times)));
          assertThat(FileOps.space(consumer.path()).total()).isEqualTo(SIZE.plus(ByteSize.ofMebibytes(16L * times)).bytes());
        }
        writer.awaitMore();
      }
    }

    @Test
    void aVolumeNeverShrinks() throws Exception {
      Home home = fixture().volume();
      VolumeSpec smaller = SPEC.withSize(ByteSize.ofMebibytes(16));
      assertThatThrownBy(() -> fixture().backend().grow(home, smaller)).isInstanceOf(VolumeException.OutOfRange.class);
      assertThat(fixture().backend().inspect(home).size()).isEqualTo(SIZE);
    }

    @Test
    void whatIsUsedIsWhatTheKernelCounts() throws Exception {
      Home home = fixture().volume();
      long before = fixture().backend().inspect(home).allocated();
      Path file = data(home).resolve("file");
      ContainerWrite.zeros(file, 16);
      assertThat(fixture().backend().inspect(home).allocated() - before).isBetween(16L << 20, 17L << 20);
      Files.delete(file);
      // XFS frees what was deleted behind the deleter's back.
      Until.demand("the deleted bytes are not counted any more", SOON, () -> fixture().backend().inspect(home).allocated() < 1L << 20);
    }

    @Test
    void theUserSeesTheVolumesSizeNotTheDisks() throws Exception {
      Home home = fixture().volume();
      assertThat(FileOps.space(data(home)).total()).isEqualTo(SIZE.bytes());
      ContainerWrite.zeros(data(home).resolve("file"), 16);
      assertThat(FileOps.space(data(home)).free()).isBetween(15L << 20, 16L << 20);
    }

    @Test
    void aRemovedVolumeFreesItsProject() throws Exception {
      Home home = fixture().volume();
      int project = ProjectQuota.projectOf(data(home));
      assertThat(project).isPositive();
      ContainerWrite.zeros(data(home).resolve("file"), 4);
      fixture().backend().delete(home);
      Until.demand("nothing is left of the project", SOON,
          () -> ProjectQuota.usage(home.directory(), project).equals(new ProjectQuota.Usage(0, 0, 0)));
    }

    @Test
    void noTwoVolumesAreOneProject() throws Exception {
      assertThat(ProjectQuota.projectOf(data(fixture().volume()))).isNotEqualTo(ProjectQuota.projectOf(data(fixture().volume())));
    }

    @Test
    void aVolumeMadeAnewIsHeld() throws Exception {
      Home home = fixture().volume();
      ContainerWrite.zeros(data(home).resolve("file"), 20);
      fixture().backend().create(home, SPEC, new Origin.Empty());
      demandThatItIsHeld(home);
    }

    @Test
    void aCopyIsHeldToItsOwnSize() throws Exception {
      Home source = fixture().volume();
      ContainerWrite.zeros(data(source).resolve("file"), 20);
      Home copy = fixture().make(fixture().larger(ByteSize.ofMebibytes(20)), new Origin.CopyOf(source, _ -> {}));
      assertThat(data(copy).resolve("file")).hasSize(20L << 20);
      demandThatItIsHeld(copy);
      assertThat(fixture().backend().inspect(source).allocated()).isLessThan(21L << 20);
    }

    @Test
    void aVolumeThatComesBackFromTheTrashIsHeld() throws Exception {
      Home trashed = fixture().move(fixture().volume(), fixture().pool().layout().trash());
      demandThatItIsHeld(fixture().move(trashed, fixture().pool().layout().volumes()));
    }
  }
}
