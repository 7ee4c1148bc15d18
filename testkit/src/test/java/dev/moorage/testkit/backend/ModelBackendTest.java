package dev.moorage.testkit.backend;

import dev.moorage.volume.Access;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.FilesystemType;
import dev.moorage.volume.VolumeSpec;
import org.junit.jupiter.api.Nested;

/** The reference model keeps the contract that it is the reference for. */
class ModelBackendTest {

  private static VolumeSpec spec(Access access) {
    return new VolumeSpec(ByteSize.ofMebibytes(4), BackendKind.IMAGE, access, FilesystemType.EXT4, false);
  }

  @Nested
  class Trees extends VolumeBackendContract {
    @Override
    protected BackendFixture open() {
      return BackendFixture.model(spec(Access.FILESYSTEM));
    }
  }

  @Nested
  class Devices extends VolumeBackendContract {
    @Override
    protected BackendFixture open() {
      return BackendFixture.model(spec(Access.BLOCK));
    }
  }
}
