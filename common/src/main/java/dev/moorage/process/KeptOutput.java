package dev.moorage.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads one stream of a process to its end on a thread of its own, and keeps the first MiB. */
final class KeptOutput {

  static final int BYTES_MAX = 1 << 20;
  private static final int BUFFER_BYTES = 8192;

  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private final Thread reader;

  private KeptOutput(InputStream stream, String threadName) {
    reader = Thread.ofPlatform().daemon().name(threadName).unstarted(() -> read(stream));
  }

  static KeptOutput of(InputStream stream, String threadName) {
    KeptOutput output = new KeptOutput(stream, threadName);
    output.reader.start();
    return output;
  }

  private void read(InputStream stream) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (stream) {
      int count = stream.read(buffer);
      while (count >= 0) {
        kept.write(buffer, 0, Math.min(count, BYTES_MAX - kept.size()));
        count = stream.read(buffer);
      }
    } catch (IOException e) {
      // The pipe broke because the program was ended; what it said until then is kept.
    }
  }

  /** Waits for the end of the stream, which the program's end brings about. */
  String text() throws InterruptedException {
    reader.join();
    return Command.decode(kept.toByteArray());
  }
}
