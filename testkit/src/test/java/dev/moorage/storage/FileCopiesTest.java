package dev.moorage.storage;

import static dev.moorage.storage.Host.ADMIN;
import static dev.moorage.storage.Host.DOCKER;
import static dev.moorage.storage.Host.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.linux.FileOps;
import dev.moorage.process.Command;
import dev.moorage.testkit.KernelState;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.Scratch;
import dev.moorage.testkit.Until;
import dev.moorage.testkit.objectstore.ModelObjectStore;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Goal: what {@link FileCopies} promises, of local and remote snapshots. Method: a tree with everything that a filesystem knows. */
@Tag("root")
@ExtendWith(LeakCheck.class)
final class FileCopiesTest {

  private final Path directory = Scratch.directory("files");

  @SuppressWarnings("NullAway.Init")
  private Host alpha;

  @SuppressWarnings("NullAway.Init")
  private Host beta;

  @SuppressWarnings("NullAway.Init")
  private Link link;

  @BeforeEach
  void open() throws Exception {
    SharedStore shared = SharedStore.create(new ModelObjectStore());
    alpha = new Host("alpha", shared.source());
    beta = new Host("beta", shared.source(store -> link = new Link(store)));
    alpha.create("db");
    plant(alpha.mount("db", "w"));
    Job job = alpha.storage.uploads().create(DOCKER, ref("db"), Optional.of(new SnapshotName("first")), SharedStore.NAME).job();
    assertThat(alpha.storage.jobs().await(job.id(), Host.LONG).orElseThrow().state()).isEqualTo(Job.State.DONE);
    alpha.unmount("db", "w");
  }

  @AfterEach
  void close() throws VolumeException {
    alpha.close();
    beta.close();
    Scratch.remove(directory);
  }

  /** Files, links of both kinds, attributes, a hole, a name that is no text, and traps that lead out of the image. */
  private void plant(Path root) throws IOException {
    Path etc = Files.createDirectory(root.resolve("etc"));
    Files.writeString(etc.resolve("app.conf"), "port=1");
    Files.setAttribute(etc.resolve("app.conf"), "unix:uid", 1234);
    Files.setAttribute(etc.resolve("app.conf"), "unix:gid", 2345);
    Files.setAttribute(etc.resolve("app.conf"), "unix:mode", 04750);
    Files.getFileAttributeView(etc.resolve("app.conf"), UserDefinedFileAttributeView.class)
        .write("note", StandardCharsets.UTF_8.encode("kept"));
    Files.setLastModifiedTime(etc.resolve("app.conf"), FileTime.from(Instant.parse("2001-02-03T04:05:06.789Z")));
    Files.createLink(etc.resolve("same"), etc.resolve("app.conf"));
    Files.createSymbolicLink(etc.resolve("link"), Path.of("app.conf"));
    Command.of("chown", "-h", "77:88", etc.resolve("link").toString()).run();
    Command.of("truncate", "-s", "8M", etc.resolve("sparse").toString()).run();
    Command.of("sh", "-c", "printf end >> " + etc.resolve("sparse") + "; truncate -s 9M " + etc.resolve("sparse")
        + "; printf x > \"$(printf '" + etc + "/la\\377tin')\"; mkfifo " + etc.resolve("pipe")).run();
    Files.createSymbolicLink(etc.resolve("escape"), directory);
    Files.createSymbolicLink(root.resolve("config"), Path.of("/etc"));
    Files.createSymbolicLink(root.resolve("climb"), Path.of("../../../../.."));
    Files.createSymbolicLink(root.resolve("loop"), Path.of("loop/x"));
    Files.createSymbolicLink(root.resolve("out"), directory);
    Files.setLastModifiedTime(etc, FileTime.from(Instant.parse("2002-02-03T04:05:06Z")));
    Files.setAttribute(etc, "unix:mode", 0500);
    Files.writeString(directory.resolve("secret"), "of the host");
  }

  private Job copied(Host host, String snapshot, String path, Path target) throws Exception {
    Job job = host.storage.files().begin(DOCKER, SnapshotRef.parse(snapshot), path, target);
    return host.storage.jobs().await(job.id(), Host.LONG).orElseThrow();
  }

  private static void demandNothingLeft(Host host) throws Exception {
    assertThat(host.storagePools().all().stream().flatMap(PrivateCopy::all)).isEmpty();
    assertThat(KernelState.mountsUnder(host.run())).isEmpty();
  }

  private void demandTree(Path copy) throws IOException {
    assertThat(copy.resolve("app.conf")).hasContent("port=1");
    assertThat(Files.readAttributes(copy.resolve("app.conf"), "unix:uid,gid,nlink"))
        .containsEntry("uid", 1234).containsEntry("gid", 2345).containsEntry("nlink", 2);
    assertThat((int) Files.getAttribute(copy.resolve("app.conf"), "unix:mode") & 07777).isEqualTo(04750);
    assertThat(Files.getLastModifiedTime(copy.resolve("app.conf"))).isEqualTo(FileTime.from(Instant.parse("2001-02-03T04:05:06.789Z")));
    assertThat(Files.getFileAttributeView(copy.resolve("app.conf"), UserDefinedFileAttributeView.class).list()).containsExactly("note");
    assertThat(Files.isSameFile(copy.resolve("same"), copy.resolve("app.conf"))).isTrue();
    assertThat(Files.readSymbolicLink(copy.resolve("link"))).isEqualTo(Path.of("app.conf"));
    assertThat(Files.readAttributes(copy.resolve("link"), "unix:uid,gid", LinkOption.NOFOLLOW_LINKS))
        .containsEntry("uid", 77).containsEntry("gid", 88);
    assertThat(Files.size(copy.resolve("sparse"))).isEqualTo(9 << 20);
    assertThat(Files.readAllBytes(copy.resolve("sparse"))[8 << 20]).isEqualTo((byte) 'e');
    assertThat(FileOps.allocated(copy.resolve("sparse"))).as("holes stay").isLessThan(256 << 10);
    assertThat(Command.of("sh", "-c", "cat " + copy + "/la*tin").run()).isEqualTo("x");
    assertThat(Files.isSymbolicLink(copy.resolve("escape"))).as("not followed").isTrue();
    assertThat(Files.getLastModifiedTime(copy)).isEqualTo(FileTime.from(Instant.parse("2002-02-03T04:05:06Z")));
    assertThat((int) Files.getAttribute(copy, "unix:mode") & 07777).isEqualTo(0500);
    assertThat(copy.resolve("pipe")).doesNotExist();
  }

  @Test
  void treesAndFilesComeOutOfLocalAndRemoteSnapshotsWithAllThatTheyAre() throws Exception {
    Job local = copied(alpha, "db@first", "/etc", directory.resolve("local"));
    assertThat(local.state()).as("%s", local).isEqualTo(Job.State.DONE);
    assertThat(local.note().orElseThrow()).startsWith("left out: 1 device nodes, sockets or pipes, 0 ");
    demandTree(directory.resolve("local"));
    Job remote = copied(beta, "alpha/db@first", "/etc", directory);
    assertThat(remote.state()).as("%s", remote).isEqualTo(Job.State.DONE);
    demandTree(directory.resolve("etc"));
    Job one = copied(alpha, "db@first", "/etc/app.conf", directory.resolve("one"));
    assertThat(one.note()).isEmpty();
    assertThat(directory.resolve("one")).hasContent("port=1");
    copied(alpha, "db@latest", "/", directory);
    demandTree(directory.resolve("db@first/etc"));
    demandNothingLeft(alpha);
    demandNothingLeft(beta);
    assertThat(directory).isDirectoryNotContaining("glob:**copying*");
  }

  @Test
  void linksInTheImageNeverLeadOutOfIt() throws Exception {
    Job within = copied(alpha, "db@first", "/config/app.conf", directory.resolve("a"));
    assertThat(within.state()).as("an absolute link is meant inside: %s", within).isEqualTo(Job.State.DONE);
    assertThat(directory.resolve("a")).hasContent("port=1");
    copied(alpha, "db@first", "/climb/etc/app.conf", directory.resolve("b"));
    assertThat(directory.resolve("b")).hasContent("port=1");
    copied(alpha, "db@first", "/out", directory.resolve("c"));
    assertThat(Files.isSymbolicLink(directory.resolve("c"))).as("the link itself").isTrue();
    assertThat(copied(alpha, "db@first", "/out/secret", directory.resolve("d")).error().orElseThrow()).contains("there is no /");
    assertThat(copied(alpha, "db@first", "/loop/x/y", directory.resolve("d")).error().orElseThrow()).contains("symbolic links");
    assertThat(copied(alpha, "db@first", "/etc/none", directory.resolve("d")).error().orElseThrow()).contains("there is no /etc/none in it");
    assertThat(directory.resolve("d")).doesNotExist();
    demandNothingLeft(alpha);
  }

  @Test
  void wrongRequestsAreRefusedAndNothingIsOverwritten() throws Exception {
    Files.writeString(directory.resolve("there"), "mine");
    SnapshotRef first = SnapshotRef.parse("db@first");
    assertThatThrownBy(() -> alpha.storage.files().begin(DOCKER, first, "/etc", directory.resolve("there")))
        .isInstanceOf(VolumeException.AlreadyExists.class).hasMessageContaining("there is a " + directory.resolve("there"));
    assertThatThrownBy(() -> alpha.storage.files().begin(DOCKER, first, "/etc", directory.resolve("no/where")))
        .isInstanceOf(VolumeException.InvalidArgument.class).hasMessageContaining("there is no directory");
    assertThatThrownBy(() -> alpha.storage.files().begin(DOCKER, SnapshotRef.parse("db@none"), "/etc", directory))
        .isInstanceOf(VolumeException.NotFound.class);
    assertThat(directory.resolve("there")).hasContent("mine");
    demandNothingLeft(alpha);
  }

  @Test
  void aCopyThatIsCancelledLeavesNothingAndOneThatIsOverStays() throws Exception {
    link.set(Link.State.NO_PACKS);
    Job job = beta.storage.files().begin(ADMIN, SnapshotRef.parse("alpha/db@first"), "/etc", directory);
    Until.demand("it waits", Host.LONG, () -> beta.storage.jobs().find(job.id()).orElseThrow().note().isPresent());
    Job cancelled = beta.storage.jobs().cancel(ADMIN, job.id());
    assertThat(cancelled.state()).isEqualTo(Job.State.FAILED);
    assertThat(cancelled.error().orElseThrow()).contains("it was cancelled");
    demandNothingLeft(beta);
    assertThat(directory.resolve("etc")).doesNotExist();
    link.set(Link.State.UP);
    beta.restart();
    assertThat(beta.storage.jobs().find(job.id()).orElseThrow().state()).as("it does not come back").isEqualTo(Job.State.FAILED);
    Job other = copied(beta, "alpha/db@first", "/etc", directory);
    assertThat(beta.storage.jobs().cancel(ADMIN, other.id()).state()).isEqualTo(Job.State.DONE);
    demandTree(directory.resolve("etc"));
  }

  /** While files are written: whatever the cancellation meets, the job is over at once and either all of it is there or nothing. */
  @Test
  void aCopyThatIsCancelledInTheMiddleIsWholeOrGone() throws Exception {
    for (int i = 0; i < 12; i++) {
      Path target = directory.resolve("copy-" + i);
      Job job = alpha.storage.files().begin(DOCKER, SnapshotRef.parse("db@first"), "/", target);
      assertThat(alpha.storage.jobs().await(job.id(), Duration.ofMillis(15L * i))).isPresent();
      Job over = alpha.storage.jobs().cancel(DOCKER, job.id());
      assertThat(over.state()).isIn(Job.State.DONE, Job.State.FAILED);
      if (over.state() == Job.State.DONE) {
        demandTree(target.resolve("etc"));
      } else {
        assertThat(target).doesNotExist();
      }
      demandNothingLeft(alpha);
      assertThat(directory).isDirectoryNotContaining("glob:**copying*");
    }
  }

  @Test
  void aCopyGoesOnAfterARestartAndFailsWhenItsSnapshotCannotBeFetched() throws Exception {
    assertThatThrownBy(() -> copied(beta, "alpha/db@none", "/etc", directory)).isInstanceOf(VolumeException.NotFound.class);
    link.set(Link.State.NO_PACKS);
    Job job = beta.storage.files().begin(ADMIN, SnapshotRef.parse("alpha/db@first"), "/etc", directory);
    Until.demand("it waits", Host.LONG, () -> beta.storage.jobs().find(job.id()).orElseThrow().note()
        .filter(note -> note.startsWith("restore waits: ")).isPresent());
    beta.restart();
    link.set(Link.State.UP);
    assertThat(beta.storage.jobs().await(job.id(), Host.LONG).orElseThrow().state()).isEqualTo(Job.State.DONE);
    demandTree(directory.resolve("etc"));
    link.set(Link.State.PACKS_DENIED);
    Job denied = copied(beta, "alpha/db@first", "/etc", directory.resolve("again"));
    assertThat(denied.error().orElseThrow()).contains("403");
    demandNothingLeft(beta);
  }
}
