package dev.moorage.backend;

import java.nio.file.Path;

/**
 * The data of a home within reach of this host. Closing it gives up the hold, not the attachment: a device that has been
 * mounted or opened meanwhile stays, one that nobody uses may go.
 */
public sealed interface Attachment extends AutoCloseable {

  /** The device to mount or hand out, or the directory to bind. */
  Path path();

  @Override
  void close();

  /** A block device that holds a filesystem or raw bytes. */
  non-sealed interface Device extends Attachment {}

  /** A directory tree, ready to be bound. */
  record Tree(Path path) implements Attachment {
    @Override
    public void close() {}
  }
}
