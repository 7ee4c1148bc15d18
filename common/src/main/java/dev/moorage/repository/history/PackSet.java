package dev.moorage.repository.history;

import dev.moorage.repository.Hex128;
import dev.moorage.repository.SessionId;
import dev.moorage.repository.pack.PackName;
import java.util.function.Consumer;

/**
 * A growing set of packs, with their sizes where they matter. It takes about 60 bytes for each, for a repository can have millions.
 * Not safe for use by several threads while it grows.
 */
public final class PackSet {

  /** Session, pack, and the size plus one; zero there marks a free slot. */
  private static final int LONGS = 5;

  private static final int SIZE = 4;
  private static final int CAPACITY_MIN = 16;

  private long[] slots = new long[CAPACITY_MIN * LONGS];
  private int size;
  private long bytes;

  public PackSet() {}

  /** How many packs there are. */
  public int size() {
    return size;
  }

  /** The sum of their sizes. */
  public long bytes() {
    return bytes;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** Adds a pack whose size does not matter. */
  public void add(PackName pack) {
    add(pack, 0);
  }

  /** Adds a pack of {@code length} bytes; one that is there already stays as it is. */
  public void add(PackName pack, long length) {
    int slot = slotOf(pack);
    if (slots[slot + SIZE] != 0) {
      return;
    }
    put(slot, pack, length);
    size++;
    bytes += length;
    if (size * 4L > slots.length / LONGS * 3L) {
      grow();
    }
  }

  /** Adds all packs of another set. */
  public void addAll(PackSet other) {
    other.forEach(pack -> add(pack, other.bytes(pack)));
  }

  public boolean contains(PackName pack) {
    return slots[slotOf(pack) + SIZE] != 0;
  }

  /** The size of a pack; 0 when it is not there. */
  public long bytes(PackName pack) {
    return Math.max(0, slots[slotOf(pack) + SIZE] - 1);
  }

  /** A number below {@link #places} that no other pack has, until the set grows; -1 when the pack is not there. */
  public int place(PackName pack) {
    int slot = slotOf(pack);
    return slots[slot + SIZE] == 0 ? -1 : slot / LONGS;
  }

  /** More than any {@link #place}. */
  public int places() {
    return slots.length / LONGS;
  }

  /** Hands out each pack once, in no order that means anything. */
  public void forEach(Consumer<PackName> consumer) {
    for (int slot = 0; slot < slots.length; slot += LONGS) {
      if (slots[slot + SIZE] != 0) {
        consumer.accept(at(slots, slot));
      }
    }
  }

  private static PackName at(long[] slots, int slot) {
    return new PackName(new SessionId(new Hex128(slots[slot], slots[slot + 1])), new Hex128(slots[slot + 2], slots[slot + 3]));
  }

  /** The slot that holds the pack, or the free one where it belongs. Ids are random, so their bits are a good hash. */
  private int slotOf(PackName pack) {
    int mask = slots.length / LONGS - 1;
    int slot = (int) (pack.pack().low() ^ pack.session().bits().low() * 31) & mask;
    while (slots[slot * LONGS + SIZE] != 0 && !holds(slot * LONGS, pack)) {
      slot = slot + 1 & mask;
    }
    return slot * LONGS;
  }

  private boolean holds(int slot, PackName pack) {
    return slots[slot + 3] == pack.pack().low()
        && slots[slot + 2] == pack.pack().high()
        && slots[slot + 1] == pack.session().bits().low()
        && slots[slot] == pack.session().bits().high();
  }

  private void put(int slot, PackName pack, long length) {
    slots[slot] = pack.session().bits().high();
    slots[slot + 1] = pack.session().bits().low();
    slots[slot + 2] = pack.pack().high();
    slots[slot + 3] = pack.pack().low();
    slots[slot + SIZE] = length + 1;
  }

  private void grow() {
    long[] old = slots;
    slots = new long[old.length * 2];
    for (int slot = 0; slot < old.length; slot += LONGS) {
      if (old[slot + SIZE] != 0) {
        PackName pack = at(old, slot);
        put(slotOf(pack), pack, old[slot + SIZE] - 1);
      }
    }
  }
}
