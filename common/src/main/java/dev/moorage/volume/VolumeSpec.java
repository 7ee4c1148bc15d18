package dev.moorage.volume;

/**
 * What a volume is to be. {@code filesystem} says what the volume holds when {@code access} is {@link Access#FILESYSTEM} and
 * the backend makes filesystems; otherwise it is kept but has no effect. {@code preallocated} claims every byte at once.
 */
public record VolumeSpec(
    ByteSize size, BackendKind backend, Access access, FilesystemType filesystem, boolean preallocated) {

  public VolumeSpec withSize(ByteSize newSize) {
    return new VolumeSpec(newSize, backend, access, filesystem, preallocated);
  }
}
