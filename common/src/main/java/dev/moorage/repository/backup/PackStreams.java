package dev.moorage.repository.backup;

import dev.moorage.repository.SessionId;
import dev.moorage.repository.key.KeyRing;
import dev.moorage.repository.pack.PackName;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/** What all pack streams of one backup share, and the numbers by which it calls its packs. Safe for use by several threads. */
final class PackStreams {

  private final KeyRing ring;
  private final SessionId session;
  private final Path spool;
  private final Uploads uploads;
  private final SecureRandom random = new SecureRandom();
  private final List<PackName> packs = new ArrayList<>();

  PackStreams(KeyRing ring, SessionId session, Path spool, Uploads uploads) {
    this.ring = ring;
    this.session = session;
    this.spool = spool;
    this.uploads = uploads;
  }

  KeyRing ring() {
    return ring;
  }

  Path spool() {
    return spool;
  }

  Uploads uploads() {
    return uploads;
  }

  PackName newName() {
    return PackName.random(session, random);
  }

  /** Gives a pack a number. */
  synchronized int register(PackName pack) {
    packs.add(pack);
    return packs.size() - 1;
  }

  synchronized PackName pack(int number) {
    return packs.get(number);
  }
}
