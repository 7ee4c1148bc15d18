package dev.moorage.testkit.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.Listing;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.process.Command;
import dev.moorage.repository.Repository;
import dev.moorage.repository.Upload;
import dev.moorage.repository.backup.BackupStats;
import dev.moorage.repository.gc.CollectionProgress;
import dev.moorage.repository.gc.CollectionReport;
import dev.moorage.repository.gc.CollectionSettings;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.key.KeyFile;
import dev.moorage.repository.key.UnlockSecret;
import dev.moorage.repository.restore.Restore;
import dev.moorage.testkit.TestDisk;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.Owner;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.VolumeId;
import dev.moorage.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a store must hold that two credentials were made for: that of a node, which backs up, restores and forgets, and with which nothing
 * can be destroyed; and that of maintenance, which collects. Extend it for each store that keeps such rights.
 */
public abstract class TwoCredentialsContract {

  private static final UnlockSecret SECRET = new KeyFile(new byte[KeyFile.BYTES_MIN]);
  private static final int IMAGE_BYTES = 3 << 20;

  protected Repository node;
  protected Repository maintenance;
  protected ObjectStore nodeStore;

  private final Random random = new Random(11);
  private TestDisk disk;

  /** The store as a node sees it. */
  protected abstract ObjectStore openAsNode() throws Exception;

  /** The same place as maintenance sees it. */
  protected abstract ObjectStore openAsMaintenance() throws Exception;

  /** Whether a node's attempt to replace what is stored is refused; where not, the store must keep the older versions. */
  protected abstract boolean refusesOverwriting();

  /** Demands that the node deletes nothing when it collects, and is told why. */
  protected abstract void demandThatNodeCannotCollect() throws Exception;

  @BeforeEach
  final void makeRepository() throws Exception {
    disk = TestDisk.make(TestDisk.Kind.XFS, ByteSize.parse("512M"));
    maintenance = Repository.create(openAsMaintenance(), new Repository.Creation(16 << 10, SECRET, "test"), Clock.systemUTC()).repository();
    nodeStore = openAsNode();
    node = Repository.open(nodeStore, SECRET, Clock.systemUTC());
  }

  @AfterEach
  final void closeRepository() throws Exception {
    try (TestDisk _ = disk; Repository _ = node; Repository _ = maintenance) {
      assertThat(node).as("all is closed in any case").isNotNull();
    }
  }

  /** A snapshot and what it must restore to. */
  public record Stored(SnapshotEntry entry, Path image) {}

  /** Stores a snapshot of a volume of its own, with bytes that nothing else has. */
  protected final Stored store(Repository repository, String volume) throws IOException {
    byte[] bytes = new byte[IMAGE_BYTES];
    random.nextBytes(bytes);
    Path image = Files.write(disk.directory().resolve(volume), bytes);
    VolumeId id = VolumeId.random();
    SnapshotEntry.Origin origin = new SnapshotEntry.Origin(PoolId.random(), "node", new Owner("docker"), new VolumeName(volume),
        new SnapshotName("cut"), id, Optional.empty());
    Upload upload = new Upload(SnapshotId.random(), id, origin, Instant.now(), Map.of("filesystem", "ext4"), image, Optional.empty(),
        Upload.Sharing.OWN, false, 0, List.of(), disk.directory().resolve("spool-" + volume));
    if (repository.upload(upload, _ -> { }, new BackupStats()) instanceof Upload.Outcome.Committed(SnapshotEntry entry)) {
      return new Stored(entry, image);
    }
    throw new AssertionError("nobody else writes here");
  }

  protected final void demandRestores(Repository repository, Stored stored) throws IOException {
    Path target = Files.createTempFile(disk.directory(), "restored", "");
    Command.of("truncate", "-s", Long.toString(stored.entry().size()), target.toString()).run();
    repository.restore(stored.entry().seat(), target, target.resolveSibling(target.getFileName() + ".journal"), "node",
        new Restore.Settings(4, true, _ -> { }));
    assertThat(Files.mismatch(target, stored.image())).isEqualTo(-1);
  }

  /** Deletes what nobody needs. */
  protected static CollectionReport collect(Repository repository) throws IOException {
    return repository.collect(CollectionSettings.of("test"), CollectionProgress.NONE);
  }

  /** All keys with that beginning. */
  protected final List<ObjectKey> keys(String prefix) throws ObjectStoreException {
    return nodeStore.list(prefix, Optional.empty(), ObjectStore.LIST_LIMIT_MAX).objects().stream().map(Listing.Entry::key).toList();
  }

  @Test
  void aNodeDoesItsWorkButDestroysNothingAndMaintenanceCollects() throws Exception {
    Stored kept = store(node, "kept");
    Stored forgotten = store(node, "forgotten");
    demandRestores(node, kept);
    node.history().forget(forgotten.entry().seat(), "node");
    List<ObjectKey> all = keys("");
    for (ObjectKey key : all) {
      assertThatThrownBy(() -> nodeStore.delete(key)).as("delete %s", key).isInstanceOf(ObjectStoreException.Denied.class);
    }
    if (refusesOverwriting()) {
      demandThatNothingIsOverwritten(all);
    }
    int packs = keys("packs/").size();
    demandThatNodeCannotCollect();
    assertThat(keys("packs/")).hasSize(packs);
    assertThat(keys("")).containsAll(all);
    assertThat(collect(maintenance).deleted().packs()).isPositive();
    assertThat(keys("packs/")).hasSizeLessThan(packs);
    demandRestores(node, kept);
    demandRestores(node, store(node, "later"));
  }

  private void demandThatNothingIsOverwritten(List<ObjectKey> all) throws ObjectStoreException {
    List<ObjectKey> tried = new ArrayList<>();
    for (ObjectKey key : all) {
      var version = nodeStore.head(key).orElseThrow().version();
      assertThatThrownBy(() -> nodeStore.replaceIfMatch(key, version, Content.of(new byte[] {1}))).as("overwrite %s", key)
          .isInstanceOf(ObjectStoreException.Denied.class);
      tried.add(key);
    }
    assertThat(tried).isNotEmpty();
  }
}
