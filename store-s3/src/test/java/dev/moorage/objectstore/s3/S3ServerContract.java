package dev.moorage.objectstore.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.Pace;
import dev.moorage.objectstore.RetryPolicy;
import dev.moorage.objectstore.RetryingStore;
import dev.moorage.objectstore.StoreLocation;
import dev.moorage.testkit.objectstore.ObjectStoreContract;
import dev.moorage.testkit.objectstore.S3Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The contract against a real server; each test has a prefix of its own. */
@Tag("engine")
abstract class S3ServerContract extends ObjectStoreContract {

  private final String prefix = "test-" + UUID.randomUUID();

  abstract S3Server server();

  @Override
  protected ObjectStore open() throws Exception {
    return new S3Stores().open(server().location(prefix));
  }

  /** S3 does not tell whether there was something to be deleted. */
  @Override
  protected boolean deleteTells() {
    return false;
  }

  @Test
  void aPackOfThirtyTwoMebibytesIsStoredAndReadByRanges() throws Exception {
    byte[] bytes = random(9, 32 << 20);
    Path file = Files.write(scratch.resolve("pack"), bytes);
    put("packs/00/pack", Content.of(file, 0, bytes.length));
    try (var in = store.getRange(new ObjectKey("packs/00/pack"), 16 << 20, 8 << 20)) {
      assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, 16 << 20, 24 << 20));
    }
  }

  @Test
  void anAbsentBucketIsSaidToBeAbsent() throws Exception {
    StoreLocation there = server().location(prefix);
    StoreLocation location = StoreLocation.of("s3://no-such-bucket-here/x", there.options());
    try (ObjectStore absent = new S3Stores().open(location)) {
      assertThatThrownBy(() -> absent.get(new ObjectKey("a"))).isInstanceOf(ObjectStoreException.Invalid.class)
          .hasMessageContaining("no such bucket");
      assertThatThrownBy(() -> absent.putIfAbsent(new ObjectKey("a"), text("a"))).isInstanceOf(ObjectStoreException.Invalid.class);
    }
  }

  @Test
  void whatWasStoredOutlivesAKillOfTheServer() throws Exception {
    put("before", text("the kill"));
    server().server().kill();
    assertThatThrownBy(() -> store.head(new ObjectKey("before"))).isInstanceOf(ObjectStoreException.Unavailable.class);
    Thread waiting = Thread.ofPlatform().start(() -> {
      try {
        ObjectStore patient = new RetryingStore(store, RetryPolicy.standard(), new Random(1), Pace.real());
        patient.putIfAbsent(new ObjectKey("during"), text("the outage"));
      } catch (ObjectStoreException e) {
        throw new AssertionError(e);
      }
    });
    server().server().restart();
    assertThat(waiting.join(Duration.ofMinutes(1))).isTrue();
    assertThat(readText("before")).isEqualTo("the kill");
    assertThat(readText("during")).isEqualTo("the outage");
  }

  @Test
  void aDeclaredSingleWriterNeedsNoConditions() throws Exception {
    Map<String, String> options = new HashMap<>(server().location(prefix).options());
    options.put("conditional-writes", "single-writer");
    try (ObjectStore single = new S3Stores().open(StoreLocation.of("s3://" + S3Server.BUCKET + "/" + prefix, options))) {
      ObjectKey key = new ObjectKey("alone");
      var version = single.putIfAbsent(key, text("first")).orElseThrow();
      assertThat(single.putIfAbsent(key, text("second"))).isEmpty();
      assertThat(single.replaceIfMatch(key, version, text("third"))).isPresent();
      assertThat(single.replaceIfMatch(key, version, text("fourth"))).isEmpty();
      assertThat(readText("alone")).isEqualTo("third");
      assertThat(single.probe().isFitForOneWriter()).isTrue();
    }
  }
}
