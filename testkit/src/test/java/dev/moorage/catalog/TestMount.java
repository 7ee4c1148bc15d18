package dev.moorage.catalog;

import dev.moorage.process.Command;
import dev.moorage.testkit.Scratch;
import java.io.IOException;
import java.nio.file.Path;

/** A device mounted on a directory of its own, until it is closed. */
record TestMount(Path directory) implements AutoCloseable {

  static TestMount of(Path device) throws IOException {
    Path directory = Scratch.directory("mount");
    Command.of("mount", device.toString(), directory.toString()).run();
    return new TestMount(directory);
  }

  @Override
  public void close() {
    Scratch.remove(directory);
  }
}
