package dev.moorage.linux;

/** The errno values that Moorage tells apart (asm-generic/errno-base.h and errno.h; equal on x86-64 and arm64). */
public final class Errno {

  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int ESRCH = 3;
  public static final int EINTR = 4;
  public static final int EIO = 5;
  public static final int ENXIO = 6;
  public static final int EAGAIN = 11;
  public static final int EACCES = 13;
  public static final int ENOTBLK = 15;
  public static final int EBUSY = 16;
  public static final int EEXIST = 17;
  public static final int EXDEV = 18;
  public static final int ENODEV = 19;
  public static final int ENOTDIR = 20;
  public static final int EISDIR = 21;
  public static final int EINVAL = 22;
  public static final int ENOTTY = 25;
  public static final int EFBIG = 27;
  public static final int ENOSPC = 28;
  public static final int EROFS = 30;
  public static final int ERANGE = 34;
  public static final int ENOSYS = 38;
  public static final int ENODATA = 61;
  public static final int EOPNOTSUPP = 95;
  public static final int EUCLEAN = 117;
  public static final int EDQUOT = 122;

  private Errno() {}

  static String text(int errno) {
    return switch (errno) {
      case EPERM -> "operation not permitted";
      case ENOENT -> "no such file or directory";
      case ESRCH -> "no such process";
      case EINTR -> "interrupted";
      case EIO -> "input/output error";
      case ENXIO -> "no such device or address";
      case EAGAIN -> "temporarily unavailable";
      case EACCES -> "permission denied";
      case ENOTBLK -> "not a block device";
      case EBUSY -> "device or resource busy";
      case EEXIST -> "already exists";
      case EXDEV -> "on another filesystem";
      case ENODEV -> "no such device";
      case ENOTDIR -> "not a directory";
      case EISDIR -> "is a directory";
      case EINVAL -> "invalid argument";
      case ENOTTY -> "not supported by this file";
      case EFBIG -> "file too large";
      case ENOSPC -> "no space left";
      case EROFS -> "read-only filesystem";
      case ERANGE -> "too large";
      case ENOSYS -> "this kernel does not know the call";
      case ENODATA -> "no such attribute";
      case EOPNOTSUPP -> "not supported";
      case EUCLEAN -> "the filesystem needs repair";
      case EDQUOT -> "quota exceeded";
      default -> "error " + errno;
    };
  }
}
