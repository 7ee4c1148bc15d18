package dev.moorage.backend.image;

import dev.moorage.backend.BackendFailure;
import dev.moorage.backend.Home;
import dev.moorage.backend.Origin;
import dev.moorage.failpoint.Failpoint;
import dev.moorage.filesystem.Filesystem;
import dev.moorage.linux.FileOps;
import dev.moorage.pool.Pool;
import dev.moorage.volume.Access;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeSpec;
import java.io.IOException;
import java.nio.file.Files;

/** Makes the image of a new home from each kind of origin. Safe for use by several threads on different homes. */
final class ImageMaker {

  private final Pool pool;
  private final Templates templates;
  private final Holds holds;

  ImageMaker(Pool pool, Templates templates, Holds holds) {
    this.pool = pool;
    this.templates = templates;
    this.holds = holds;
  }

  void make(Home home, VolumeSpec spec, Origin origin) throws VolumeException {
    String action = "create volume " + home.id();
    Image image = Image.of(home);
    long bytes = bytes(action, spec);
    try {
      removeOld(action, image);
      if (spec.preallocated()) {
        pool.ensureHeadroom(bytes);
      }
      fill(action, image, new Wanted(spec, bytes), origin);
      Failpoint.IMAGE_FILLED.reach();
      if (spec.preallocated()) {
        // Last, because formatting and cloning leave holes. Blocks that a clone shares stay shared: the first write to each
        // one needs a new block, which the pool's accounting has to keep free.
        FileOps.allocate(image.file(), 0, bytes);
      }
      image.flush();
    } catch (IOException e) {
      throw BackendFailure.of(action, e);
    }
  }

  /** The spec, and its size as the file will have it. */
  private record Wanted(VolumeSpec spec, long bytes) {}

  private void fill(String action, Image image, Wanted wanted, Origin origin) throws IOException, VolumeException {
    switch (origin) {
      case Origin.Empty() -> format(image, wanted);
      case Origin.RestoreTarget() -> image.makeSparse(wanted.bytes);
      case Origin.CloneOf clone -> {
        Image source = source(action, clone.source(), wanted.bytes);
        Flush.before(action, clone.source(), clone.mountPoint());
        image.makeCloneOf(source.file());
        Failpoint.IMAGE_CLONED.reach();
        if (source.size() < wanted.bytes) {
          image.setSize(wanted.bytes);
        }
      }
      case Origin.CopyOf copy -> {
        Image source = source(action, copy.source(), wanted.bytes);
        image.makeSparse(wanted.bytes);
        SparseCopy.copy(source.file(), image.file(), copy.progress());
      }
    }
  }

  private void format(Image image, Wanted wanted) throws IOException {
    if (wanted.spec.access() == Access.BLOCK) {
      image.makeSparse(wanted.bytes);
      return;
    }
    Filesystem filesystem = Filesystem.of(wanted.spec.filesystem());
    if (wanted.spec.preallocated()) {
      // Not from a template: its blocks would be shared, and what is shared is not claimed.
      image.makeSparse(wanted.bytes);
      FileOps.allocate(image.file(), 0, wanted.bytes);
      filesystem.make(image.file());
    } else {
      templates.copyInto(image, filesystem, wanted.bytes);
    }
  }

  private static Image source(String action, Home home, long bytes) throws IOException, VolumeException {
    Image source = Image.of(home);
    if (!source.exists()) {
      throw new VolumeException.NotFound(action, "there is no data at its source " + home.id(), "");
    }
    if (source.size() > bytes) {
      ByteSize least = ByteSize.ofBytes(source.size());
      throw new VolumeException.OutOfRange(action, "its source has " + least + " and " + ByteSize.ofBytes(bytes) + " were asked for",
          "Ask for " + least + " or more");
    }
    return source;
  }

  /** The size of the file: the spec's, in whole blocks. */
  private static long bytes(String action, VolumeSpec spec) throws VolumeException {
    ByteSize least = spec.access() == Access.BLOCK
        ? ByteSize.ofBytes(Image.BLOCK_BYTES)
        : Filesystem.of(spec.filesystem()).minimum();
    if (spec.size().compareTo(least) < 0) {
      String what = spec.access() == Access.BLOCK ? "a device" : "a volume with " + spec.filesystem().word();
      throw new VolumeException.OutOfRange(action, what + " has at least " + least + " and " + spec.size() + " were asked for",
          "Ask for " + least + " or more");
    }
    return wholeBlocks(action, spec.size());
  }

  static long wholeBlocks(String action, ByteSize size) throws VolumeException {
    try {
      return size.roundUpTo(Image.BLOCK_BYTES).bytes();
    } catch (ArithmeticException e) {
      throw new VolumeException.OutOfRange(action, "no file can have " + size, "Ask for less", e);
    }
  }

  private void removeOld(String action, Image image) throws IOException, VolumeException {
    if (image.exists()) {
      if (!image.release(holds)) {
        throw new VolumeException.InUse(action, "its old data is in use", "Stop whoever uses it first");
      }
      Files.delete(image.file());
    }
  }
}
