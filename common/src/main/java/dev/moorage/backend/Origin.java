package dev.moorage.backend;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.DoubleConsumer;

/** What the data of a new home begins as. */
public sealed interface Origin {

  /** Zeros, formatted when the spec says filesystem. */
  record Empty() implements Origin {}

  /**
   * Shares every block of a snapshot or of a volume (one point in time even while the volume is written, as after a power cut).
   * The spec's size must be at least the source's. {@code mountPoint} is where the source is mounted on this host, if it is: its
   * filesystem is flushed first, so that the clone also has what was written and not yet synced.
   */
  record CloneOf(Home source, Optional<Path> mountPoint) implements Origin {

    /** A clone of something that is not mounted. */
    public CloneOf(Home source) {
      this(source, Optional.empty());
    }
  }

  /**
   * Shares nothing: a copy in as few extents as possible, holes kept. The source is a snapshot or a volume that nobody writes.
   * {@code progress} hears fractions from 0 to 1.
   */
  record CopyOf(Home source, DoubleConsumer progress) implements Origin {}

  /** Zeros, never formatted: {@link VolumeBackend#raw} will be written by a restore. */
  record RestoreTarget() implements Origin {}
}
