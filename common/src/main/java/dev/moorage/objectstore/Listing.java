package dev.moorage.objectstore;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One page of a list.
 *
 * @param objects in the order of their keys; a page may hold fewer than were asked for, even none, and not be the last one
 * @param next where the next page begins, to be handed to {@link ObjectStore#list} as {@code after}; empty on the last page
 */
public record Listing(List<Entry> objects, Optional<String> next) {

  public Listing {
    objects = List.copyOf(objects);
  }

  /** One object: its size in bytes and when it was written, by the clock of the store; a head may tell it less finely. */
  public record Entry(ObjectKey key, long size, Instant lastModified) {}
}
