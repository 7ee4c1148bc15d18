package dev.moorage.repository.backup;

import dev.moorage.repository.pack.PackEntry;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Packs that earlier attempts stored, that exist and that stay: what is in them need not be stored again. A walk holds one pack's entries,
 * however many packs there are. For one thread at a time.
 */
public interface Survivors extends AutoCloseable {

  /** What is in the next pack, or null after the last one. */
  @Nullable List<PackEntry> next() throws IOException;

  @Override
  void close();

  /** Of a first attempt. */
  static Survivors none() {
    return new Survivors() {
      @Override
      public @Nullable List<PackEntry> next() {
        return null;
      }

      @Override
      public void close() {}
    };
  }
}
