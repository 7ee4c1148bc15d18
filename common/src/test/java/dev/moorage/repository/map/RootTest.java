package dev.moorage.repository.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.repository.Hex128;
import dev.moorage.repository.KnownRandom;
import dev.moorage.repository.SessionId;
import dev.moorage.repository.UnreadableException;
import dev.moorage.repository.pack.BlobId;
import dev.moorage.repository.pack.BlobRef;
import dev.moorage.repository.pack.PackName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.PrimitiveIterator;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class RootTest {

  private static final int BLOCK = 65536;
  private static final long LEAF_BYTES = (long) BLOCK * Leaf.BLOCKS;

  private record Placed(BlobRef ref, BlobId id, Set<PackName> packs) {}

  /** The parts of a root's text in memory. */
  private static final class Parts implements RootCodec.Sink, RootCodec.Source {

    private final List<byte[]> texts = new ArrayList<>();
    private final List<BlobRef> refs = new ArrayList<>();
    private final PackName pack = PackName.random(SessionId.random(new KnownRandom("parts")), new KnownRandom("part"));

    @Override
    public void part(byte[] text, int length) {
      refs.add(new BlobRef(pack, texts.size(), 64, 32, length));
      texts.add(Arrays.copyOf(text, length));
    }

    @Override
    public byte[] text(BlobRef part) {
      return texts.get(part.ordinal());
    }

    byte[] whole() {
      byte[] whole = new byte[texts.stream().mapToInt(each -> each.length).sum()];
      int at = 0;
      for (byte[] text : texts) {
        System.arraycopy(text, 0, whole, at, text.length);
        at += text.length;
      }
      return whole;
    }

    long bytes() {
      return refs.stream().mapToLong(BlobRef::plainLength).sum();
    }
  }

  private static Root again(Root root, int partBytes) throws IOException {
    Parts parts = new Parts();
    RootCodec.write(root, partBytes, parts);
    return RootCodec.read("root", parts.refs, parts);
  }

  private static PackName pack(Random numbers, int sessions) {
    SessionId session = new SessionId(new Hex128(1, numbers.nextInt(sessions)));
    return new PackName(session, new Hex128(numbers.nextLong(), numbers.nextLong()));
  }

  private static Placed placed(Random numbers, List<PackName> packs) {
    Set<PackName> used = new HashSet<>();
    for (int i = 1 + numbers.nextInt(20); i > 0; i--) {
      used.add(packs.get(numbers.nextInt(packs.size())));
    }
    PackName pack = packs.get(numbers.nextInt(packs.size()));
    BlobRef ref = new BlobRef(
        pack, numbers.nextInt(1000), 64 + numbers.nextInt(1 << 25), 32 + numbers.nextInt(100_000), numbers.nextInt(130_000));
    return new Placed(ref, new BlobId(numbers.nextLong(), numbers.nextLong()), used);
  }

  private static void assertHolds(Root root, NavigableMap<Integer, Placed> model) {
    assertThat(root.leafCount()).isEqualTo(model.size());
    Set<PackName> used = new HashSet<>();
    int position = 0;
    for (Map.Entry<Integer, Placed> each : model.entrySet()) {
      assertThat(root.findLeaf(each.getKey())).isEqualTo(position);
      assertThat(root.leafIndex(position)).isEqualTo(each.getKey());
      assertThat(root.leafRef(position)).isEqualTo(each.getValue().ref());
      assertThat(root.leafId(position)).isEqualTo(each.getValue().id());
      Set<PackName> listed = new HashSet<>();
      for (PrimitiveIterator.OfInt numbers = root.leafPacks(position); numbers.hasNext();) {
        listed.add(root.pack(numbers.nextInt()));
      }
      assertThat(listed).isEqualTo(each.getValue().packs());
      used.addAll(listed);
      used.add(each.getValue().ref().pack());
      position++;
    }
    List<PackName> named = new ArrayList<>();
    root.forEachPack(named::add);
    assertThat(named).containsExactlyInAnyOrderElementsOf(used);
  }

  @Test
  void generationsOfRootsHoldWhatTheirLeavesHoldAndNoOtherPack() throws IOException {
    for (int seed = 0; seed < 30; seed++) {
      Random numbers = new Random(seed);
      int leaves = 1 + numbers.nextInt(500);
      NavigableMap<Integer, Placed> model = new TreeMap<>();
      Root parent = new RootBuilder(leaves * LEAF_BYTES, BLOCK).build();
      for (int generation = 0; generation < 6; generation++) {
        List<PackName> fresh = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
          fresh.add(pack(numbers, 5));
        }
        RootBuilder builder = new RootBuilder(leaves * LEAF_BYTES, BLOCK);
        for (int index = 0; index < leaves; index++) {
          int position = parent.findLeaf(index);
          int dice = numbers.nextInt(generation == 0 ? 2 : 10);
          if (dice == 0) {
            Placed placed = placed(numbers, fresh);
            builder.put(index, placed.ref(), placed.id(), placed.packs());
            model.put(index, placed);
          } else if (dice == 1 || position < 0) {
            model.remove(index);
          } else {
            builder.keep(parent, position);
          }
        }
        Root root = builder.build();
        assertHolds(root, model);
        parent = again(root, 1 + numbers.nextInt(100_000));
        assertHolds(parent, model);
      }
    }
  }

  @Test
  void aRootWithoutLeavesIsARoot() throws IOException {
    Root root = again(new RootBuilder(123_456_789, BLOCK).build(), RootCodec.PART_BYTES);
    assertThat(root.volumeBytes()).isEqualTo(123_456_789);
    assertThat(root.blockBytes()).isEqualTo(BLOCK);
    assertThat(root.blockCount()).isEqualTo(1884);
    assertThat(root.blockLength(1882)).isEqualTo(BLOCK);
    assertThat(root.blockLength(1883)).isEqualTo(123_456_789 % BLOCK);
    assertThat(root.leafCount()).isZero();
    assertThat(root.findLeaf(0)).isNegative();
    assertThat(root.packCount()).isZero();
  }

  @Test
  void aLeafIsKeptOnlyWhereItMeansTheSame() {
    Random numbers = new Random(9);
    List<PackName> packs = List.of(pack(numbers, 1));
    RootBuilder first = new RootBuilder(LEAF_BYTES + 1000, BLOCK);
    Placed placed = placed(numbers, packs);
    first.put(0, placed.ref(), placed.id(), packs);
    first.put(1, placed.ref(), placed.id(), packs);
    assertThatThrownBy(() -> first.put(2, placed.ref(), placed.id(), packs)).hasMessageContaining("has no leaf 2");
    Root parent = first.build();
    new RootBuilder(2 * LEAF_BYTES, BLOCK).keep(parent, 0);
    assertThatThrownBy(() -> new RootBuilder(2 * LEAF_BYTES, BLOCK).keep(parent, 1)).hasMessageContaining("is another one");
    assertThatThrownBy(() -> new RootBuilder(LEAF_BYTES / 2, BLOCK).keep(parent, 0)).hasMessageContaining("is another one");
    assertThatThrownBy(() -> new RootBuilder(LEAF_BYTES + 1000, 2 * BLOCK).keep(parent, 0)).isInstanceOf(IllegalArgumentException.class);
    RootBuilder again = new RootBuilder(LEAF_BYTES + 1000, BLOCK);
    again.keep(parent, 1);
    assertThatThrownBy(() -> again.keep(parent, 0)).hasMessageContaining("must ascend");
  }

  @Test
  void cutsAndDamageOfTheTextEndInARefusalOrInARoot() throws IOException {
    Random numbers = new Random(10);
    List<PackName> packs = List.of(pack(numbers, 2), pack(numbers, 2), pack(numbers, 2));
    RootBuilder builder = new RootBuilder(100 * LEAF_BYTES, BLOCK);
    for (int index = 0; index < 100; index += 7) {
      Placed placed = placed(numbers, packs);
      builder.put(index, placed.ref(), placed.id(), placed.packs());
    }
    Parts written = new Parts();
    RootCodec.write(builder.build(), written);
    byte[] text = written.whole();
    for (int length = 0; length <= text.length + 1; length++) {
      Parts parts = new Parts();
      parts.part(Arrays.copyOf(text, length), length);
      if (length != text.length) {
        assertThatThrownBy(() -> RootCodec.read("root", parts.refs, parts)).isInstanceOf(UnreadableException.class);
      }
    }
    for (int i = 0; i < 20_000; i++) {
      Parts parts = new Parts();
      byte[] damaged = text.clone();
      damaged[numbers.nextInt(text.length)] ^= (byte) (1 << numbers.nextInt(8));
      parts.part(damaged, damaged.length);
      try {
        assertThat(RootCodec.read("root", parts.refs, parts).leafCount()).isLessThanOrEqualTo(15);
      } catch (UnreadableException e) {
        assertThat(e).hasMessageStartingWith("root ");
      }
    }
  }

  /** Of 10 TiB in blocks of 64 KiB, all written, compressed to two thirds; then the same after many scattered changes. */
  @Test
  void theRootOfTenTebibytesIsSmall() throws IOException {
    Random numbers = new Random(12);
    int leaves = 40_960;
    long size = leaves * LEAF_BYTES;
    assertThat(size).isEqualTo(10L << 40);
    List<PackName> packs = new ArrayList<>();
    for (int i = 0; i < 220_000; i++) {
      packs.add(pack(numbers, 40));
    }
    Root fresh = tenTebibytes(numbers, packs, size, leaves, 0);
    Root aged = tenTebibytes(numbers, packs, size, leaves, 60);
    Parts parts = new Parts();
    RootCodec.write(aged, parts);
    assertThat(fresh.heapBytes()).as("fresh").isLessThan(10 << 20);
    assertThat(aged.heapBytes()).as("aged").isLessThan(20 << 20);
    assertThat(parts.bytes()).as("text").isLessThan(20 << 20);
    assertThat(parts.refs).hasSizeLessThan(6);
    assertThat(RootCodec.read("root", parts.refs, parts).heapBytes()).isEqualTo(aged.heapBytes());
  }

  private static Root tenTebibytes(Random numbers, List<PackName> packs, long size, int leaves, int scattered) {
    RootBuilder builder = new RootBuilder(size, BLOCK);
    for (int index = 0; index < leaves; index++) {
      Set<PackName> used = new HashSet<>(packs.subList(index * 5, index * 5 + 6));
      for (int i = 0; i < scattered; i++) {
        used.add(packs.get(numbers.nextInt(packs.size())));
      }
      BlobRef ref = new BlobRef(packs.get(210_000 + index / 400), index % 400, 64 + index % 400 * 80_000, 80_000, 123_000);
      builder.put(index, ref, new BlobId(numbers.nextLong(), numbers.nextLong()), used);
    }
    return builder.build();
  }
}
