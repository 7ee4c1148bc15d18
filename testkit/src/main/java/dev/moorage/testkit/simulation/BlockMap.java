package dev.moorage.testkit.simulation;

import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.repository.Hex128;
import dev.moorage.repository.SessionId;
import dev.moorage.repository.gc.PackReferences;
import dev.moorage.repository.history.PackSet;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.pack.PackName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A tiny map of a tiny snapshot: for each block where its text is. It is the only blob of a pack of its own. */
final class BlockMap {

  private static final int REF_BYTES = 2 * Hex128.BYTES + 8;

  private final @Nullable Ref[] blocks;

  BlockMap(int blocks) {
    this.blocks = new Ref[blocks];
  }

  /** Where the text of a block is, and which text it is. */
  record Ref(PackName pack, int ordinal, int text) {}

  void put(int block, Ref ref) {
    blocks[block] = ref;
  }

  @Nullable Ref at(int block) {
    return blocks[block];
  }

  int size() {
    return blocks.length;
  }

  /** The packs of the blocks. */
  Set<PackName> packs() {
    Set<PackName> packs = new HashSet<>();
    for (Ref ref : blocks) {
      if (ref != null) {
        packs.add(ref.pack());
      }
    }
    return packs;
  }

  byte[] toBytes() {
    ByteBuffer bytes = ByteBuffer.allocate(blocks.length * REF_BYTES);
    for (Ref ref : blocks) {
      if (ref == null) {
        bytes.position(bytes.position() + REF_BYTES);
      } else {
        bytes.putLong(ref.pack().session().bits().high()).putLong(ref.pack().session().bits().low())
            .putLong(ref.pack().pack().high()).putLong(ref.pack().pack().low()).putInt(ref.ordinal()).putInt(ref.text());
      }
    }
    return bytes.array();
  }

  /** Reads the map of a snapshot from the store. */
  static BlockMap read(ObjectStore store, SnapshotEntry snapshot) throws IOException {
    byte[] text = get(store, snapshot.root().getFirst().pack());
    ByteBuffer bytes = ByteBuffer.wrap(text);
    BlockMap map = new BlockMap(text.length / REF_BYTES);
    for (int i = 0; i < map.blocks.length; i++) {
      PackName pack = new PackName(new SessionId(Hex128.read(bytes)), Hex128.read(bytes));
      Ref ref = new Ref(pack, bytes.getInt(), bytes.getInt());
      map.blocks[i] = ref.text() == 0 ? null : ref;
    }
    return map;
  }

  /** The texts of a pack as bytes. */
  static byte[] pack(int[] texts) {
    ByteBuffer bytes = ByteBuffer.allocate(texts.length * 4);
    for (int text : texts) {
      bytes.putInt(text);
    }
    return bytes.array();
  }

  /** What the snapshot restores to. */
  static int[] restore(ObjectStore store, SnapshotEntry snapshot) throws IOException {
    BlockMap map = read(store, snapshot);
    int[] content = new int[map.size()];
    for (int i = 0; i < content.length; i++) {
      Ref ref = map.blocks[i];
      content[i] = ref == null ? 0 : ByteBuffer.wrap(get(store, ref.pack())).getInt(4 * ref.ordinal());
    }
    return content;
  }

  static byte[] get(ObjectStore store, PackName pack) throws IOException {
    try (ObjectStream stream = store.get(new ObjectKey(pack.key()))) {
      return stream.readAllBytes();
    }
  }

  /** What collections ask. */
  static PackReferences references(ObjectStore store) {
    return (SnapshotEntry snapshot, PackSet to) -> {
      BlockMap map = read(store, snapshot);
      List.copyOf(snapshot.root()).forEach(blob -> to.add(blob.pack()));
      map.packs().forEach(to::add);
    };
  }
}
