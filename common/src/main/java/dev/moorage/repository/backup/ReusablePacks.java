package dev.moorage.repository.backup;

import dev.moorage.repository.pack.PackEntry;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Packs that exist and that stay, such as those of earlier attempts or of a relative's snapshot: what is in them need not be stored again.
 * A walk holds few packs' entries, however many packs there are. For one thread at a time.
 */
public interface ReusablePacks extends AutoCloseable {

  /** What is in the next pack, or null after the last one. */
  @Nullable List<PackEntry> next() throws IOException;

  @Override
  void close();

  /** When there is nothing to build upon. */
  static ReusablePacks none() {
    return new ReusablePacks() {
      @Override
      public @Nullable List<PackEntry> next() {
        return null;
      }

      @Override
      public void close() {}
    };
  }
}
