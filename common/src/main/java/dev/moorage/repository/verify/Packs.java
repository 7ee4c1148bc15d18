package dev.moorage.repository.verify;

import dev.moorage.objectstore.Listing;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.repository.history.PackKeys;
import dev.moorage.repository.history.PackSet;
import dev.moorage.repository.pack.PackName;
import dev.moorage.repository.pack.PackSource;
import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;

/** The packs that are in the store, as a list showed them. For one thread. */
final class Packs {

  private final ObjectStore store;
  private final PackSet present = new PackSet();

  private Packs(ObjectStore store) {
    this.store = store;
  }

  static Packs list(ObjectStore store) throws IOException {
    Packs packs = new Packs(store);
    Optional<String> after = Optional.empty();
    do {
      Listing page = store.list(PackName.PREFIX, after, ObjectStore.LIST_LIMIT_MAX);
      for (Listing.Entry entry : page.objects()) {
        PackKeys.parse(entry.key()).ifPresent(name -> packs.present.add(name, entry.size()));
      }
      after = page.next();
    } while (after.isPresent());
    return packs;
  }

  boolean contains(PackName name) {
    return present.contains(name);
  }

  long bytes(PackName name) {
    return present.bytes(name);
  }

  /** The pack, read in pieces as they are asked for. */
  PackSource inPieces(PackName name) {
    return new PackSource() {
      @Override
      public long length() {
        return bytes(name);
      }

      @Override
      public void read(long offset, byte[] into) throws IOException {
        if (into.length > 0) {
          fill(name, offset, into);
        }
      }
    };
  }

  /** The pack, read once as a whole. */
  PackSource whole(PackName name) throws IOException {
    byte[] bytes = new byte[Math.toIntExact(bytes(name))];
    if (bytes.length > 0) {
      fill(name, 0, bytes);
    }
    return PackSource.of(bytes);
  }

  private void fill(PackName name, long offset, byte[] into) throws IOException {
    try (ObjectStream stream = store.getRange(new ObjectKey(name.key()), offset, into.length)) {
      if (stream.readNBytes(into, 0, into.length) < into.length) {
        throw new EOFException(name + " ended early");
      }
    }
  }
}
