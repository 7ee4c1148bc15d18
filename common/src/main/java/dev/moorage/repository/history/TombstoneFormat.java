package dev.moorage.repository.history;

import dev.moorage.repository.Hex128;
import dev.moorage.repository.SessionId;
import dev.moorage.repository.UnreadableException;
import dev.moorage.repository.pack.PackName;
import dev.moorage.volume.VolumeId;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Tombstones and lists of sessions as bytes, before they are sealed. Big-endian:
 * <pre>
 *   tombstone  version u8 = 1 | volumes u32 | { volume 16 | seq u64 }… | sessions u32 | { session 16 | packs u32 | { pack 16 }… }…
 *   sessions   version u8 = 1 | sessions u32 | { session 16 }…
 * </pre>
 */
final class TombstoneFormat {

  private static final int VERSION = 1;

  private TombstoneFormat() {}

  private interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  private interface Reading<T> {
    T from(ByteBuffer in);
  }

  static byte[] write(Tombstone tombstone) {
    Map<SessionId, List<Hex128>> bySession = new LinkedHashMap<>();
    tombstone.packs().forEach(pack -> bySession.computeIfAbsent(pack.session(), _ -> new ArrayList<>()).add(pack.pack()));
    return bytes(out -> {
      out.writeInt(tombstone.frontier().size());
      for (Map.Entry<VolumeId, Long> each : tombstone.frontier().entrySet()) {
        out.writeLong(each.getKey().value().getMostSignificantBits());
        out.writeLong(each.getKey().value().getLeastSignificantBits());
        out.writeLong(each.getValue());
      }
      out.writeInt(bySession.size());
      for (Map.Entry<SessionId, List<Hex128>> each : bySession.entrySet()) {
        write(out, each.getKey().bits());
        writeAll(out, each.getValue());
      }
    });
  }

  static byte[] write(List<SessionId> sessions) {
    return bytes(out -> writeAll(out, sessions.stream().map(SessionId::bits).toList()));
  }

  private static byte[] bytes(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      writing.to(out);
    } catch (IOException e) {
      throw new UncheckedIOException("BUG: memory refused bytes", e);
    }
    return bytes.toByteArray();
  }

  private static void writeAll(DataOutputStream out, List<Hex128> ids) throws IOException {
    out.writeInt(ids.size());
    for (Hex128 id : ids) {
      write(out, id);
    }
  }

  private static void write(DataOutputStream out, Hex128 id) throws IOException {
    out.writeLong(id.high());
    out.writeLong(id.low());
  }

  static Tombstone readTombstone(String place, Hex128 id, byte[] bytes) throws UnreadableException {
    return read(place, bytes, in -> {
      Map<VolumeId, Long> frontier = new HashMap<>();
      for (int volumes = in.getInt(); volumes > 0; volumes--) {
        frontier.put(new VolumeId(new UUID(in.getLong(), in.getLong())), in.getLong());
      }
      PackSet packs = new PackSet();
      for (int sessions = in.getInt(); sessions > 0; sessions--) {
        SessionId session = new SessionId(Hex128.read(in));
        for (int count = in.getInt(); count > 0; count--) {
          packs.add(new PackName(session, Hex128.read(in)));
        }
      }
      return new Tombstone(id, frontier, packs);
    });
  }

  static List<SessionId> readSessions(String place, byte[] bytes) throws UnreadableException {
    return read(place, bytes, in -> {
      List<SessionId> sessions = new ArrayList<>();
      for (int count = in.getInt(); count > 0; count--) {
        sessions.add(new SessionId(Hex128.read(in)));
      }
      return sessions;
    });
  }

  private static <T> T read(String place, byte[] bytes, Reading<T> reading) throws UnreadableException {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      int version = in.get();
      if (version != VERSION) {
        throw new UnreadableException.Newer(place, version, VERSION);
      }
      T result = reading.from(in);
      if (in.hasRemaining()) {
        throw new UnreadableException.Damaged(place, "has " + in.remaining() + " bytes too many");
      }
      return result;
    } catch (BufferUnderflowException e) {
      throw new UnreadableException.Damaged(place, "ends too early", e);
    }
  }
}
