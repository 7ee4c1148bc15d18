package dev.moorage.repository.map;

import dev.moorage.repository.Hex128;
import dev.moorage.repository.pack.PackName;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Numbers packs in the order in which they are first named. One thread at a time. */
final class PackTableBuilder {

  private static final int EMPTY = -1;

  private final Map<Hex128, Integer> sessionNumbers = new HashMap<>();
  private long[] sessions = new long[16];
  private long[] packs = new long[64];
  private int[] sessionOf = new int[32];
  private int size;

  /** Open addressing: a pack's number is found at its hash or a little further. Twice as many places as packs, or more. */
  private int[] places = emptyPlaces(64);

  /** The number of this pack, a new one when it was not named yet. */
  int number(PackName name) {
    int session = session(name.session().bits());
    int place = find(name.pack(), session);
    if (places[place] == EMPTY) {
      add(name.pack(), session);
      places[place] = size - 1;
      if (size * 2 > places.length) {
        spread();
      }
      return size - 1;
    }
    return places[place];
  }

  PackTable build() {
    return new PackTable(Arrays.copyOf(sessions, 2 * sessionNumbers.size()), Arrays.copyOf(packs, 2 * size),
        Arrays.copyOf(sessionOf, size));
  }

  private int session(Hex128 id) {
    Integer known = sessionNumbers.get(id);
    if (known != null) {
      return known;
    }
    int number = sessionNumbers.size();
    sessionNumbers.put(id, number);
    if (2 * number + 1 >= sessions.length) {
      sessions = Arrays.copyOf(sessions, 2 * sessions.length);
    }
    sessions[2 * number] = id.high();
    sessions[2 * number + 1] = id.low();
    return number;
  }

  private void add(Hex128 pack, int session) {
    if (size == sessionOf.length) {
      packs = Arrays.copyOf(packs, 2 * packs.length);
      sessionOf = Arrays.copyOf(sessionOf, 2 * sessionOf.length);
    }
    packs[2 * size] = pack.high();
    packs[2 * size + 1] = pack.low();
    sessionOf[size++] = session;
  }

  /** Where the pack is, or where it would be put. */
  private int find(Hex128 pack, int session) {
    int mask = places.length - 1;
    // The bits are random already.
    int place = (int) pack.low() & mask;
    while (places[place] != EMPTY && !isAt(places[place], pack, session)) {
      place = (place + 1) & mask;
    }
    return place;
  }

  private boolean isAt(int number, Hex128 pack, int session) {
    return packs[2 * number] == pack.high() && packs[2 * number + 1] == pack.low() && sessionOf[number] == session;
  }

  private void spread() {
    places = emptyPlaces(4 * size);
    for (int number = 0; number < size; number++) {
      places[find(new Hex128(packs[2 * number], packs[2 * number + 1]), sessionOf[number])] = number;
    }
  }

  private static int[] emptyPlaces(int least) {
    int[] places = new int[Integer.highestOneBit(least - 1) << 1];
    Arrays.fill(places, EMPTY);
    return places;
  }
}
