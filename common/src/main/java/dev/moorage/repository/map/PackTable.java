package dev.moorage.repository.map;

import dev.moorage.repository.Hex128;
import dev.moorage.repository.SessionId;
import dev.moorage.repository.pack.PackName;

/** Names of packs by number: 20 bytes each and no objects, for a large snapshot has hundreds of thousands. Immutable. */
final class PackTable {

  private final long[] sessions;
  private final long[] packs;
  private final int[] sessionOf;

  /** Takes over: two numbers per session, two per pack, the session's number of each pack. */
  PackTable(long[] sessions, long[] packs, int[] sessionOf) {
    this.sessions = sessions;
    this.packs = packs;
    this.sessionOf = sessionOf;
  }

  int size() {
    return sessionOf.length;
  }

  int sessionCount() {
    return sessions.length / 2;
  }

  PackName name(int index) {
    return new PackName(new SessionId(session(sessionOf[index])), pack(index));
  }

  Hex128 session(int number) {
    return new Hex128(sessions[2 * number], sessions[2 * number + 1]);
  }

  Hex128 pack(int index) {
    return new Hex128(packs[2 * index], packs[2 * index + 1]);
  }

  int sessionOf(int index) {
    return sessionOf[index];
  }

  long heapBytes() {
    return Long.BYTES * ((long) sessions.length + packs.length) + (long) Integer.BYTES * sessionOf.length;
  }
}
