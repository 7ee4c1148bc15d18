package dev.moorage.backend.image;

import dev.moorage.backend.Attachment;
import dev.moorage.linux.LoopDevices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** A loop device, kept bound while this is open. */
record HeldDevice(LoopDevices.Held held) implements Attachment.Device {

  @Override
  public Path path() {
    return held.device().path();
  }

  @Override
  public void close() {
    try {
      held.close();
    } catch (IOException e) {
      throw new UncheckedIOException("BUG: close(2) of our own descriptor failed", e);
    }
  }
}
