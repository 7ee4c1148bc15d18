package dev.moorage.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.testkit.objectstore.ModelObjectStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Goal: an address is understood or refused, keys are checked, and no message repeats a secret. */
class StoreLocationTest {

  @TempDir
  private Path directory;

  private final ObjectStores stores = new ObjectStores(Map.of("memory", _ -> new ModelObjectStore()));

  @Test
  void anAddressHasSchemeBucketAndPrefix() throws Exception {
    StoreLocation location = StoreLocation.of("S3://my-bucket/some/where/");
    assertThat(location.scheme()).isEqualTo("s3");
    assertThat(location.bucket()).contains("my-bucket");
    assertThat(location.prefix()).isEqualTo("some/where");
    assertThat(StoreLocation.of("file:///var/backups").bucket()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3://user:hunter2@bucket/x", "s3://bucket/x?secret=hunter2", "s3://bucket/x y hunter2", "hunter2", "mailto:hunter2"})
  void anAddressWithASecretInItIsRefusedWithoutRepeatingIt(String address) {
    assertThatThrownBy(() -> StoreLocation.of(address)).isInstanceOf(ObjectStoreException.Invalid.class)
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void anUnknownOptionIsRefused() throws Exception {
    StoreLocation location = StoreLocation.of("s3://bucket", Map.of("regoin", "x"));
    assertThatThrownBy(() -> location.allowOptions(Set.of("region", "endpoint"))).hasMessageContaining("regoin")
        .hasMessageContaining("endpoint, region");
  }

  @Test
  void aDirectoryIsOpenedAndAnAbsentOneRefused() throws Exception {
    try (ObjectStore store = stores.open(StoreLocation.of("file://" + directory))) {
      assertThat(store.probe().isFitForManyWriters()).isTrue();
    }
    assertThatThrownBy(() -> stores.open(StoreLocation.of("file://" + directory + "/none")))
        .isInstanceOf(ObjectStoreException.Invalid.class).hasMessageContaining("mount what belongs there");
    assertThatThrownBy(() -> stores.open(StoreLocation.of("file:///"))).hasMessageContaining("file:///PATH");
    assertThatThrownBy(() -> stores.open(StoreLocation.of("ftp://host/x"))).hasMessageContaining("file, memory");
  }

  @Test
  void aBlankInAnAddressIsRefusedWithTheWayToWriteIt() throws Exception {
    Path withBlank = Files.createDirectory(directory.resolve("my 100% disk"));
    assertThatThrownBy(() -> StoreLocation.of("file://" + withBlank)).isInstanceOf(ObjectStoreException.Invalid.class)
        .hasMessageContaining("character " + (("file://" + withBlank).indexOf(' ') + 1)).hasMessageContaining("a blank as %20");
    try (ObjectStore store = stores.open(StoreLocation.of("file://" + withBlank.toString().replace("%", "%25").replace(" ", "%20")))) {
      assertThat(store.putIfAbsent(new ObjectKey("a"), Content.of(new byte[1]))).isPresent();
    }
    assertThat(withBlank.resolve("a")).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3", "gs", "azure"})
  void aStoreThatIsNotInstalledSaysSo(String scheme) throws Exception {
    StoreLocation location = StoreLocation.of(scheme + "://bucket/prefix");
    assertThatThrownBy(() -> ObjectStores.installed().open(location)).isInstanceOf(ObjectStoreException.Invalid.class)
        .hasMessageContaining("is not installed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/a", "a/", "a//b", "..", "a/../b", "a..b", ".a", "a/.b", "-a", "a b", "ä", "a\nb", "a\u0000"})
  void whatIsNoKeyIsRefused(String text) {
    assertThat(ObjectKey.isKey(text)).isFalse();
    assertThatThrownBy(() -> new ObjectKey(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aKeyIsNeitherTooLongNorIsASegmentOfIt() {
    assertThat(ObjectKey.isKey("x".repeat(200))).isTrue();
    assertThat(ObjectKey.isKey("x".repeat(201))).isFalse();
    assertThat(ObjectKey.isKey("x/".repeat(255) + "xy")).isTrue();
    assertThat(ObjectKey.isKey("x/".repeat(256) + "x")).isFalse();
  }

  @Test
  void aPrefixStandsBeforeEveryKeyAndHidesWhatIsNotBelowIt() throws Exception {
    KeyPrefix prefix = KeyPrefix.of(StoreLocation.of("s3://bucket/a/b"));
    assertThat(prefix.inBucket("packs/1")).isEqualTo("a/b/packs/1");
    assertThat(prefix.key("a/b/packs/1")).contains(new ObjectKey("packs/1"));
    assertThat(prefix.key("a/c/packs/1")).isEmpty();
    assertThat(prefix.key("a/b/.hidden")).isEmpty();
    assertThatThrownBy(() -> KeyPrefix.of(StoreLocation.of("s3://bucket/a/../b"))).isInstanceOf(ObjectStoreException.Invalid.class);
  }
}
