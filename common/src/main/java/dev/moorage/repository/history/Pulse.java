package dev.moorage.repository.history;

import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.Version;
import dev.moorage.repository.seal.ObjectKind;
import java.io.IOException;
import java.util.Optional;

/** Writes a session's object again and again, so that the store's clock shows that somebody is at work. Safe for several threads. */
final class Pulse {

  private final SealedObjects objects;
  private final ObjectKey key;
  private final byte[] record;
  private Optional<Version> version = Optional.empty();

  Pulse(SealedObjects objects, ObjectKey key, byte[] record) {
    this.objects = objects;
    this.key = key;
    this.record = record;
  }

  /** False when the object is gone: a collection ended the session. */
  synchronized boolean beat() throws IOException {
    return (version.isPresent() && replaced()) || (reread() && replaced());
  }

  private boolean replaced() throws IOException {
    // Forgotten first: when the answer is lost, the version is not known any more.
    Version expected = version.orElseThrow();
    version = Optional.empty();
    version = objects.replace(ObjectKind.SESSION, key, expected, record);
    return version.isPresent();
  }

  private boolean reread() throws IOException {
    version = objects.read(ObjectKind.SESSION, key).map(SealedObjects.Opened::version);
    return version.isPresent();
  }
}
