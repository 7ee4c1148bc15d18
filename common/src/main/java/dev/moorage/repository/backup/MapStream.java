package dev.moorage.repository.backup;

import dev.moorage.repository.key.KeyRing;
import dev.moorage.repository.map.Leaf;
import dev.moorage.repository.map.LeafCodec;
import dev.moorage.repository.map.Root;
import dev.moorage.repository.map.RootCodec;
import dev.moorage.repository.pack.BlobId;
import dev.moorage.repository.pack.BlobRef;
import dev.moorage.repository.pack.BlobSealer;
import dev.moorage.repository.pack.PackKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Where the leaves and the root of a backup are written. Safe for use by several threads. */
final class MapStream implements AutoCloseable {

  private final BlobSealer sealer;
  private final PackStream stream;

  MapStream(KeyRing ring, PackStreams streams) {
    int largest = Math.max(RootCodec.PART_BYTES, LeafCodec.BYTES_MAX);
    this.sealer = new BlobSealer(ring, largest);
    this.stream = new PackStream(streams, PackKind.MAP, sealer, largest);
  }

  synchronized RootAssembly.Done.Written add(Leaf leaf) throws IOException {
    byte[] text = LeafCodec.encode(leaf);
    BlobId id = sealer.id(text, 0, text.length);
    BlobRef ref = stream.add(id, text, 0, text.length);
    return new RootAssembly.Done.Written(leaf, ref, id);
  }

  /** Writes the root and ends the last pack. */
  synchronized List<BlobRef> finish(Root root) throws IOException {
    List<BlobRef> parts = new ArrayList<>();
    RootCodec.write(root, (part, length) -> parts.add(stream.add(sealer.id(part, 0, length), part, 0, length)));
    stream.finish();
    return parts;
  }

  @Override
  public synchronized void close() throws IOException {
    stream.close();
    sealer.close();
  }
}
