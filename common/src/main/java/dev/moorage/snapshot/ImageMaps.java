package dev.moorage.snapshot;

import java.io.IOException;
import java.nio.file.Path;

/** Tells what of an image must be read, and what may differ between two. */
public interface ImageMaps {

  /** As the filesystem tells it; see {@link ImageRanges}. */
  static ImageMaps ofFilesystem() {
    return new ImageMaps() {
      @Override
      public Ranges held(Path image) throws IOException {
        return ImageRanges.held(image);
      }

      @Override
      public boolean areComparable(Path image, Path base) throws IOException {
        return ImageRanges.areComparable(image, base);
      }

      @Override
      public Ranges changed(Path image, Path base) throws IOException {
        return ImageRanges.changed(image, base);
      }
    };
  }

  /** As {@link ImageRanges#held}. */
  Ranges held(Path image) throws IOException;

  /** As {@link ImageRanges#areComparable}. */
  boolean areComparable(Path image, Path base) throws IOException;

  /** As {@link ImageRanges#changed}. */
  Ranges changed(Path image, Path base) throws IOException;
}
