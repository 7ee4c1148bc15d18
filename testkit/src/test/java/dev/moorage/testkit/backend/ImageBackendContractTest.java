package dev.moorage.testkit.backend;

import dev.moorage.testkit.TestDisk;
import dev.moorage.volume.Access;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.FilesystemType;
import dev.moorage.volume.VolumeSpec;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The image backend keeps the contract: with each filesystem inside, on XFS and on a pool file over what else there is. */
@Tag("root")
class ImageBackendContractTest {

  private static final VolumeSpec BLOCK =
      new VolumeSpec(ByteSize.ofMebibytes(8), BackendKind.IMAGE, Access.BLOCK, FilesystemType.EXT4, false);
  private static final VolumeSpec EXT4 = filesystem(FilesystemType.EXT4, 48);
  private static final VolumeSpec XFS = filesystem(FilesystemType.XFS, 300);

  private static VolumeSpec filesystem(FilesystemType type, long mebibytes) {
    return new VolumeSpec(ByteSize.ofMebibytes(mebibytes), BackendKind.IMAGE, Access.FILESYSTEM, type, false);
  }

  /** Volumes with a filesystem in a pool on one kind of disk. */
  abstract static class Mounted extends VolumeBackendContract implements DeviceContract, LiveContract {

    private final TestDisk.Kind disk;
    private final VolumeSpec spec;

    Mounted(TestDisk.Kind disk, VolumeSpec spec) {
      this.disk = disk;
      this.spec = spec;
    }

    @Override
    protected BackendFixture open() throws Exception {
      return BackendFixture.onDisk(disk, spec);
    }
  }

  @Nested
  class RawDevicesOnXfs extends VolumeBackendContract implements DeviceContract {
    @Override
    protected BackendFixture open() throws Exception {
      return BackendFixture.onDisk(TestDisk.Kind.XFS, BLOCK);
    }
  }

  @Nested
  class RawDevicesOnAPoolFileOverExt4 extends VolumeBackendContract implements DeviceContract {
    @Override
    protected BackendFixture open() throws Exception {
      return BackendFixture.onDisk(TestDisk.Kind.EXT4, BLOCK);
    }
  }

  @Nested
  class Ext4OnXfs extends Mounted {
    Ext4OnXfs() {
      super(TestDisk.Kind.XFS, EXT4);
    }
  }

  /** With Debian's own kernel, and with the privilege that growing a mounted ext4 needs. */
  @Nested
  @Tag("guest")
  class Ext4OnXfsInAGuest extends Mounted {
    Ext4OnXfsInAGuest() {
      super(TestDisk.Kind.XFS, EXT4);
    }
  }

  @Nested
  class XfsOnXfs extends Mounted {
    XfsOnXfs() {
      super(TestDisk.Kind.XFS, XFS);
    }
  }

  @Nested
  class Ext4OnAPoolFileOverExt4 extends Mounted {
    Ext4OnAPoolFileOverExt4() {
      super(TestDisk.Kind.EXT4, EXT4);
    }
  }

  @Nested
  class XfsOnAPoolFileOverExt4 extends Mounted {
    XfsOnAPoolFileOverExt4() {
      super(TestDisk.Kind.EXT4, XFS);
    }
  }

  @Nested
  class Ext4OnAPoolFileOverBtrfs extends Mounted {
    Ext4OnAPoolFileOverBtrfs() {
      super(TestDisk.Kind.BTRFS, EXT4);
    }
  }

  @Nested
  class XfsOnAPoolFileOverBtrfs extends Mounted {
    XfsOnAPoolFileOverBtrfs() {
      super(TestDisk.Kind.BTRFS, XFS);
    }
  }

  @Nested
  class Ext4OnAPoolFileOverTmpfs extends Mounted {
    Ext4OnAPoolFileOverTmpfs() {
      super(TestDisk.Kind.TMPFS, EXT4);
    }
  }

  @Nested
  class XfsOnAPoolFileOverTmpfs extends Mounted {
    XfsOnAPoolFileOverTmpfs() {
      super(TestDisk.Kind.TMPFS, XFS);
    }
  }
}
