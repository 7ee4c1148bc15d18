package dev.moorage.objectstore.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.linux.FileOps;
import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.testkit.TestDisk;
import dev.moorage.volume.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Goal: where the store and a spooled file are on one filesystem that can share blocks, the bytes are written once. */
@Tag("root")
class SharedDraftsTest {

  private static final ObjectKey KEY = new ObjectKey("packs/x");

  @TempDir
  private Path elsewhere;

  private TestDisk disk;
  private ObjectStore store;
  private Path root;

  @BeforeEach
  void open() throws Exception {
    disk = TestDisk.make(TestDisk.Kind.XFS, ByteSize.ofMebibytes(320));
    root = Files.createDirectory(disk.directory().resolve("store"));
    store = FileStores.open(root);
  }

  @AfterEach
  void close() throws Exception {
    store.close();
    disk.close();
  }

  private static Path spooled(Path directory) throws IOException {
    byte[] bytes = new byte[1_000_003];
    new Random(7).nextBytes(bytes);
    return Files.write(directory.resolve("spooled"), bytes);
  }

  @Test
  void aSpooledFileIsStoredAsTheSameBlocksAndOutlivesTheFile() throws Exception {
    Path file = spooled(disk.directory());
    byte[] bytes = Files.readAllBytes(file);
    store.putIfAbsent(KEY, Content.of(file, 0, bytes.length));
    assertThat(FileOps.extents(root.resolve(KEY.value())).getFirst().physical()).isEqualTo(FileOps.extents(file).getFirst().physical());
    Files.delete(file);
    assertThat(root.resolve(KEY.value())).hasBinaryContent(bytes);
    assertThat(Files.getPosixFilePermissions(root.resolve(KEY.value()))).hasSize(2);
  }

  @Test
  void aPartOfAFileAndAFileOfAnotherFilesystemAreCopied() throws Exception {
    Path near = spooled(disk.directory());
    Path far = spooled(elsewhere);
    byte[] bytes = Files.readAllBytes(far);
    store.putIfAbsent(KEY, Content.of(far, 0, bytes.length));
    store.putIfAbsent(new ObjectKey("packs/part"), Content.of(near, 4096, 8192));
    assertThat(root.resolve(KEY.value())).hasBinaryContent(bytes);
    assertThat(Files.size(root.resolve("packs/part"))).isEqualTo(8192);
  }

  @Test
  void aFileThatChangedSinceItsChecksumWasTakenIsRefused() throws Exception {
    Path file = spooled(disk.directory());
    Content content = Content.of(file, 0, Files.size(file));
    byte[] other = Files.readAllBytes(file);
    other[500_000] ^= 1;
    Files.write(file, other);
    assertThatThrownBy(() -> store.putIfAbsent(KEY, content)).isInstanceOf(ObjectStoreException.Corrupt.class);
    assertThat(store.head(KEY)).isEmpty();
    try (var left = Files.walk(root)) {
      assertThat(left.filter(each -> Files.isRegularFile(each) && !each.endsWith("lock"))).isEmpty();
    }
  }
}
