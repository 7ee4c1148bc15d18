package dev.moorage.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.backend.Attachment;
import dev.moorage.backend.Backends;
import dev.moorage.backend.Origin;
import dev.moorage.backend.VolumeBackend;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.TestDisk;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The catalog over real images on XFS: what the plain backend of the other tests cannot show. */
@Tag("root")
@ExtendWith(LeakCheck.class)
class CatalogOnImagesTest {

  private static final long SIZE = 64L << 20;

  private final TestDisk disk = TestDisk.make(TestDisk.Kind.XFS, ByteSize.ofMebibytes(512));
  private Fixture fixture;
  private Catalog catalog;

  @BeforeEach
  void open() throws Exception {
    fixture = new Fixture(disk.directory());
    reopen();
  }

  @AfterEach
  void close() {
    disk.close();
  }

  private void reopen() throws VolumeException {
    catalog = Catalog.open(fixture.pool, kind -> Backends.open(kind, fixture.pool), Clock.systemUTC());
  }

  private SnapshotDraft draft(Volume volume, String tag) {
    return new SnapshotDraft(SnapshotId.random(), volume.id(), new SnapshotName(tag), Optional.empty());
  }

  @Test
  void everyOperationWorksAndAllIsGoneAtTheEnd() throws Exception {
    Volume a = catalog.create(fixture.draft("a", SIZE), new Origin.Empty());
    Volume b = catalog.create(fixture.draft("b", SIZE), new Origin.Empty());
    List<Snapshot> group = catalog.cut(List.of(draft(a, "both"), draft(b, "both")));
    assertThat(group).allSatisfy(each -> assertThat(each.charged().bytes()).isBetween(1L, SIZE));
    assertThat(catalog.chargedBytes()).isEqualTo(2 * SIZE + group.stream().mapToLong(each -> each.charged().bytes()).sum());
    Volume grown = catalog.grow(a.id(), ByteSize.ofBytes(2 * SIZE));
    catalog.createView(group.getFirst());
    catalog.replaceData(grown, new Origin.CloneOf(catalog.home(group.getFirst())));
    assertThat(catalog.backend(BackendKind.IMAGE).inspect(catalog.home(grown)).size().bytes()).isEqualTo(2 * SIZE);
    reopen();
    assertThat(catalog.problems()).isEmpty();
    catalog.deleteView(group.getFirst().id());
    for (Snapshot each : group) {
      catalog.trash(each.id());
      catalog.purge(each.id());
    }
    for (Volume each : List.of(a, b)) {
      catalog.trash(each.id());
      catalog.purge(each.id());
    }
    assertThat(catalog.chargedBytes()).isZero();
    assertThat(catalog.backend(BackendKind.IMAGE).list()).isEmpty();
    assertThat(fixture.files()).allMatch(file -> file.startsWith("templates/"));
  }

  @Test
  void anAttachedVolumeThatNobodyUsesCanBeDeletedAndOneInUseCannot() throws Exception {
    Volume volume = catalog.create(fixture.draft("a", SIZE), new Origin.Empty());
    VolumeBackend backend = catalog.backend(BackendKind.IMAGE);
    try (Attachment attachment = backend.attach(catalog.home(volume), volume.spec());
        TestMount mount = TestMount.of(attachment.path())) {
      assertThat(mount.directory()).isEmptyDirectory();
      assertThatThrownBy(() -> catalog.trash(volume.id())).isInstanceOf(VolumeException.InUse.class);
    }
    catalog.trash(volume.id());
    catalog.purge(volume.id());
    assertThat(backend.list()).isEmpty();
  }
}
