package dev.moorage.repository.pack;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The names of packs, one after the other; they may be asked for in the store only when it comes to them. For one thread at a time. */
@FunctionalInterface
public interface PackNames {

  /** The next one, or null after the last. */
  @Nullable PackName next() throws IOException;

  /** The first ones of these. */
  default PackNames atMost(int count) {
    PackNames all = this;
    return new PackNames() {
      private int left = count;

      @Override
      public @Nullable PackName next() throws IOException {
        return left-- > 0 ? all.next() : null;
      }
    };
  }

  /** Those of a list. */
  static PackNames of(List<PackName> names) {
    Iterator<PackName> each = names.iterator();
    return () -> each.hasNext() ? each.next() : null;
  }

  /** All of these, one walk after the other. */
  static PackNames all(List<PackNames> walks) {
    Iterator<PackNames> left = walks.iterator();
    return new PackNames() {
      private PackNames walk = () -> null;

      @Override
      public @Nullable PackName next() throws IOException {
        PackName name = walk.next();
        while (name == null && left.hasNext()) {
          walk = left.next();
          name = walk.next();
        }
        return name;
      }
    };
  }
}
