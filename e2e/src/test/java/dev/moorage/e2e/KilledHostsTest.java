package dev.moorage.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moorage.process.CommandFailed;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.Scratch;
import dev.moorage.testkit.Until;
import dev.moorage.testkit.objectstore.BucketServer;
import dev.moorage.testkit.objectstore.S3Server;
import dev.moorage.volume.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The service of either host, the engine, the store and the cable between them end in the middle of a transfer. It goes on by itself,
 * nothing is stored twice, and what arrives is bit for bit what was cut.
 */
@Tag("engine")
@ExtendWith(LeakCheck.class)
final class KilledHostsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int UPLOADED_MEBIBYTES = 416;
  private static final int RESTORED_MEBIBYTES = 96;
  /** Slow enough that there is a middle. */
  private static final String UPLOADED_PER_SECOND = "16M";
  private static final String RESTORED_PER_SECOND = "4M";

  private static Path directory = Path.of("");

  @SuppressWarnings("NullAway.Init")
  private static Network network;

  @SuppressWarnings("NullAway.Init")
  private static Machine alpha;

  @SuppressWarnings("NullAway.Init")
  private static Machine beta;

  @SuppressWarnings("NullAway.Init")
  private static S3Server store;

  @BeforeAll
  static void startHosts() throws IOException {
    directory = Scratch.directory("store");
    network = Network.open();
    store = S3Server.start(S3Server.Kind.VERSITYGW, directory, network.address());
    alpha = Machine.start(network, "alpha", Images.BUSYBOX);
    beta = Machine.start(network, "beta", Images.BUSYBOX);
  }

  @AfterAll
  static void stopHosts() throws IOException {
    try (Network _ = network; BucketServer _ = store; Machine _ = alpha; Machine _ = beta) {
      assertThat(alpha.moorage.serve().stop()).isZero();
      assertThat(beta.moorage.serve().stop()).isZero();
    } finally {
      Scratch.remove(directory);
    }
  }

  private interface Scene {
    void play() throws Exception;
  }

  private static void play(Scene scene) throws Exception {
    try {
      scene.play();
    } catch (IOException | AssertionError e) {
      throw new AssertionError(e.getMessage() + alpha.lastWords() + beta.lastWords(), e);
    }
  }

  /** Puts bytes that cannot be compressed into a new volume of alpha. */
  private static void fill(String volume, int mebibytes) throws IOException {
    alpha.docker("volume", "create", "-d", "moorage", "-o", "size=" + (mebibytes + 64) + "M", volume);
    alpha.docker("run", "--rm", "-v", volume + ":/data", "busybox", "dd", "if=/dev/urandom", "of=/data/blob", "bs=1M", "count=" + mebibytes,
        "conv=fsync");
  }

  private static List<Path> packs(String prefix) throws IOException {
    Path packs = directory.resolve("data").resolve(S3Server.BUCKET).resolve(prefix).resolve("packs");
    if (!Files.exists(packs)) {
      return List.of();
    }
    try (var files = Files.walk(packs)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  /** All that are stored, once there are more than those. */
  private static Set<Path> awaitMorePacks(String prefix, Set<Path> before) throws IOException {
    Until.demand("more than " + before.size() + " packs are stored", PATIENCE, () -> !before.containsAll(packs(prefix)));
    Set<Path> all = new HashSet<>(before);
    all.addAll(packs(prefix));
    return all;
  }

  private static void withoutLink(Machine machine, Scene scene) throws Exception {
    machine.cable.pull();
    try {
      scene.play();
    } finally {
      machine.cable.plug();
    }
  }

  @Test
  void anUploadGoesOnAfterTheServiceAndTheStoreAreKilledAndTheLinkWasAwayAndStoresNothingTwice() throws Exception {
    play(() -> {
      alpha.createRepository("upward", store.location("upward"), directory.resolve("upward.key"), "--upload-limit", UPLOADED_PER_SECOND);
      fill("up", UPLOADED_MEBIBYTES);
      alpha.cli("snapshot", "create", "docker/up", "cut", "--to", "upward");
      // Packs are sent a few at a time, and so they become whole a few at a time.
      Set<Path> stored = awaitMorePacks("upward", Set.of());
      alpha.moorage.serve().kill();
      alpha.moorage.restart();
      stored = awaitMorePacks("upward", stored);
      store.server().kill();
      store.server().restart();
      Set<Path> late = awaitMorePacks("upward", stored);
      withoutLink(alpha, () -> {
        assertThat(late).as("it was in the middle").hasSizeLessThan(UPLOADED_MEBIBYTES / 32);
        TimeUnit.SECONDS.sleep(5);
      });
      alpha.cli("snapshot", "upload", "docker/up@cut", "--to", "upward", "--wait");
      // What the store took in after its sender was killed is of no use to anybody.
      alpha.cli("repository", "gc", "upward");
      assertThat(packs("upward")).as("what was stored is used").containsAll(late);
      long bytes = 0;
      for (Path pack : packs("upward")) {
        bytes += Files.size(pack);
      }
      assertThat(bytes).isBetween(ByteSize.ofMebibytes(UPLOADED_MEBIBYTES).bytes(), ByteSize.ofMebibytes(UPLOADED_MEBIBYTES + 4).bytes());
      assertThat(alpha.cli("repository", "snapshots", "upward", "-o", "name").lines()).hasSize(1);
      beta.addRepository("upward", store.location("upward"), directory.resolve("upward.key"));
      beta.createFrom("up@cut", "up");
      beta.awaitRestored("up");
      demandSame("up", "up");
    });
  }

  private static void demandSame(String volume, String cut) throws IOException {
    assertThat(Files.mismatch(beta.imageOfVolume(volume), alpha.imageOfSnapshot(cut, "cut"))).as("first other byte").isEqualTo(-1);
  }

  @Test
  void aRestoreGoesOnAfterTheServiceTheStoreAndTheEngineAreKilledAndMountsThatCameTooEarlyLeaveNothing() throws Exception {
    play(() -> {
      alpha.createRepository("downward", store.location("downward"), directory.resolve("downward.key"));
      fill("down", RESTORED_MEBIBYTES);
      alpha.cli("snapshot", "create", "docker/down", "cut", "--to", "downward", "--wait");
      beta.addRepository("downward", store.location("downward"), directory.resolve("downward.key"), "--download-limit", RESTORED_PER_SECOND);
      beta.createFrom("down@cut", "down");
      CompletableFuture<CommandFailed> early = starting("early");
      awaitSomeSeconds();
      beta.moorage.serve().kill();
      // Nothing arrives while it starts, however slow the machine is; the store that has it all may be killed at any moment.
      withoutLink(beta, beta.moorage::restart);
      CompletableFuture<CommandFailed> late = starting("late");
      awaitSomeSeconds();
      store.server().kill();
      withoutLink(beta, () -> {
        store.server().restart();
        // The mount that waits outlives the engine that asked for it.
        beta.engine.dockerd().kill();
        beta.engine.restartDockerd();
        assertThat(beta.inspect("down", "{{.Status.activity}}")).as("it was in the middle").startsWith("restore ").doesNotStartWith("restore 100");
      });
      beta.awaitRestored("down");
      // An engine that repeats a request after its service was killed may leave out the body.
      assertThat(early.get().errorOutput()).contains("VolumeDriver.Mount");
      assertThat(late.get()).isNotNull();
      demandSame("down", "down");
      Until.demand("no mount left a reference", PATIENCE, () -> beta.inspect("down", "{{.Status.consumers}}").equals("0"));
      assertThat(sumOfBlob(beta)).isEqualTo(sumOfBlob(alpha));
      for (String container : beta.docker("ps", "-aq").lines().toList()) {
        beta.docker("rm", container);
      }
      beta.docker("volume", "rm", "down");
    });
  }

  /** Starts a container whose volume is not whole yet, and waits for it elsewhere; how it failed. */
  private static CompletableFuture<CommandFailed> starting(String container) {
    return CompletableFuture.supplyAsync(() -> catchThrowableOfType(CommandFailed.class,
        () -> beta.docker("run", "-d", "--name", container, "-v", "down:/data", "busybox", "sleep", "1000")));
  }

  /** The restore takes 24 seconds at least, and longer each time it is interrupted. */
  private static void awaitSomeSeconds() throws InterruptedException {
    TimeUnit.SECONDS.sleep(3);
  }

  private static String sumOfBlob(Machine machine) throws IOException {
    return machine.docker("run", "--rm", "-v", "down:/data", "busybox", "md5sum", "/data/blob");
  }

  @Test
  void aStoreThatCannotBeReachedIsAnErrorAndOneThatProvesThatThereWasNothingMakesAnEmptyVolume() throws Exception {
    play(() -> {
      alpha.createRepository("away", store.location("away"), directory.resolve("away.key"));
      alpha.docker("volume", "create", "-d", "moorage", "-o", "size=64M", "data");
      alpha.docker("run", "--rm", "-v", "data:/data", "busybox", "sh", "-c", "echo precious > /data/row");
      alpha.cli("snapshot", "create", "docker/data", "cut", "--to", "away", "--wait");
      beta.addRepository("away", store.location("away"), directory.resolve("away.key"));
      withoutLink(beta, () -> {
        for (String source : List.of("data@cut", "fresh@latest")) {
          CommandFailed failure = catchThrowableOfType(CommandFailed.class, () -> beta.createFrom(source, "data"));
          assertThat(failure.errorOutput()).contains("repository away");
          assertThat(beta.docker("volume", "ls", "-q").lines()).doesNotContain("data");
        }
      });
      beta.createFrom("data@latest", "data");
      assertThat(beta.docker("run", "--rm", "-v", "data:/data", "busybox", "cat", "/data/row")).isEqualTo("precious");
      beta.createFrom("fresh@latest", "fresh");
      assertThat(beta.inspect("fresh", "{{.Status.createdFrom}}")).isEqualTo("nothing: fresh@latest never had a snapshot");
      assertThat(beta.docker("run", "--rm", "-v", "fresh:/empty", "busybox", "ls", "-A", "/empty")).isEmpty();
      beta.docker("volume", "rm", "data", "fresh");
      beta.cli("repository", "remove", "away");
    });
  }
}
