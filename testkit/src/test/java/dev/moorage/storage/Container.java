package dev.moorage.storage;

import dev.moorage.process.Command;
import dev.moorage.testkit.Scratch;
import dev.moorage.testkit.Until;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * What a running container is to the kernel: a process with a private mount namespace in which the volume is bound at another
 * path; nothing of it is in our mount table.
 */
final class Container implements AutoCloseable {

  private final Path marks;
  private final CompletableFuture<Void> process;

  private Container(Path marks, CompletableFuture<Void> process) {
    this.marks = marks;
    this.process = process;
  }

  /** Starts it; its data directory is the volume, and it sees nothing of the stage any more. */
  static Container on(Path stage) throws Exception {
    Path marks = Scratch.directory("container");
    Path data = Files.createDirectory(marks.resolve("data"));
    Path ready = marks.resolve("ready");
    String script = "mount --make-rprivate / && mount --bind " + stage + " " + data + " && umount " + stage + " && touch " + ready
        + " && echo alive > " + data.resolve("alive")
        + " && while [ ! -e " + marks.resolve("end") + " ]; do sleep 0.02; done && echo done > " + data.resolve("done");
    CompletableFuture<Void> process = CompletableFuture.runAsync(() -> run("unshare", "--mount", "sh", "-c", script));
    Until.demand("the container runs", Duration.ofSeconds(20), () -> Files.exists(ready) || process.isDone());
    return new Container(marks, process);
  }

  private static void run(String... argv) {
    try {
      Command.of(argv).within(Duration.ofMinutes(5)).run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it and waits for its end; throws when it could not read or write its volume to the last. */
  @Override
  public void close() throws IOException {
    Files.createFile(marks.resolve("end"));
    process.join();
    Scratch.remove(marks);
  }
}
