package dev.moorage.backend.image;

import dev.moorage.backend.Attachment;
import dev.moorage.backend.BackendFailure;
import dev.moorage.backend.BackendFeature;
import dev.moorage.backend.BackendProfile;
import dev.moorage.backend.Cut;
import dev.moorage.backend.DataState;
import dev.moorage.backend.Home;
import dev.moorage.backend.HomeScan;
import dev.moorage.backend.Origin;
import dev.moorage.backend.VolumeBackend;
import dev.moorage.failpoint.Failpoint;
import dev.moorage.linux.Errno;
import dev.moorage.linux.ErrnoException;
import dev.moorage.linux.FileOps;
import dev.moorage.linux.LoopDevice;
import dev.moorage.linux.LoopDevices;
import dev.moorage.pool.Pool;
import dev.moorage.pool.PoolCapacity;
import dev.moorage.volume.Access;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/**
 * Keeps each home's data in one raw file, {@code HOME/image}, on XFS with reflink. Snapshots and clones share blocks (FICLONE); a
 * loop device brings the file within reach, one per file whatever happens (see {@link LoopDevices}).
 */
final class ImageBackend implements VolumeBackend {

  private static final BackendProfile PROFILE =
      new BackendProfile(BackendKind.IMAGE, EnumSet.allOf(BackendFeature.class));

  private final Pool pool;
  private final Holds holds = new Holds();
  private final ImageMaker maker;

  ImageBackend(Pool pool) {
    this.pool = pool;
    this.maker = new ImageMaker(pool, new Templates(pool.layout().templates(), Clock.systemUTC()), holds);
  }

  @Override
  public BackendProfile profile() {
    return PROFILE;
  }

  @Override
  public void create(Home home, VolumeSpec spec, Origin origin) throws VolumeException {
    maker.make(home, spec, origin);
  }

  @Override
  public Attachment attach(Home home, VolumeSpec spec) throws VolumeException {
    String action = "attach volume " + home.id();
    Image image = existing(action, home);
    try {
      boolean autoclear = spec.access() == Access.FILESYSTEM;
      return HeldDevice.attach(image, holds, new LoopDevices.Options(image.isSealed(), autoclear));
    } catch (ErrnoException e) {
      if (e.is(Errno.EBUSY)) {
        throw new VolumeException.InUse(action, "its device is in use and does not fit", "Stop whoever uses it first", e);
      }
      throw BackendFailure.of(action, e);
    } catch (IOException e) {
      throw BackendFailure.of(action, e);
    }
  }

  @Override
  public void detach(Home home) throws VolumeException {
    try {
      Optional<LoopDevice> device = Image.of(home).device();
      if (device.isPresent()) {
        LoopDevices.detach(device.get());
      }
    } catch (IOException e) {
      throw BackendFailure.of("detach volume " + home.id(), e);
    }
  }

  @Override
  public void grow(Home home, VolumeSpec spec) throws VolumeException {
    String action = "grow volume " + home.id();
    Image image = existing(action, home);
    long bytes = ImageMaker.wholeBlocks(action, spec.size());
    try {
      long present = image.size();
      if (bytes < present) {
        throw new VolumeException.OutOfRange(action, "it has " + ByteSize.ofBytes(present) + " already and cannot become smaller", "");
      }
      if (bytes > present) {
        enlarge(action, image, bytes, spec.preallocated());
        Failpoint.IMAGE_GROWN.reach();
      }
      // Also when the file has its size: an earlier call may have died before this.
      Optional<LoopDevice> device = image.device();
      if (device.isPresent()) {
        LoopDevices.refreshCapacity(device.get());
      }
    } catch (IOException e) {
      throw BackendFailure.of(action, e);
    }
  }

  private void enlarge(String action, Image image, long bytes, boolean preallocated) throws IOException, VolumeException {
    if (image.isSealed()) {
      throw new VolumeException.InvalidArgument(action, "it is a snapshot", "Clone it and grow the clone");
    }
    long present = image.size();
    if (preallocated) {
      pool.ensureHeadroom(bytes - present);
      FileOps.allocate(image.file(), present, bytes - present);
    } else {
      image.setSize(bytes);
    }
    FileOps.fsync(image.file());
  }

  @Override
  public void delete(Home home) throws VolumeException {
    String action = "delete volume " + home.id();
    Image image = Image.of(home);
    if (!image.exists()) {
      return;
    }
    try {
      demandRelease(action, image);
      Failpoint.IMAGE_RELEASED.reach();
      Files.delete(image.file());
      FileOps.fsync(home.directory());
    } catch (IOException e) {
      throw BackendFailure.of(action, e);
    }
  }

  @Override
  public void cut(List<Cut> members) throws VolumeException {
    if (members.isEmpty()) {
      return;
    }
    String action = members.size() == 1
        ? "cut a snapshot of volume " + members.getFirst().volume().id()
        : "cut a snapshot of " + members.size() + " volumes";
    try {
      ImageCut.of(action, members);
    } catch (IOException e) {
      throw BackendFailure.of(action, e);
    }
  }

  @Override
  public void replace(Home home, Home replacement) throws VolumeException {
    String action = "replace the data of volume " + home.id();
    Image image = Image.of(home);
    Image other = existing(action, replacement);
    try {
      demandRelease(action, image);
      demandRelease(action, other);
      Files.move(other.file(), image.file(), StandardCopyOption.ATOMIC_MOVE);
      Failpoint.IMAGE_REPLACED.reach();
      // The new place first: a power cut between the two may leave both names, never none.
      FileOps.fsync(home.directory());
      FileOps.fsync(replacement.directory());
    } catch (IOException e) {
      throw BackendFailure.of(action, e);
    }
  }

  @Override
  public Path raw(Home home) throws VolumeException {
    return existing("read the raw data of " + home.id(), home).file();
  }

  @Override
  public DataState inspect(Home home) throws VolumeException {
    String action = "inspect volume " + home.id();
    Image image = existing(action, home);
    try {
      Optional<LoopDevice> device = image.device();
      return new DataState(ByteSize.ofBytes(image.size()), FileOps.allocated(image.file()), FileOps.extentCount(image.file()),
          device.map(LoopDevice::path), device.isEmpty() || holds.isIdle(image, device.get()));
    } catch (IOException e) {
      throw BackendFailure.of(action, e);
    }
  }

  @Override
  public PoolCapacity capacity() throws VolumeException {
    return pool.capacity();
  }

  @Override
  public List<Home> list() throws VolumeException {
    try {
      return HomeScan.of(pool.layout(), home -> Image.of(home).exists());
    } catch (IOException e) {
      throw BackendFailure.of("list the images of pool " + pool.name(), e);
    }
  }

  private static Image existing(String action, Home home) throws VolumeException {
    Image image = Image.of(home);
    if (!image.exists()) {
      throw new VolumeException.NotFound(action, "there is no image in " + home.directory(), "");
    }
    return image;
  }

  private void demandRelease(String action, Image image) throws IOException, VolumeException {
    if (!image.release(holds)) {
      throw new VolumeException.InUse(action, "its device is in use", "Stop whoever uses it first");
    }
  }
}
