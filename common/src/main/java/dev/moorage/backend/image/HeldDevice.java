package dev.moorage.backend.image;

import dev.moorage.backend.Attachment;
import dev.moorage.linux.LoopDevices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** A loop device, kept bound while this is open. Closing it again does nothing. */
final class HeldDevice implements Attachment.Device {

  private final Image image;
  private final Holds holds;
  private final LoopDevices.Held held;
  private final AtomicBoolean closed = new AtomicBoolean();

  private HeldDevice(Image image, Holds holds, LoopDevices.Held held) {
    this.image = image;
    this.holds = holds;
    this.held = held;
  }

  static HeldDevice attach(Image image, Holds holds, LoopDevices.Options options) throws IOException {
    holds.add(image);
    boolean attached = false;
    try {
      HeldDevice device = new HeldDevice(image, holds, LoopDevices.attach(image.file(), options));
      attached = true;
      return device;
    } finally {
      if (!attached) {
        holds.remove(image);
      }
    }
  }

  @Override
  public Path path() {
    return held.device().path();
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      held.close();
    } catch (IOException e) {
      throw new UncheckedIOException("BUG: close(2) of our own descriptor failed", e);
    } finally {
      holds.remove(image);
    }
  }
}
