package dev.moorage.repository.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.moorage.repository.Flips;
import dev.moorage.repository.Hex128;
import dev.moorage.repository.KnownRandom;
import dev.moorage.repository.RepositoryId;
import dev.moorage.repository.SessionId;
import dev.moorage.repository.UnreadableException;
import dev.moorage.repository.key.KeyRing;
import dev.moorage.repository.pack.BlobId;
import dev.moorage.repository.pack.BlobOpener;
import dev.moorage.repository.pack.BlobRef;
import dev.moorage.repository.pack.BlobSealer;
import dev.moorage.repository.pack.PackKind;
import dev.moorage.repository.pack.PackName;
import dev.moorage.repository.pack.PackWriter;
import dev.moorage.repository.pack.SealedBlob;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class LeafTest {

  private static final int BLOCK = 65536;

  private final KnownRandom random = new KnownRandom("leaves");
  private final List<PackName> packs =
      Stream.generate(() -> PackName.random(SessionId.random(random), random)).limit(300).toList();

  private record Block(BlobId id, BlobRef ref) {}

  private Block block(Random numbers) {
    PackName pack = packs.get(numbers.nextInt(packs.size()));
    int offset = 64 + numbers.nextInt(1 << 25);
    BlobRef ref = new BlobRef(pack, numbers.nextInt(3000), offset, 32 + numbers.nextInt(70_000), BLOCK);
    return new Block(new BlobId(numbers.nextLong(), numbers.nextLong()), ref);
  }

  private static Leaf again(Leaf leaf) throws UnreadableException {
    byte[] text = LeafCodec.encode(leaf);
    assertThat(text.length).isLessThanOrEqualTo(LeafCodec.BYTES_MAX);
    return LeafCodec.decode("leaf", leaf.index(), text, text.length);
  }

  private static void assertHolds(Leaf leaf, Map<Integer, Block> model) {
    assertThat(leaf.presentCount()).isEqualTo(model.size());
    for (int slot = 0; slot < Leaf.BLOCKS; slot++) {
      Block expected = model.get(slot);
      assertThat(leaf.isPresent(slot)).isEqualTo(expected != null);
      if (expected != null) {
        assertThat(leaf.ref(slot, BLOCK)).isEqualTo(expected.ref());
        assertThat(leaf.id(slot)).isEqualTo(expected.id());
        assertThat(leaf.holds(slot, expected.id())).isTrue();
        assertThat(leaf.packs().get(leaf.packIndex(slot))).isEqualTo(expected.ref().pack());
      }
    }
    assertThat(leaf.packs()).containsExactlyInAnyOrderElementsOf(
        model.values().stream().map(each -> each.ref().pack()).distinct().toList());
  }

  @Test
  void whatIsPutAndClearedIsWhatTheLeafHolds() throws UnreadableException {
    for (int seed = 0; seed < 40; seed++) {
      Random numbers = new Random(seed);
      Map<Integer, Block> model = new TreeMap<>();
      LeafBuilder builder = new LeafBuilder(seed);
      for (int generation = 0; generation < 4; generation++) {
        int changes = numbers.nextInt(seed % 4 == 0 ? 10_000 : 200);
        for (int i = 0; i < changes; i++) {
          int slot = numbers.nextInt(Leaf.BLOCKS);
          if (numbers.nextInt(4) == 0) {
            builder.clear(slot);
            model.remove(slot);
          } else {
            Block block = block(numbers);
            builder.put(slot, block.id(), block.ref());
            model.put(slot, block);
          }
        }
        Optional<Leaf> leaf = builder.build();
        assertThat(leaf.isPresent()).isEqualTo(!model.isEmpty());
        if (leaf.isPresent()) {
          Leaf read = again(leaf.get());
          assertHolds(read, model);
          builder = new LeafBuilder(read);
        }
      }
    }
  }

  @Test
  void aLeafWithoutPresentBlocksDoesNotExist() {
    LeafBuilder builder = new LeafBuilder(7);
    Block block = block(new Random(1));
    builder.put(4095, block.id(), block.ref());
    builder.clear(4095);
    assertThat(builder.build()).isEmpty();
    builder.put(0, block.id(), block.ref());
    builder.reset(8);
    assertThat(builder.build()).isEmpty();
  }

  @Test
  void presentSlotsAreFoundOneAfterAnother() {
    LeafBuilder builder = new LeafBuilder(0);
    Block block = block(new Random(2));
    for (int slot : List.of(0, 63, 64, 4095)) {
      builder.put(slot, block.id(), block.ref());
    }
    Leaf leaf = builder.build().orElseThrow();
    assertThat(leaf.nextPresent(0)).isZero();
    assertThat(leaf.nextPresent(1)).isEqualTo(63);
    assertThat(leaf.nextPresent(64)).isEqualTo(64);
    assertThat(leaf.nextPresent(65)).isEqualTo(4095);
    assertThat(leaf.holds(1, block.id())).isFalse();
    assertThatThrownBy(() -> leaf.id(1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> leaf.isPresent(4096)).isInstanceOf(IllegalArgumentException.class);
  }

  /** What a first backup writes: blobs one after another. All that compresses are the columns of numbers; ids never do. */
  @Test
  void aFullLeafOfOnePackHardlyCostsMoreThanItsIds() {
    Random numbers = new Random(3);
    LeafBuilder builder = new LeafBuilder(0);
    int offset = 64;
    for (int slot = 0; slot < Leaf.BLOCKS; slot++) {
      BlobRef ref = new BlobRef(packs.get(slot / 1024), slot % 1024, offset, 20_000 + numbers.nextInt(20_000), BLOCK);
      builder.put(slot, new BlobId(numbers.nextLong(), numbers.nextLong()), ref);
      offset = slot % 1024 == 1023 ? 64 : ref.end();
    }
    byte[] text = LeafCodec.encode(builder.build().orElseThrow());
    byte[] compressed = Zstd.compress(text, 1);
    assertThat(compressed.length).isLessThan(Leaf.BLOCKS * 19);
  }

  @Test
  void whatIsNotALeafIsRefused() {
    LeafBuilder builder = new LeafBuilder(5);
    Random numbers = new Random(4);
    for (int slot = 0; slot < 20; slot++) {
      Block block = block(numbers);
      builder.put(slot * 7, block.id(), block.ref());
    }
    byte[] text = LeafCodec.encode(builder.build().orElseThrow());
    assertThatThrownBy(() -> LeafCodec.decode("leaf", 6, text, text.length)).hasMessage("leaf is not the leaf 6");
    for (int length = 0; length < text.length; length++) {
      byte[] cut = Arrays.copyOf(text, length);
      assertThatThrownBy(() -> LeafCodec.decode("leaf", 5, cut, cut.length)).isInstanceOf(UnreadableException.class);
    }
    byte[] newer = text.clone();
    newer[4] = 2;
    assertThatThrownBy(() -> LeafCodec.decode("leaf", 5, newer, newer.length)).isInstanceOf(UnreadableException.Newer.class);
    assertThatThrownBy(() -> LeafCodec.decode("leaf", 5, new byte[600], 600)).isInstanceOf(UnreadableException.Foreign.class);
  }

  /** Damage is found before, by the blob's seal; this is about a writer that is wrong. Reading must end in a leaf or in a refusal. */
  @Test
  void randomDamageOfTheTextNeverEndsInAnythingElseThanARefusalOrALeaf() throws UnreadableException {
    Random numbers = new Random(5);
    LeafBuilder builder = new LeafBuilder(5);
    for (int slot = 0; slot < 100; slot++) {
      Block block = block(numbers);
      builder.put(slot * 3, block.id(), block.ref());
    }
    byte[] text = LeafCodec.encode(builder.build().orElseThrow());
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = text.clone();
      ByteBuffer.wrap(damaged).putInt(numbers.nextInt(damaged.length - 3), numbers.nextInt());
      try {
        Leaf leaf = LeafCodec.decode("leaf", 5, damaged, damaged.length);
        for (int slot = leaf.nextPresent(0); slot >= 0 && slot < 4095; slot = leaf.nextPresent(slot + 1)) {
          assertThat(leaf.isPresent(slot)).isTrue();
        }
      } catch (UnreadableException e) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void everyFlippedBitOfAStoredLeafIsFound() throws IOException {
    LeafBuilder builder = new LeafBuilder(5);
    Block block = block(new Random(6));
    builder.put(17, block.id(), block.ref());
    byte[] text = LeafCodec.encode(builder.build().orElseThrow());
    KeyRing ring = KeyRing.create(RepositoryId.random(random), random);
    ByteArrayOutputStream spool = new ByteArrayOutputStream();
    try (BlobSealer sealer = new BlobSealer(ring, text.length); BlobOpener opener = new BlobOpener(ring)) {
      PackWriter writer = PackWriter.begin(ring, packs.getFirst(), PackKind.MAP, Channels.newChannel(spool), PackWriter.TARGET_BYTES);
      BlobRef ref = writer.add(sealer, sealer.id(text, 0, text.length), text, 0, text.length, new SealedBlob(text.length));
      byte[] sealed = Arrays.copyOfRange(spool.toByteArray(), ref.offset(), ref.end());
      Flips.Reading reading = bytes -> {
        byte[] opened = new byte[ref.plainLength()];
        opener.open(ref, bytes, 0, opened, 0);
        LeafCodec.decode("leaf", 5, opened, opened.length);
      };
      reading.read(sealed);
      Flips.everyFlippedBitIsFound(sealed, reading);
    }
  }

  @Test
  void blocksAreNumberedThroughTheLeaves() {
    assertThat(Leaf.indexOf(4095)).isZero();
    assertThat(Leaf.indexOf(4096)).isEqualTo(1);
    assertThat(Leaf.slotOf(4097)).isEqualTo(1);
    assertThat(Leaf.indexOf(168_000_000)).isEqualTo(41_015);
    assertThat(new Hex128(0, 1)).hasToString("0".repeat(31) + "1");
  }
}
