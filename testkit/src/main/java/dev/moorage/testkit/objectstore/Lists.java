package dev.moorage.testkit.objectstore;

import dev.moorage.objectstore.Listing;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whole lists, page by page. */
public final class Lists {

  private Lists() {}

  /** The keys that begin with the prefix, asked for in pages of that size. */
  public static List<String> all(ObjectStore store, String prefix, int pageSize) throws ObjectStoreException {
    return keys(store, prefix, Optional.empty(), pageSize);
  }

  /** The keys that begin with the prefix and are greater than a text. */
  public static List<String> after(ObjectStore store, String prefix, String after) throws ObjectStoreException {
    return keys(store, prefix, Optional.of(after), 100);
  }

  private static List<String> keys(ObjectStore store, String prefix, Optional<String> after, int pageSize) throws ObjectStoreException {
    List<String> keys = new ArrayList<>();
    Optional<String> next = after;
    do {
      Listing page = store.list(prefix, next, pageSize);
      if (page.objects().size() > pageSize) {
        throw new AssertionError("a page of " + page.objects().size() + " objects where " + pageSize + " were asked for");
      }
      page.objects().forEach(entry -> keys.add(entry.key().value()));
      next = page.next();
    } while (next.isPresent());
    return keys;
  }
}
