package dev.moorage.repository.pack;

import dev.moorage.repository.KnownRandom;
import dev.moorage.repository.SessionId;
import dev.moorage.repository.key.KeyRing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/** A pack in memory with the texts that are in it. */
record WrittenPack(FinishedPack pack, Bytes bytes, List<PackEntry> entries, List<byte[]> texts) {

  /** Bytes, so that a record may have them. */
  static final class Bytes {
    private final byte[] content;

    Bytes(byte[] content) {
      this.content = content;
    }

    byte[] get() {
      return content.clone();
    }
  }

  static WrittenPack write(KeyRing ring, String seed, List<byte[]> texts) throws IOException {
    SecureRandom random = new KnownRandom(seed);
    ByteArrayOutputStream spool = new ByteArrayOutputStream();
    List<PackEntry> entries = new ArrayList<>();
    int longest = texts.stream().mapToInt(text -> text.length).max().orElse(0);
    PackName name = PackName.random(SessionId.random(random), random);
    PackWriter writer = PackWriter.begin(ring, name, PackKind.DATA, Channels.newChannel(spool), PackWriter.TARGET_BYTES);
    try (BlobSealer sealer = new BlobSealer(ring, longest)) {
      SealedBlob buffer = new SealedBlob(longest);
      for (byte[] text : texts) {
        BlobId id = sealer.id(text, 0, text.length);
        entries.add(new PackEntry(id, writer.add(sealer, id, text, 0, text.length, buffer)));
      }
      FinishedPack finished = writer.finish(sealer);
      return new WrittenPack(finished, new Bytes(spool.toByteArray()), entries, texts);
    }
  }

  PackName name() {
    return pack.name();
  }

  PackSource source() {
    return PackSource.of(bytes.content);
  }
}
