package dev.moorage.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The extended attributes of a file, directory or symbolic link itself (xattr(7)), POSIX ACLs and capabilities among them. */
public final class ExtendedAttributes {

  /** XATTR_LIST_MAX and XATTR_SIZE_MAX: what is larger the kernel does not hand out. */
  private static final int LARGEST_BYTES = 64 << 10;

  private ExtendedAttributes() {}

  /**
   * Gives {@code target} all attributes that {@code source} has. Neither is followed when it is a symbolic link.
   *
   * @return those that the filesystem of {@code target}, or this user, does not take
   */
  public static List<String> copy(Path source, Path target) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(LARGEST_BYTES);
      MemorySegment from = text(arena, bytes(source));
      long length;
      try {
        length = Libc.llistxattr(from, source.toString(), buffer, LARGEST_BYTES);
      } catch (ErrnoException e) {
        if (e.is(Errno.EOPNOTSUPP)) {
          return List.of();
        }
        throw e;
      }
      List<String> refused = new ArrayList<>();
      byte[] names = buffer.asSlice(0, length).toArray(JAVA_BYTE);
      MemorySegment to = text(arena, bytes(target));
      for (int begin = 0, end = 0; begin < names.length; begin = end + 1) {
        end = begin;
        while (names[end] != 0) {
          end++;
        }
        String shown = new String(names, begin, end - begin, StandardCharsets.UTF_8);
        MemorySegment name = arena.allocateFrom(JAVA_BYTE, MemorySegment.ofArray(names), JAVA_BYTE, begin, end - begin + 1L);
        long size = Libc.lgetxattr(from, source.toString(), name, buffer, LARGEST_BYTES);
        if (!set(to, target, name, buffer, size)) {
          refused.add(shown);
        }
      }
      return refused;
    }
  }

  private static boolean set(MemorySegment to, Path target, MemorySegment name, MemorySegment value, long size) throws ErrnoException {
    try {
      Libc.lsetxattr(to, target.toString(), name, value, size);
      return true;
    } catch (ErrnoException e) {
      return switch (e.errno()) {
        case Errno.EOPNOTSUPP, Errno.EPERM, Errno.EINVAL -> false;
        default -> throw e;
      };
    }
  }

  private static MemorySegment text(Arena arena, byte[] bytes) {
    MemorySegment text = arena.allocate(bytes.length + 1L);
    MemorySegment.copy(bytes, 0, text, JAVA_BYTE, 0, bytes.length);
    return text;
  }

  /** The name as the kernel has it. A name that is no text in the charset of this process cannot be had as a string; its URI has the bytes. */
  private static byte[] bytes(Path path) {
    String uri = path.toUri().getRawPath();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(uri.length());
    for (int at = 0; at < uri.length(); at++) {
      if (uri.charAt(at) == '%') {
        bytes.write(Integer.parseInt(uri, at + 1, at + 3, 16));
        at += 2;
      } else {
        bytes.write(uri.charAt(at));
      }
    }
    byte[] all = bytes.toByteArray();
    // A directory's ends in a slash, which would make the kernel follow a symbolic link to one.
    int length = all.length;
    while (length > 1 && all[length - 1] == '/') {
      length--;
    }
    return Arrays.copyOf(all, length);
  }
}
