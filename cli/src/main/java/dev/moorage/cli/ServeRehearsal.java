package dev.moorage.cli;

import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.file.FileStores;
import dev.moorage.repository.Repository;
import dev.moorage.repository.Upload;
import dev.moorage.repository.backup.BackupStats;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.key.KeyFile;
import dev.moorage.repository.restore.Restore;
import dev.moorage.storage.CreateRepository;
import dev.moorage.volume.Owner;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.VolumeId;
import dev.moorage.volume.VolumeName;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Brings an image to a repository and back, and then serves. The build lets it run while the Java machine notes what is loaded and how it is
 * used, so that the first restore of a host, which is the one that matters, need not find out what to compile.
 */
final class ServeRehearsal {

  private static final int PIECE_BYTES = 1 << 20;
  private static final int PIECES = 192;
  private static final int ROUNDS = 3;

  private ServeRehearsal() {}

  public static void main(String[] arguments) throws IOException {
    Path directory = Files.createTempDirectory("mo");
    Path image = image(directory.resolve("image"));
    for (int round = 0; round < ROUNDS; round++) {
      backAndForth(Files.createDirectory(directory.resolve("store-" + round)), image);
    }
    Main.main(arguments);
  }

  /** As volumes are: some of it compresses well, some does not, some is zeros. */
  private static Path image(Path image) throws IOException {
    Random random = new Random(1);
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      byte[] piece = new byte[PIECE_BYTES];
      for (int i = 0; i < PIECES; i++) {
        random.nextBytes(piece);
        for (int at = 0; i % 2 == 0 && at < piece.length; at++) {
          piece[at] = (byte) (piece[at] & 0x0f);
        }
        file.seek((long) PIECE_BYTES * (i + i / 16));
        file.write(piece);
      }
    }
    return image;
  }

  private static void backAndForth(Path directory, Path image) throws IOException {
    VolumeId volume = VolumeId.random();
    KeyFile key = new KeyFile(new byte[KeyFile.BYTES_MIN]);
    SnapshotEntry.Origin origin = new SnapshotEntry.Origin(PoolId.random(), "host", Owner.DOCKER, new VolumeName("db"),
        new SnapshotName("first"), volume, Optional.empty());
    try (ObjectStore store = FileStores.open(directory);
        Repository repository = Repository.create(store, new Repository.Creation(CreateRepository.BLOCK_BYTES, key, ""), Clock.systemUTC())
            .repository()) {
      Upload upload = new Upload(SnapshotId.random(), volume, origin, Clock.systemUTC().instant(), Map.of(), image, Optional.empty(),
          Upload.Sharing.OWN, false, 0, List.of(), directory.resolveSibling("spool"));
      if (repository.upload(upload, _ -> { }, new BackupStats()) instanceof Upload.Outcome.Committed(SnapshotEntry entry)) {
        Path target = Files.createFile(directory.resolve("restored"));
        try (RandomAccessFile file = new RandomAccessFile(target.toFile(), "rw")) {
          file.setLength(entry.size());
        }
        repository.restore(entry.seat(), target, directory.resolve("journal"), "host", new Restore.Settings(8, false, _ -> { }));
      }
    }
  }
}
