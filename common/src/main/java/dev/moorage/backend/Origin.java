package dev.moorage.backend;

import java.util.function.DoubleConsumer;

/** What the data of a new home begins as. */
public sealed interface Origin {

  /** Zeros, formatted when the spec says filesystem. */
  record Empty() implements Origin {}

  /**
   * Shares every block of a snapshot or of a volume (one point in time even while the volume is written, as after a power cut).
   * The spec's size must be at least the source's.
   */
  record CloneOf(Home source) implements Origin {}

  /** Shares nothing: a copy in as few extents as possible, holes kept. {@code progress} hears fractions from 0 to 1. */
  record CopyOf(Home source, DoubleConsumer progress) implements Origin {}

  /** Zeros, never formatted: {@link VolumeBackend#raw} will be written by a restore. */
  record RestoreTarget() implements Origin {}
}
