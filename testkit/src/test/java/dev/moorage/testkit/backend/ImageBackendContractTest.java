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

  @Nested
  class RawDevicesOnXfs extends VolumeBackendContract implements DeviceContract {
    @Override
    protected BackendFixture open() {
      return BackendFixture.plain(TestDisk.Kind.XFS, BLOCK);
    }
  }

  private static VolumeSpec filesystem(FilesystemType type) {
    ByteSize size = switch (type) {
      case EXT4 -> ByteSize.ofMebibytes(48);
      case XFS -> ByteSize.ofMebibytes(300);
    };
    return new VolumeSpec(size, BackendKind.IMAGE, Access.FILESYSTEM, type, false);
  }

  @Nested
  class Ext4OnXfs extends VolumeBackendContract implements DeviceContract, LiveContract {
    @Override
    protected BackendFixture open() {
      return BackendFixture.plain(TestDisk.Kind.XFS, filesystem(FilesystemType.EXT4));
    }
  }

  @Nested
  class XfsOnXfs extends VolumeBackendContract implements DeviceContract, LiveContract {
    @Override
    protected BackendFixture open() {
      return BackendFixture.plain(TestDisk.Kind.XFS, filesystem(FilesystemType.XFS));
    }
  }
}
