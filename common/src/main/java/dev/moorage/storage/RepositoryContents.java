package dev.moorage.storage;

import dev.moorage.repository.Inventory;
import dev.moorage.repository.Repository;
import dev.moorage.repository.RepositoryHeader;
import dev.moorage.repository.SoleWriter;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.key.KeySlot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a repository holds. Costs a request for each snapshot and for each thousand packs.
 *
 * @param writer the host that alone may write, when one was declared
 * @param unread entries of histories that are damaged
 * @param packs how many objects with content there are, and what they take, also what a collection would delete
 */
public record RepositoryContents(
    RepositoryHeader header, Optional<SoleWriter> writer, List<KeySlot> keys, List<OfVolume> volumes, List<Inventory.Unread> unread,
    Repository.Packs packs) {

  public RepositoryContents {
    keys = List.copyOf(keys);
    volumes = List.copyOf(volumes);
    unread = List.copyOf(unread);
  }

  /**
   * What it has of one volume.
   *
   * @param newest the newest snapshot
   * @param snapshots how many can be restored
   * @param addedBytes what their uploads added, as it is stored
   */
  public record OfVolume(SnapshotEntry newest, int snapshots, long addedBytes) {}

  /** Reads all of it. */
  public static RepositoryContents of(Repository repository) throws IOException {
    Map<Object, List<SnapshotEntry>> byVolume = new LinkedHashMap<>();
    Inventory inventory = repository.inventory();
    for (SnapshotEntry entry : inventory.snapshots()) {
      byVolume.computeIfAbsent(entry.seat().volume(), _ -> new ArrayList<>()).add(entry);
    }
    List<OfVolume> volumes = byVolume.values().stream()
        .map(entries -> new OfVolume(entries.getFirst(), entries.size(), entries.stream().mapToLong(RepositoryContents::addedBytes).sum()))
        .toList();
    return new RepositoryContents(repository.header(), repository.writer(), repository.slots().list(), volumes, inventory.unread(),
        repository.packs());
  }

  /** What the upload of a snapshot added to the repository, without maps. Forgetting it frees what no other snapshot came to share. */
  public static long addedBytes(SnapshotEntry entry) {
    return entry.figures().getOrDefault("bytesSealed", 0L);
  }
}
