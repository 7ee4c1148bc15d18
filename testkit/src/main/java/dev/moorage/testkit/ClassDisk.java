package dev.moorage.testkit;

import dev.moorage.volume.ByteSize;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** An XFS that the tests of a class share, each in a directory of its own: a static field with {@code @RegisterExtension}. */
public final class ClassDisk implements BeforeAllCallback, AfterAllCallback {

  private final ByteSize size;
  private @Nullable TestDisk disk;

  private ClassDisk(ByteSize size) {
    this.size = size;
  }

  /** One of so many GiB. */
  public static ClassDisk ofGibibytes(long gibibytes) {
    return new ClassDisk(ByteSize.ofGibibytes(gibibytes));
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    disk = TestDisk.make(TestDisk.Kind.XFS, size);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    Objects.requireNonNull(disk).close();
  }

  /** Where it is mounted. */
  public Path directory() {
    return Objects.requireNonNull(disk).directory();
  }
}
