package dev.moorage.linux;

import java.nio.file.Path;

/** A loop device that is bound to a file. A value: holding one keeps nothing open. */
public record LoopDevice(int number) {

  public Path path() {
    return Path.of("/dev/loop" + number);
  }
}
