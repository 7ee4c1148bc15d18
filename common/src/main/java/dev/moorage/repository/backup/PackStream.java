package dev.moorage.repository.backup;

import dev.moorage.objectstore.ObjectKey;
import dev.moorage.repository.pack.BlobId;
import dev.moorage.repository.pack.BlobRef;
import dev.moorage.repository.pack.BlobSealer;
import dev.moorage.repository.pack.FinishedPack;
import dev.moorage.repository.pack.PackKind;
import dev.moorage.repository.pack.PackName;
import dev.moorage.repository.pack.PackWriter;
import dev.moorage.repository.pack.SealedBlob;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/**
 * Blobs that go into one pack after the other: each is filled in a spool file and handed over to be sent when it is full. A stream
 * that failed is closed, and its unfinished pack is never sent. One thread.
 */
final class PackStream implements AutoCloseable {

  private final PackStreams streams;
  private final PackKind kind;
  private final BlobSealer sealer;
  private final SealedBlob sealed;
  private final ByteBuffer chunk = SpoolFile.chunk();
  private @Nullable Filling filling;

  /** The pack that is being filled. */
  private record Filling(PackWriter writer, SpoolFile file, int number) {}

  PackStream(PackStreams streams, PackKind kind, BlobSealer sealer, int plainLengthMax) {
    this.streams = streams;
    this.kind = kind;
    this.sealer = sealer;
    this.sealed = new SealedBlob(plainLengthMax);
  }

  /** Seals a text into the present pack, or into the next one when it is full. */
  BlobRef add(BlobId id, byte[] text, int offset, int length) throws IOException {
    Filling into = filling;
    if (into != null && !into.writer.fits(length)) {
      finish();
      into = null;
    }
    if (into == null) {
      into = begin();
    }
    return into.writer.add(sealer, id, text, offset, length, sealed);
  }

  /** The number, in {@link PackStreams#pack}, of the pack that took the last blob. */
  int number() {
    Filling now = filling;
    if (now == null) {
      throw new IllegalStateException("BUG: no blob was added yet");
    }
    return now.number;
  }

  private Filling begin() throws IOException {
    PackName name = streams.newName();
    SpoolFile file = SpoolFile.create(streams.spool().resolve(name.pack().toString()), chunk);
    try {
      PackWriter writer = PackWriter.begin(streams.ring(), name, kind, file, PackWriter.TARGET_BYTES);
      Filling begun = new Filling(writer, file, streams.register(name));
      filling = begun;
      return begun;
    } catch (IOException e) {
      drop(file);
      throw e;
    }
  }

  /** Ends the pack under way, if there is one, and hands it over. */
  void finish() throws IOException {
    Filling last = filling;
    if (last == null) {
      return;
    }
    FinishedPack pack = last.writer.finish(sealer);
    last.file.finish();
    filling = null;
    streams.uploads().send(new ObjectKey(pack.name().key()), last.file.path(), pack.bytes(), pack.crc32c());
  }

  /** Drops a pack that was not finished. */
  @Override
  public void close() throws IOException {
    Filling unfinished = filling;
    if (unfinished != null) {
      filling = null;
      drop(unfinished.file);
    }
  }

  private static void drop(SpoolFile file) throws IOException {
    file.close();
    Files.deleteIfExists(file.path());
  }
}
