package dev.moorage.catalog;

import dev.moorage.volume.Snapshot;
import dev.moorage.volume.Volume;
import java.nio.file.Path;

/** What an entry of one of the pool's directories turned out to be. */
sealed interface Found {

  record OfVolume(Path directory, Volume volume) implements Found {}

  record OfSnapshot(Path directory, Snapshot snapshot) implements Found {}

  /** Left alone. */
  record Puzzle(Problem problem) implements Found {}
}
