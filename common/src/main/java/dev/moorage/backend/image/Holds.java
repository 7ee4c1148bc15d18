package dev.moorage.backend.image;

import dev.moorage.linux.LoopDevice;
import dev.moorage.linux.LoopDevices;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Which images have an open {@link HeldDevice}: somebody is about to mount them. To ask the kernel whether a device is idle means
 * to claim it for a moment, and a mount that comes in that moment fails as busy; so what is held is never asked about, and two
 * questions never meet. Safe for use by several threads.
 */
final class Holds {

  private final Map<Image, Integer> counts = new HashMap<>();

  synchronized void add(Image image) {
    counts.merge(image, 1, Integer::sum);
  }

  synchronized void remove(Image image) {
    counts.computeIfPresent(image, (_, count) -> count == 1 ? null : count - 1);
  }

  /** Whether nobody uses the device that the image is bound to, and nobody here is about to. */
  synchronized boolean isIdle(Image image, LoopDevice device) throws IOException {
    return !counts.containsKey(image) && LoopDevices.isIdle(device);
  }
}
