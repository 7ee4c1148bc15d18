package dev.moorage.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.repository.key.KeyRing;
import dev.moorage.repository.key.KeySlot;
import dev.moorage.repository.key.KeySlots;
import dev.moorage.repository.key.Passphrase;
import dev.moorage.repository.key.RecoveryKey;
import dev.moorage.repository.key.UnlockSecret;
import dev.moorage.repository.map.Leaf;
import dev.moorage.repository.map.LeafCodec;
import dev.moorage.repository.map.Root;
import dev.moorage.repository.map.RootCodec;
import dev.moorage.repository.pack.BlobId;
import dev.moorage.repository.pack.BlobRef;
import dev.moorage.repository.pack.PackEntry;
import dev.moorage.repository.pack.PackKind;
import dev.moorage.repository.pack.PackName;
import dev.moorage.repository.pack.PackReader;
import dev.moorage.repository.pack.PackScrub;
import dev.moorage.repository.pack.PackSource;
import dev.moorage.repository.seal.ObjectKind;
import dev.moorage.repository.seal.Sealer;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the first Moorage with repositories wrote stays readable for ever, from the secrets down to the last byte of a volume. */
final class GoldenSetTest {

  private final Path directory = directory();
  private final Sealer sealer = new Sealer(unlock(GoldenSet.keyFile()), new KnownRandom("unused"));

  private static Path directory() {
    try {
      URL url = Objects.requireNonNull(GoldenSetTest.class.getResource("format-1"));
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private Map<String, byte[]> objects(String prefix) {
    Map<String, byte[]> objects = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory.resolve(prefix))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        objects.put(directory.relativize(file).toString(), Files.readAllBytes(file));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return objects;
  }

  private KeyRing unlock(UnlockSecret secret) {
    try {
      List<KeySlot> slots = new ArrayList<>();
      for (Map.Entry<String, byte[]> each : objects("keys").entrySet()) {
        slots.add(KeySlot.parse(each.getKey(), each.getValue()));
      }
      return KeySlots.unlock(GoldenSet.repository(), slots, secret).ring();
    } catch (UnreadableException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everySecretOpensTheSameRing() {
    KeyRing ring = unlock(GoldenSet.keyFile());
    assertThat(ring.epoch()).isEqualTo(2);
    assertThat(unlock(new Passphrase(GoldenSet.PASSPHRASE)).sameAs(ring)).isTrue();
    assertThat(unlock(RecoveryKey.parse(GoldenSet.RECOVERY_KEY)).sameAs(ring)).isTrue();
    assertThat(objects("keys")).hasSize(4);
  }

  @Test
  void sealedObjectsOpen() throws UnreadableException {
    Map<String, byte[]> objects = objects("sessions");
    byte[] session = Objects.requireNonNull(objects.get(GoldenSet.SESSION_KEY));
    byte[] end = Objects.requireNonNull(objects.get(GoldenSet.SESSION_KEY + ".ended"));
    assertThat(new String(sealer.open(ObjectKind.SESSION, GoldenSet.SESSION_KEY, session), UTF_8)).isEqualTo(GoldenSet.SESSION_TEXT);
    assertThat(sealer.open(ObjectKind.SESSION_END, GoldenSet.SESSION_KEY + ".ended", end)).isEmpty();
  }

  @Test
  void everyBlockOfTheVolumeIsRead() throws IOException {
    try (PackReader reader = new PackReader(unlock(GoldenSet.keyFile()))) {
      Root root = root(reader);
      assertThat(root.volumeBytes()).isEqualTo(GoldenSet.VOLUME_BYTES);
      assertThat(root.blockBytes()).isEqualTo(GoldenSet.BLOCK);
      assertThat(root.packCount()).isEqualTo(2);
      assertThat(root.leafCount()).isEqualTo(2);
      for (long block : GoldenSet.BLOCKS) {
        assertThat(block(reader, root, block)).as("block %s", block).isEqualTo(GoldenSet.text(block));
      }
      assertThat(leaf(reader, root, 0).presentCount() + leaf(reader, root, 2).presentCount()).isEqualTo(GoldenSet.BLOCKS.size());
    }
  }

  @Test
  void everyByteOfThePacksIsSound() throws IOException {
    try (PackScrub scrub = new PackScrub(unlock(GoldenSet.keyFile()))) {
      for (Map.Entry<String, byte[]> pack : objects("packs").entrySet()) {
        PackScrub.Findings findings = scrub.scrub(PackName.parse(pack.getKey()), PackSource.of(pack.getValue()));
        assertThat(findings.problems()).isEmpty();
      }
    }
  }

  /** The root is the last blob of the map pack. */
  private Root root(PackReader reader) throws IOException {
    for (String key : objects("packs").keySet()) {
      PackName name = PackName.parse(key);
      if (reader.kind(name, source(name)) == PackKind.MAP) {
        PackEntry last = reader.footer(name, source(name)).getLast();
        return RootCodec.read("root", List.of(last.ref()), part -> reader.text(part, source(part.pack())));
      }
    }
    throw new AssertionError("no map pack");
  }

  private Leaf leaf(PackReader reader, Root root, int index) throws IOException {
    BlobRef ref = root.leafRef(root.findLeaf(index));
    byte[] text = reader.text(ref, source(ref.pack()));
    assertThat(reader.read(ref, source(ref.pack()))).isEqualTo(root.leafId(root.findLeaf(index)));
    return LeafCodec.decode(ref.toString(), index, text, text.length);
  }

  private byte[] block(PackReader reader, Root root, long block) throws IOException {
    Leaf leaf = leaf(reader, root, Leaf.indexOf(block));
    BlobRef ref = leaf.ref(Leaf.slotOf(block), root.blockLength(block));
    BlobId id = reader.read(ref, source(ref.pack()));
    assertThat(leaf.holds(Leaf.slotOf(block), id)).isTrue();
    return reader.text(ref, source(ref.pack()));
  }

  private PackSource source(PackName name) throws IOException {
    return PackSource.of(Files.readAllBytes(directory.resolve(name.key())));
  }
}
