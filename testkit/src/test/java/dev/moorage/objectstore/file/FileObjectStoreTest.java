package dev.moorage.objectstore.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.objectstore.Version;
import dev.moorage.testkit.objectstore.Lists;
import dev.moorage.testkit.objectstore.Together;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Goal: what is special about a directory: links, foreign files, directories that come and go, clocks, a disk that is gone. */
class FileObjectStoreTest {

  @TempDir
  private Path scratch;

  private Path root;
  private ObjectStore store;

  @BeforeEach
  void open() throws Exception {
    root = Files.createDirectory(scratch.resolve("store"));
    store = FileStores.open(root);
  }

  @AfterEach
  void close() throws Exception {
    store.close();
  }

  @Test
  void anObjectIsAFileAtThePathOfItsKeyThatOnlyTheOwnerReads() throws Exception {
    put("packs/07/x");
    assertThat(root.resolve("packs/07/x")).hasSize(3);
    assertThat(Files.getPosixFilePermissions(root.resolve("packs/07/x"))).hasSize(2);
    assertThat(Files.getPosixFilePermissions(root.resolve("packs"))).hasSize(3);
  }

  @Test
  void whatIsNoObjectIsNotListed() throws Exception {
    put("a/b");
    Files.writeString(root.resolve("a/.hidden"), "x");
    Files.writeString(root.resolve("not a key"), "x");
    Files.createSymbolicLink(root.resolve("link"), root.resolve("a"));
    Files.createDirectory(root.resolve("empty"));
    assertThat(Lists.all(store, "", 10)).containsExactly("a/b");
  }

  @Test
  void symbolicLinksLeadNowhere() throws Exception {
    Path outside = Files.createDirectory(scratch.resolve("outside"));
    Files.writeString(outside.resolve("x"), "secret");
    Files.createSymbolicLink(root.resolve("link"), outside);
    Files.createSymbolicLink(root.resolve("file"), outside.resolve("x"));
    assertThatThrownBy(() -> store.get(key("link/x"))).isInstanceOf(ObjectStoreException.Invalid.class);
    assertThatThrownBy(() -> put("link/y")).isInstanceOf(ObjectStoreException.Invalid.class);
    assertThatThrownBy(() -> store.get(key("file"))).isInstanceOf(ObjectStoreException.NoSuchObject.class);
    assertThat(store.delete(key("file"))).isFalse();
    assertThatThrownBy(() -> put("file")).isInstanceOf(ObjectStoreException.Invalid.class);
    assertThat(outside.resolve("x")).hasContent("secret");
  }

  @Test
  void noObjectLiesBelowAnother() throws Exception {
    put("a/b");
    assertThatThrownBy(() -> put("a")).isInstanceOf(ObjectStoreException.Invalid.class);
    assertThatThrownBy(() -> put("a/b/c")).isInstanceOf(ObjectStoreException.Invalid.class);
    assertThat(store.head(key("a/b/c"))).isEmpty();
    assertThat(store.head(key("a"))).isEmpty();
    assertThat(store.delete(key("a"))).isFalse();
  }

  @Test
  void emptyDirectoriesGoWithTheirLastObject() throws Exception {
    put("a/b/c");
    put("a/d");
    store.delete(key("a/b/c"));
    assertThat(root.resolve("a/b")).doesNotExist();
    store.delete(key("a/d"));
    assertThat(root.resolve("a")).doesNotExist();
  }

  @Test
  void writersAndDeletersOfOneDirectoryDoNotDisturbEachOther() throws Exception {
    Together.run(6, number -> {
      for (int i = 0; i < 200; i++) {
        ObjectKey key = key("deep/er/" + number);
        assertThat(store.putIfAbsent(key, Content.of(new byte[3]))).isPresent();
        assertThat(store.delete(key)).isTrue();
      }
      return number;
    });
    assertThat(root.resolve("deep")).doesNotExist();
  }

  @Test
  void storesThatAreOpenedAtOnceDoNotSweepAwayWhatTheOthersJustMake() throws Exception {
    Together.run(8, number -> {
      for (int i = 0; i < 100; i++) {
        try (ObjectStore one = FileStores.open(root)) {
          assertThat(one.putIfAbsent(key("made/" + number + "/" + i), Content.of(new byte[3]))).isPresent();
        }
      }
      return number;
    });
    assertThat(Lists.all(store, "made/", 1000)).hasSize(800);
  }

  @Test
  void aVersionChangesAlsoWhenTheClockWentBack() throws Exception {
    Version first = put("a");
    Files.setLastModifiedTime(root.resolve("a"), FileTime.from(Instant.parse("2099-01-01T00:00:00Z")));
    Version future = store.head(key("a")).orElseThrow().version();
    assertThat(future).isNotEqualTo(first);
    assertThat(store.replaceIfMatch(key("a"), first, Content.of(new byte[3]))).isEmpty();
    Version second = store.replaceIfMatch(key("a"), future, Content.of(new byte[3])).orElseThrow();
    assertThat(second).isNotEqualTo(future).isEqualTo(store.head(key("a")).orElseThrow().version());
    assertThat(store.head(key("a")).orElseThrow().lastModified()).isAfter(Instant.parse("2099-01-01T00:00:00Z"));
  }

  @Test
  void aDirectoryThatWasTakenAwayIsNotAnEmptyStore() throws Exception {
    put("a");
    Files.move(root, scratch.resolve("unmounted"));
    assertThatThrownBy(() -> store.head(key("a"))).isInstanceOf(ObjectStoreException.Unavailable.class);
    Files.createDirectory(root);
    assertThatThrownBy(() -> Lists.all(store, "", 10)).isInstanceOf(ObjectStoreException.Unavailable.class)
        .hasMessageContaining("Mount what belongs there");
    assertThatThrownBy(() -> put("b")).isInstanceOf(ObjectStoreException.Unavailable.class);
    Files.delete(root);
    Files.move(scratch.resolve("unmounted"), root);
  }

  @Test
  void largeRangesAreReadExactlyWhereverTheyBeginAndEnd() throws Exception {
    byte[] content = new byte[(5 << 20) + 777];
    new Random(1).nextBytes(content);
    store.putIfAbsent(key("large"), Content.of(content));
    Random random = new Random(2);
    for (int i = 0; i < 100; i++) {
      int offset = i < 5 ? 4096 * i : random.nextInt(4 << 20);
      int length = i % 3 == 0 ? content.length - offset : (1 << 20) + random.nextInt(content.length - offset - (1 << 20));
      try (ObjectStream in = store.getRange(key("large"), offset, length)) {
        int skipped = random.nextInt(length);
        in.skipNBytes(skipped);
        assertThat(in.readNBytes(random.nextInt(1 << 20))).isEqualTo(part(content, offset + skipped, offset + length, in.available()));
        byte[] rest = in.readAllBytes();
        assertThat(rest).isEqualTo(Arrays.copyOfRange(content, offset + length - rest.length, offset + length));
        assertThat(in.read()).isEqualTo(-1);
      }
    }
    try (ObjectStream in = store.get(key("large"))) {
      assertThat(in.readAllBytes()).isEqualTo(content);
    }
  }

  /** What was read of a range when so much of it is left. */
  private static byte[] part(byte[] content, int begin, int end, int left) {
    return Arrays.copyOfRange(content, begin, end - left);
  }

  @Test
  void aLargeObjectThatIsCutWhileItIsReadIsNoEndOfTheStream() throws Exception {
    store.putIfAbsent(key("large"), Content.of(new byte[3 << 20]));
    for (int left : new int[] {(2 << 20) + 5, 1 << 20, 100}) {
      try (ObjectStream in = store.get(key("large")); FileChannel file = FileChannel.open(root.resolve("large"), StandardOpenOption.WRITE)) {
        in.skipNBytes(10);
        file.truncate(left);
        assertThatThrownBy(in::readAllBytes).isInstanceOf(ObjectStoreException.class);
        file.write(ByteBuffer.wrap(new byte[1]), (3 << 20) - 1);
      }
    }
  }

  private Version put(String key) throws ObjectStoreException {
    return store.putIfAbsent(key(key), Content.of(new byte[3])).orElseThrow();
  }

  private static ObjectKey key(String key) {
    return new ObjectKey(key);
  }
}
