package dev.moorage.testkit.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.ObjectHead;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.objectstore.ProbeReport;
import dev.moorage.objectstore.Version;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the Javadoc of {@link ObjectStore} says, as tests; every store and every decorator runs it. */
public abstract class ObjectStoreContract {

  /** How many threads do the same at once. */
  protected static final int RIVALS = 8;

  @TempDir
  protected Path scratch;

  protected ObjectStore store;

  /** Opens a store that is empty at first; opened once more within one test, it is the same one seen by another client. */
  protected abstract ObjectStore open() throws Exception;

  @BeforeEach
  final void openStore() throws Exception {
    store = open();
  }

  @AfterEach
  final void closeStore() throws Exception {
    store.close();
  }

  /** Whether a delete tells that there was nothing. */
  protected boolean deleteTells() {
    return true;
  }

  /** Whether a second create of the very same bytes is always refused. */
  protected boolean tellsItsOwnWrites() {
    return true;
  }

  @Test
  protected void anObjectIsReadAsItWasWritten() throws Exception {
    for (int length : new int[] {0, 1, 1000, 65_537, 5_000_001}) {
      byte[] bytes = random(length, length);
      ObjectKey key = new ObjectKey("sizes/" + length);
      assertThat(store.putIfAbsent(key, Content.of(bytes))).isPresent();
      try (ObjectStream in = store.get(key)) {
        assertThat(in.length()).isEqualTo(length);
        assertThat(in.readAllBytes()).isEqualTo(bytes);
        assertThat(in.read()).isEqualTo(-1);
      }
    }
  }

  @Test
  protected void contentMayLieInSeveralBuffersAndInAFile() throws Exception {
    byte[] bytes = random(1, 200_000);
    Path file = Files.write(scratch.resolve("content"), bytes);
    ByteBuffer direct = ByteBuffer.allocateDirect(100_000).put(bytes, 100_000, 100_000).flip();
    put("buffers", Content.of(List.of(ByteBuffer.wrap(bytes, 10, 99_990), direct)));
    put("file", Content.of(file, 10, 199_990));
    byte[] expected = Arrays.copyOfRange(bytes, 10, bytes.length);
    assertThat(read("buffers")).isEqualTo(expected);
    assertThat(read("file")).isEqualTo(expected);
  }

  @Test
  protected void contentThatDoesNotFitItsChecksumIsNotStored() throws Exception {
    Path file = Files.write(scratch.resolve("content"), random(1, 100_000));
    ObjectKey key = new ObjectKey("broken");
    assertThatThrownBy(() -> store.putIfAbsent(key, Content.of(file, 0, 100_000, 12345)))
        .isInstanceOf(ObjectStoreException.Corrupt.class).hasMessageContaining("broken");
    assertThat(store.head(key)).isEmpty();
    Version version = put("broken", text("whole"));
    assertThatThrownBy(() -> store.replaceIfMatch(key, version, Content.of(file, 0, 100_000, 12345)))
        .isInstanceOf(ObjectStoreException.Corrupt.class);
    assertThat(readText("broken")).isEqualTo("whole");
  }

  @Test
  protected void contentThatEndsTooEarlyIsNotStored() throws Exception {
    Path file = Files.write(scratch.resolve("content"), random(1, 1000));
    assertThatThrownBy(() -> store.putIfAbsent(new ObjectKey("short"), Content.of(file, 0, 2000, 0)))
        .isInstanceOf(ObjectStoreException.class);
    assertThat(store.head(new ObjectKey("short"))).isEmpty();
  }

  @Test
  protected void aSecondCreateIsRefusedAndChangesNothing() throws Exception {
    Version version = put("key", text("first"));
    assertThat(store.putIfAbsent(new ObjectKey("key"), text("second"))).isEmpty();
    if (tellsItsOwnWrites()) {
      assertThat(store.putIfAbsent(new ObjectKey("key"), text("first"))).isEmpty();
    }
    assertThat(readText("key")).isEqualTo("first");
    assertThat(head("key").version()).isEqualTo(version);
  }

  @Test
  protected void ofManyCreatorsOneWins() throws Exception {
    try (ObjectStore other = open()) {
      for (int round = 0; round < 5; round++) {
        ObjectKey key = new ObjectKey("race/" + round);
        List<Optional<Version>> results = Together.run(RIVALS,
            rival -> (rival % 2 == 0 ? store : other).putIfAbsent(key, text("rival " + rival)));
        List<Integer> winners = winners(results);
        assertThat(winners).hasSize(1);
        assertThat(readText(key.value())).isEqualTo("rival " + winners.getFirst());
      }
    }
  }

  @Test
  protected void aReplaceWantsTheVersionThatIsThere() throws Exception {
    ObjectKey key = new ObjectKey("mutable/one");
    Version first = put(key.value(), text("first"));
    Version second = store.replaceIfMatch(key, first, text("second")).orElseThrow();
    assertThat(second).isNotEqualTo(first);
    assertThat(head(key.value()).version()).isEqualTo(second);
    assertThat(store.replaceIfMatch(key, first, text("third"))).isEmpty();
    assertThat(readText(key.value())).isEqualTo("second");
    store.delete(key);
    assertThat(store.replaceIfMatch(key, second, text("fourth"))).isEmpty();
    assertThat(store.head(key)).isEmpty();
  }

  @Test
  protected void aStreamTellsTheVersionOfWhatItReads() throws Exception {
    ObjectKey key = new ObjectKey("key");
    Version first = put("key", text("first"));
    try (ObjectStream whole = store.get(key); ObjectStream part = store.getRange(key, 1, 2)) {
      assertThat(whole.version()).isEqualTo(first);
      assertThat(part.version()).isEqualTo(first);
    }
    Version second = store.replaceIfMatch(key, first, text("second")).orElseThrow();
    try (ObjectStream whole = store.get(key)) {
      assertThat(whole.version()).isEqualTo(second);
    }
  }

  @Test
  protected void ofManySwappersNoneIsLost() throws Exception {
    ObjectKey key = new ObjectKey("counter");
    put("counter", text("0 by nobody"));
    int each = 5;
    try (ObjectStore other = open()) {
      Together.run(RIVALS, rival -> {
        for (int i = 0; i < each; i++) {
          increment(rival % 2 == 0 ? store : other, key, " by " + rival);
        }
        return rival;
      });
    }
    String counter = readText("counter");
    int counted = Integer.parseInt(counter.substring(0, counter.indexOf(' ')));
    // A swap whose answer was lost, and which a rival has swapped again since, looks like one that was refused: it is made once more.
    assertThat(counted).isBetween(RIVALS * each, tellsItsOwnWrites() ? RIVALS * each : 2 * RIVALS * each);
  }

  /** What is written says who wrote it, so that two writers never write the same. */
  private static void increment(ObjectStore store, ObjectKey key, String signature) throws IOException {
    boolean done = false;
    while (!done) {
      try (ObjectStream in = store.get(key)) {
        String seen = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        int value = Integer.parseInt(seen.substring(0, seen.indexOf(' ')));
        done = store.replaceIfMatch(key, in.version(), text(value + 1 + signature)).isPresent();
      }
    }
  }

  @Test
  protected void aReaderSeesOneVersionWhileTheObjectIsReplaced() throws Exception {
    ObjectKey key = new ObjectKey("swapped");
    Version first = put("swapped", uniform(0));
    AtomicBoolean stop = new AtomicBoolean();
    Together.run(3, rival -> {
      Version version = first;
      if (rival == 0) {
        for (int i = 1; i <= 20; i++) {
          version = store.replaceIfMatch(key, version, uniform(i)).orElseThrow();
        }
        stop.set(true);
      }
      while (!stop.get()) {
        byte[] seen = read("swapped");
        assertThat(seen).containsOnly(seen[0]);
      }
      return rival;
    });
  }

  @Test
  protected void theHeadTellsSizeAndTimeOfTheStore() throws Exception {
    assertThat(store.head(new ObjectKey("head/none"))).isEmpty();
    Version version = put("head/one", Content.of(new byte[4321]));
    ObjectHead head = head("head/one");
    assertThat(head.size()).isEqualTo(4321);
    assertThat(head.version()).isEqualTo(version);
    assertThat(head.lastModified()).isBetween(Instant.now().minus(Duration.ofMinutes(10)), Instant.now().plus(Duration.ofMinutes(10)));
  }

  @Test
  protected void whatIsNotThereCannotBeRead() {
    assertThatThrownBy(() -> store.get(new ObjectKey("none/here"))).isInstanceOf(ObjectStoreException.NoSuchObject.class)
        .hasMessageContaining("none/here");
    assertThatThrownBy(() -> store.getRange(new ObjectKey("none/here"), 0, 1))
        .isInstanceOf(ObjectStoreException.NoSuchObject.class);
  }

  @Test
  protected void rangesAreReadExactly() throws Exception {
    byte[] bytes = random(7, 300_000);
    put("ranges", Content.of(bytes));
    for (int[] range : new int[][] {{0, 1}, {0, 300_000}, {299_999, 1}, {100, 65_536}, {123_456, 100_000}}) {
      try (ObjectStream in = store.getRange(new ObjectKey("ranges"), range[0], range[1])) {
        assertThat(in.length()).isEqualTo(range[1]);
        assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, range[0], range[0] + range[1]));
      }
    }
  }

  @Test
  protected void aRangeThatIsNotWithinTheObjectIsRefused() throws Exception {
    ObjectKey key = new ObjectKey("ranges");
    put("ranges", Content.of(new byte[100]));
    put("empty", Content.of(new byte[0]));
    for (int[] range : new int[][] {{100, 1}, {99, 2}, {0, 101}, {5000, 10}}) {
      assertThatThrownBy(() -> store.getRange(key, range[0], range[1])).isInstanceOf(ObjectStoreException.InvalidRange.class);
    }
    assertThatThrownBy(() -> store.getRange(new ObjectKey("empty"), 0, 1)).isInstanceOf(ObjectStoreException.InvalidRange.class);
    assertThatThrownBy(() -> store.getRange(key, -1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.getRange(key, 0, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  protected void aStreamMayBeClosedBeforeItsEnd() throws Exception {
    put("large", Content.of(random(3, 3_000_000)));
    for (int i = 0; i < 20; i++) {
      try (ObjectStream in = store.get(new ObjectKey("large"))) {
        assertThat(in.readNBytes(10)).hasSize(10);
      }
    }
    assertThat(read("large")).hasSize(3_000_000);
  }

  @Test
  protected void aDeletedObjectIsGoneAndItsKeyFree() throws Exception {
    ObjectKey key = new ObjectKey("doomed/one");
    put(key.value(), text("first"));
    assertThat(store.delete(key)).isTrue();
    assertThat(store.head(key)).isEmpty();
    assertThatThrownBy(() -> store.get(key)).isInstanceOf(ObjectStoreException.NoSuchObject.class);
    assertThat(store.delete(key) && deleteTells()).isFalse();
    put(key.value(), text("second"));
    assertThat(readText(key.value())).isEqualTo("second");
  }

  @Test
  protected void aListIsInTheOrderOfTheBytesOfTheKeys() throws Exception {
    TreeSet<String> keys = new TreeSet<>(List.of("a-b", "a.b/c", "a/b", "a/b-c/d", "a/c", "a0", "a=", "aZ/z", "a_", "b/0/0/0", "B/x", "0"));
    for (String key : keys.descendingSet()) {
      put(key, text(key));
    }
    assertThat(Lists.all(store, "", 100)).containsExactlyElementsOf(keys);
    assertThat(Lists.all(store, "", 1)).containsExactlyElementsOf(keys);
    assertThat(Lists.all(store, "", 5)).containsExactlyElementsOf(keys);
  }

  @Test
  protected void aListMayBeginAndEndAnywhere() throws Exception {
    for (String key : List.of("s/a/1", "s/a/2", "s/ab/1", "s/b/1", "t/1")) {
      put(key, text(key));
    }
    assertThat(Lists.all(store, "s/", 2)).containsExactly("s/a/1", "s/a/2", "s/ab/1", "s/b/1");
    assertThat(Lists.all(store, "s/a", 2)).containsExactly("s/a/1", "s/a/2", "s/ab/1");
    assertThat(Lists.all(store, "s/a/", 2)).containsExactly("s/a/1", "s/a/2");
    assertThat(Lists.all(store, "s/a/1", 2)).containsExactly("s/a/1");
    assertThat(Lists.all(store, "u", 2)).isEmpty();
    assertThat(Lists.after(store, "s/", "s/a/~")).containsExactly("s/ab/1", "s/b/1");
    assertThat(Lists.after(store, "s/", "s/a/1")).containsExactly("s/a/2", "s/ab/1", "s/b/1");
    assertThat(Lists.after(store, "s/", "s/a")).containsExactly("s/a/1", "s/a/2", "s/ab/1", "s/b/1");
    assertThat(Lists.after(store, "s/", "zzz")).isEmpty();
    assertThat(Lists.after(store, "s/", "a")).hasSize(4);
  }

  @Test
  protected void aListSeesEveryWriteAndDeleteAtOnce() throws Exception {
    try (ObjectStore other = open()) {
      TreeSet<String> expected = new TreeSet<>();
      for (int i = 0; i < 30; i++) {
        String key = "seen/" + (i * 7 % 30);
        put(key, text(key));
        expected.add(key);
        if (i % 3 == 2) {
          store.delete(new ObjectKey(key));
          expected.remove(key);
        }
        assertThat(Lists.all(other, "seen/", 7)).containsExactlyElementsOf(expected);
      }
      assertThat(other.list("seen/", Optional.empty(), 100).objects()).allSatisfy(entry -> {
        assertThat(entry.size()).isEqualTo(entry.key().value().length());
        // One of both may tell it to the second only.
        assertThat(Duration.between(other.head(entry.key()).orElseThrow().lastModified(), entry.lastModified()).abs())
            .isLessThan(Duration.ofSeconds(1));
      });
    }
  }

  @Test
  protected void everyKeyThatIsAllowedWorks() throws Exception {
    String letters = "ABCXYZabcxyz0189_.=-";
    String longest = ("x".repeat(ObjectKey.SEGMENT_LENGTH_MAX) + "/").repeat(2) + "y".repeat(100);
    for (String key : List.of(letters, "_/" + letters, longest)) {
      put(key, text(key));
      assertThat(readText(key)).isEqualTo(key);
    }
    assertThat(Lists.all(store, "", 100)).containsExactlyInAnyOrder(letters, "_/" + letters, longest);
  }

  @Test
  protected void theProbeFindsAFitStoreAndLeavesNothingBehind() throws Exception {
    put("before", text("it"));
    ProbeReport report = store.probe();
    assertThat(report.isFitForManyWriters()).as(report.text()).isTrue();
    assertThat(report.verdict(ProbeReport.Property.DELETE)).isEqualTo(ProbeReport.Verdict.HELD);
    assertThat(report.verdict(ProbeReport.Property.DURABILITY)).isEqualTo(ProbeReport.Verdict.NOT_PROBED);
    assertThat(Lists.all(store, "", 100)).containsExactly("before");
  }

  /** Stores, and demands that the key was free. */
  protected final Version put(String key, Content content) throws ObjectStoreException {
    return store.putIfAbsent(new ObjectKey(key), content).orElseThrow();
  }

  protected final byte[] read(String key) throws IOException {
    try (ObjectStream in = store.get(new ObjectKey(key))) {
      return in.readAllBytes();
    }
  }

  protected final String readText(String key) throws IOException {
    return new String(read(key), StandardCharsets.UTF_8);
  }

  private ObjectHead head(String key) throws ObjectStoreException {
    return store.head(new ObjectKey(key)).orElseThrow();
  }

  protected static Content text(String text) {
    return Content.of(text.getBytes(StandardCharsets.UTF_8));
  }

  protected static byte[] random(long seed, int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  private static Content uniform(int value) {
    byte[] bytes = new byte[300_000 + value];
    Arrays.fill(bytes, (byte) value);
    return Content.of(bytes);
  }

  private static List<Integer> winners(List<Optional<Version>> results) {
    return new ArrayList<>(IntStream.range(0, results.size()).filter(i -> results.get(i).isPresent()).boxed().toList());
  }
}
