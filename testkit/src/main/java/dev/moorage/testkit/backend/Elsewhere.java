package dev.moorage.testkit.backend;

import dev.moorage.backend.Attachment;
import dev.moorage.backend.Home;
import dev.moorage.process.Command;
import dev.moorage.testkit.Scratch;
import dev.moorage.testkit.Until;
import dev.moorage.volume.Access;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A process with a mount namespace of its own that mounts a volume, or holds it open when it is a raw device; as a container does
 * whose mounts are not in our mount table.
 */
final class Elsewhere implements AutoCloseable {

  private final Path device;
  private final boolean raw;
  private final Path marks;
  private final CompletableFuture<Void> process;

  private Elsewhere(Path device, boolean raw, Path marks, CompletableFuture<Void> process) {
    this.device = device;
    this.raw = raw;
    this.marks = marks;
    this.process = process;
  }

  static Elsewhere use(BackendFixture fixture, Home home) throws Exception {
    Path marks = Scratch.directory("elsewhere");
    Path mountPoint = Files.createDirectory(marks.resolve("mnt"));
    Path ready = marks.resolve("ready");
    boolean raw = fixture.spec().access() == Access.BLOCK;
    try (Attachment attachment = fixture.backend().attach(home, fixture.spec())) {
      String use = raw ? "exec 9<>" + attachment.path() : "mount " + attachment.path() + " " + mountPoint;
      String script = use + " && touch " + ready + " && while [ ! -e " + marks.resolve("end") + " ]; do sleep 0.02; done";
      CompletableFuture<Void> process = CompletableFuture.runAsync(() -> run("unshare", "--mount", "sh", "-c", script));
      Until.demand("another mount namespace uses the volume", Duration.ofSeconds(20), () -> Files.exists(ready) || process.isDone());
      return new Elsewhere(attachment.path(), raw, marks, process);
    }
  }

  private static void run(String... argv) {
    try {
      Command.of(argv).run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path device() {
    return device;
  }

  boolean isRaw() {
    return raw;
  }

  /** Ends the process and waits for its end; throws when it failed. */
  @Override
  public void close() throws IOException {
    Files.createFile(marks.resolve("end"));
    process.join();
    Scratch.remove(marks);
  }
}
