package dev.moorage.testkit.simulation;

import dev.moorage.repository.Hex128;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads a tombstone by its documented layout, apart from the code that is tested. */
final class TombstoneText {

  private static final int VOLUME_BYTES = 24;

  private TombstoneText() {}

  /** The sessions whose packs it dooms. */
  static List<String> sessions(byte[] text) {
    ByteBuffer in = ByteBuffer.wrap(text).position(1);
    int volumes = in.getInt();
    in.position(in.position() + volumes * VOLUME_BYTES);
    List<String> sessions = new ArrayList<>();
    for (int count = in.getInt(); count > 0; count--) {
      sessions.add(Hex128.read(in).toString());
      int packs = in.getInt();
      in.position(in.position() + packs * Hex128.BYTES);
    }
    return sessions;
  }
}
