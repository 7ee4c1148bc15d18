package dev.moorage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.file.FileStores;
import dev.moorage.process.Command;
import dev.moorage.repository.Repository;
import dev.moorage.repository.Upload;
import dev.moorage.repository.backup.BackupStats;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.key.KeyFile;
import dev.moorage.serve.RunningService;
import dev.moorage.testkit.TestDisk;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.Owner;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.VolumeId;
import dev.moorage.volume.VolumeName;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Remote snapshots of two hosts, listed, restored and forgotten by commands, with a service and with nothing but the store and a key. */
@Tag("root")
final class RemoteSnapshotsTest {

  private static final int SIZE = 6 << 20;

  private final Random random = new Random(5);
  private final VolumeId first = VolumeId.random();
  private final VolumeId second = VolumeId.random();

  @SuppressWarnings("NullAway.Init")
  private RunningService service;

  @SuppressWarnings("NullAway.Init")
  private TestDisk disk;

  private String recoveryKey = "";
  private long seats;

  @BeforeEach
  void start() throws Exception {
    disk = TestDisk.make(TestDisk.Kind.XFS, ByteSize.parse("1G"));
    service = RunningService.withDirectories();
    Files.createDirectory(store());
    recoveryKey = object("repository create backups file://" + store() + " --block-size 16K --generate-key-file " + key() + " -o json")
        .getString("recoveryKey");
  }

  @AfterEach
  void stop() {
    service.close();
    disk.close();
  }

  private Path store() {
    return service.directory().resolve("store");
  }

  private Path key() {
    return service.directory().resolve("backups.key");
  }

  private Path file(String name) {
    return service.directory().resolve(name);
  }

  private static String ok(Typed typed) {
    assertThat(typed.code()).as(typed.err()).isZero();
    return typed.out();
  }

  private String ok(String line) {
    return ok(Typed.at(service, line));
  }

  private JsonObject object(String line) {
    return Json.createReader(new StringReader(ok(line))).readObject();
  }

  private JsonArray array(String line) {
    return Json.createReader(new StringReader(ok(line))).readArray();
  }

  /** An image with some random pages and many holes. */
  private Path image() throws IOException {
    Path image = Files.createTempFile(disk.directory(), "image", "");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(SIZE);
      for (int i = 0; i < 40; i++) {
        byte[] page = new byte[4096];
        random.nextBytes(page);
        file.seek(random.nextInt(SIZE / 4096) * 4096L);
        file.write(page);
      }
      file.getFD().sync();
    }
    return image;
  }

  /** What a host does that uploads a snapshot. */
  private SnapshotEntry commit(String host, VolumeId volume, String tag, long known, Path image) throws IOException {
    SnapshotEntry.Origin origin = new SnapshotEntry.Origin(new PoolId(volume.value()), host, new Owner("docker"), new VolumeName("db"),
        new SnapshotName(tag), volume, Optional.empty());
    Upload upload = new Upload(SnapshotId.random(), volume, origin, Clock.systemUTC().instant(), Map.of("filesystem", "ext4"), image,
        Optional.empty(), Upload.Sharing.OWN, false, known, List.of(), disk.directory().resolve("spool-" + ++seats));
    try (ObjectStore store = FileStores.open(store());
        Repository repository = Repository.open(store, new KeyFile(Files.readAllBytes(key())), Clock.systemUTC())) {
      return ((Upload.Outcome.Committed) repository.upload(upload, _ -> { }, new BackupStats())).entry();
    }
  }

  @Test
  void snapshotsAreCopiedIntoAnotherRepositoryAndRestoredFromThere() throws IOException {
    Path one = image();
    Path two = image();
    SnapshotEntry before = commit("host1", first, "before", 0, one);
    commit("host1", first, "after", before.seat().seq(), two);
    commit("host2", second, "before", 0, two);
    Files.createDirectory(file("other"));
    ok("repository create offsite file://" + file("other") + " --block-size 32K --generate-key-file " + file("offsite.key"));
    assertThat(ok("repository copy backups offsite --volume host1/db --spool " + disk.directory()))
        .contains("copied host1/docker/db@before, ").contains("copied host1/docker/db@after, ").endsWith("2 copied to offsite, 0 there already\n");
    assertThat(ok("repository copy backups offsite --spool " + disk.directory())).startsWith("copied host2/docker/db@before, ")
        .endsWith("1 copied to offsite, 2 there already\n");
    assertThat(array("repository copy backups offsite -o json --snapshot host1/db@latest").getJsonObject(0).getString("result")).isEqualTo("present");
    for (Path image : List.of(one, two)) {
      Path restored = file("restored-" + image.getFileName());
      ok("repository restore host1/db@" + (image.equals(one) ? "before" : "latest") + " --to-file " + restored + " --location file://"
          + file("other") + " --key-file " + file("offsite.key"));
      assertThat(Files.mismatch(restored, image)).isEqualTo(-1);
    }
    assertThat(ok("repository verify offsite --depth bytes")).contains("all that was read is as it was written");
    Typed same = Typed.at(service, "repository copy backups backups");
    assertThat(same.code()).isEqualTo(ExitCode.USAGE);
    assertThat(same.err()).contains("both are the same repository");
    assertThat(Typed.at(service, "repository copy backups offsite --volume none").code()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(Typed.at(service, "repository copy backups offsite --spool /proc").err()).contains("Name another directory: --spool");
    try (ObjectStore store = FileStores.open(file("other"));
        Repository offsite = Repository.open(store, new KeyFile(Files.readAllBytes(file("offsite.key"))), Clock.systemUTC())) {
      offsite.history().takeover(second, PoolId.random(), "heir");
    }
    commit("host2", second, "later", 1, one);
    Typed refused = Typed.at(service, "repository copy backups offsite --volume host2/db");
    assertThat(refused.code()).isEqualTo(ExitCode.FAILED);
    assertThat(refused.out()).contains("not copied: host2/docker/db@later: the history of this volume there is not one of copies");
  }

  @Test
  void oneDamagedEntryIsToldAndGivenUpAndAllElseIsListedRestoredAndCopied() throws IOException {
    SnapshotEntry before = commit("host1", first, "before", 0, image());
    Path image = image();
    SnapshotEntry after = commit("host1", first, "after", before.seat().seq(), image);
    Path entry = store().resolve(before.seat().key().value());
    byte[] bytes = Files.readAllBytes(entry);
    bytes[bytes.length / 2] ^= 1;
    Files.write(entry, bytes);
    String direct = " --location file://" + store() + " --key-file " + key();
    for (String line : List.of("repository snapshots backups", "repository snapshots" + direct)) {
      Typed listed = Typed.at(service, line);
      assertThat(listed.code()).isEqualTo(ExitCode.FAILED);
      assertThat(listed.out()).contains("host1/docker/db@after").hasLineCount(2);
      assertThat(listed.err()).contains("another one cannot be read: " + before.seat() + ": snaps/");
    }
    assertThat(ok("repository inspect backups")).contains("damaged       " + before.seat());
    ok("repository restore backups host1/db@latest --to-file " + file("restored"));
    assertThat(Files.mismatch(file("restored"), image)).isEqualTo(-1);
    assertThat(Typed.at(service, "repository restore backups host1/db@before --to-file " + file("other")).code()).isEqualTo(ExitCode.FAILED);
    Files.createDirectory(file("second"));
    ok("repository create offsite file://" + file("second") + " --generate-key-file " + file("offsite.key"));
    Typed copied = Typed.at(service, "repository copy backups offsite --spool " + disk.directory());
    assertThat(copied.code()).isEqualTo(ExitCode.FAILED);
    assertThat(copied.out()).contains("1 copied to offsite");
    assertThat(copied.err()).contains("not copied, because it cannot be read: " + before.seat());
    assertThat(Typed.at(service, "repository gc backups").code()).isEqualTo(ExitCode.FAILED);
    assertThat(Typed.at(service, "repository forget backups --damaged " + after.seat()).err()).contains("can be read");
    assertThat(Typed.at(service, "repository forget backups --damaged host1/db@before").code()).isEqualTo(ExitCode.USAGE);
    assertThat(ok("repository forget --damaged " + before.seat() + direct)).isEqualTo(before.seat() + " is given up\n");
    assertThat(ok("repository snapshots backups")).hasLineCount(2);
    ok("repository gc backups");
    assertThat(ok("repository verify backups --depth bytes")).startsWith("1 snapshots in ");
  }

  @Test
  void whatForgettingFreesIsForetoldWithAServiceAndWithout() throws IOException {
    SnapshotEntry before = commit("host1", first, "before", 0, image());
    commit("host1", first, "after", before.seat().seq(), image());
    commit("host2", second, "before", 0, image());
    String direct = " --location file://" + store() + " --key-file " + key();
    JsonObject usage = object("repository inspect backups --usage -o json").getJsonObject("usage");
    assertThat(object("repository inspect --usage -o json" + direct).getJsonObject("usage")).isEqualTo(usage);
    assertThat(usage.getJsonArray("snapshots")).hasSize(3);
    assertThat(usage.getJsonObject("unused").getInt("packs")).isZero();
    assertThat(usage.getJsonArray("volumes").getValuesAs(JsonObject.class)).hasSize(2)
        .allSatisfy(volume -> assertThat(volume.getInt("freedBytes")).isGreaterThan(100_000));
    assertThat(ok("repository inspect backups --usage")).contains("host1/docker/db takes ")
        .contains("host1/docker/db@after: forgetting it alone frees ");
    JsonObject plan = object("repository forget backups host1/db@before host1/db@latest --dry-run -o json");
    assertThat(object("repository forget host1/db@before host1/db@latest --dry-run -o json" + direct)).isEqualTo(plan);
    assertThat(ok("repository forget backups host1/db@before --dry-run")).startsWith("forgetting host1/docker/db@before would let a gc free ");
    assertThat(array("repository snapshots backups -o json")).as("nothing was forgotten").hasSize(3);
    assertThat(ok("repository forget host1/db@before host1/db@after" + direct)).contains("snapshot host1/docker/db@before is forgotten");
    assertThat(array("repository snapshots backups -o json")).hasSize(1);
    assertThat(object("repository inspect backups --usage -o json").getJsonObject("usage").getJsonObject("unused"))
        .isEqualTo(plan.getJsonObject("freed"));
    JsonObject gc = object("repository gc -o json" + direct);
    assertThat(gc.getJsonObject("report").getJsonObject("deleted")).isEqualTo(plan.getJsonObject("freed"));
    assertThat(ok("repository gc" + direct)).startsWith("repository at file://" + store() + ": ");
    assertThat(Typed.line("repository gc --no-wait" + direct).code()).isEqualTo(ExitCode.USAGE);
    assertThat(Typed.at(service, "repository forget backups --dry-run none@x").code()).isEqualTo(ExitCode.NOT_FOUND);
  }

  @Test
  void snapshotsOfAllHostsAreListedRestoredAndForgotten() throws IOException {
    Path one = image();
    Path two = image();
    SnapshotEntry before = commit("host1", first, "before", 0, one);
    commit("host1", first, "after", before.seat().seq(), two);
    commit("host2", second, "before", 0, two);
    assertThat(array("repository snapshots backups -o json")).hasSize(3);
    assertThat(ok("repository snapshots backups host2/db")).contains("host2/docker/db@before").doesNotContain("host1");
    assertThat(ok("repository inspect backups")).contains("host1/docker/db, 2 snapshots", "the newest after of ");

    Typed several = Typed.at(service, "repository restore backups db@before --to-file " + file("x"));
    assertThat(several.code()).isEqualTo(ExitCode.USAGE);
    assertThat(several.err()).contains("fits several snapshots", "host1/docker/db@before (" + first + "#1)", "host2/docker/db@before");
    assertThat(file("x")).doesNotExist();

    assertThat(ok("repository restore backups host1/db@before --to-file " + file("x"))).contains("is restored to " + file("x"));
    assertThat(Files.mismatch(file("x"), one)).isEqualTo(-1);
    assertThat(Typed.at(service, "repository restore backups host1/db@before --to-file " + file("x")).code()).isEqualTo(ExitCode.EXISTS);
    ok("repository restore backups " + first + "@latest --to-file " + file("y"));
    assertThat(Files.mismatch(file("y"), two)).isEqualTo(-1);
    assertThat(service.directory()).isDirectoryNotContaining("glob:**restoring*");

    assertThat(ok("repository forget backups " + first + "#1")).contains("snapshot host1/docker/db@before is forgotten");
    assertThat(Typed.at(service, "repository forget backups host1/db@before").code()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(array("repository snapshots backups -o json")).hasSize(2);
    assertThat(ok("repository gc backups")).startsWith("repository backups: ");
    ok("repository restore backups host2/db@before --to-file " + file("z"));
    assertThat(Files.mismatch(file("z"), two)).isEqualTo(-1);
  }

  @Test
  void theStoreAndAKeyAreEnough() throws IOException {
    Path image = image();
    commit("host1", first, "before", 0, image);
    Path bucket = disk.directory().resolve("bucket");
    Command.of("cp", "-a", store().toString(), bucket.toString()).run();
    Files.writeString(file("words"), recoveryKey);
    Files.setPosixFilePermissions(file("words"), PosixFilePermissions.fromString("rw-------"));
    for (String secret : List.of("--key-file " + key(), "--recovery-key-file " + file("words"))) {
      String place = " --location file://" + bucket + " " + secret;
      assertThat(ok(Typed.line("repository snapshots" + place))).contains("host1/docker/db@before");
      Path target = disk.directory().resolve("restored-" + secret.hashCode());
      ok(Typed.line("repository restore db@latest --to-file " + target + place));
      assertThat(Files.mismatch(target, image)).isEqualTo(-1);
    }
  }

  @Test
  void damageIsFoundNamedAndContained() throws IOException {
    Path one = image();
    commit("host1", first, "before", 0, one);
    commit("host2", second, "before", 0, image());
    for (String depth : List.of("--depth maps", "--depth objects", "--depth bytes", "--sample 100%")) {
      assertThat(ok("repository verify backups -o name " + depth)).isEqualTo("sound\n");
    }
    assertThat(ok("repository verify backups")).startsWith("2 snapshots in ").contains("as it was written");
    // A block of the second host's snapshot: its packs are those that were made last.
    Path pack = newestPack();
    byte[] bytes = Files.readAllBytes(pack);
    bytes[bytes.length / 2] ^= 1;
    Files.write(pack, bytes);
    Typed found = Typed.line("repository verify --depth bytes --location file://" + store() + " --key-file " + key());
    assertThat(found.code()).isEqualTo(ExitCode.FAILED);
    assertThat(found.out()).contains("packs/", "host2", "All snapshots that are not named can be restored").doesNotContain("host1");
    JsonObject report = Json.createReader(new StringReader(Typed.at(service, "repository verify backups --depth bytes -o json").out())).readObject();
    assertThat(report.keySet()).containsExactly("sound", "snapshots", "packs", "packsRead", "bytesRead", "findings");
    assertThat(report.getJsonArray("findings").getJsonObject(0).keySet()).containsExactly("object", "reason", "snapshots");
    ok("repository restore backups host1/db@before --to-file " + file("x"));
    assertThat(Files.mismatch(file("x"), one)).isEqualTo(-1);
    Typed broken = Typed.at(service, "repository restore backups host2/db@before --to-file " + file("y"));
    assertThat(broken.code()).isEqualTo(ExitCode.FAILED);
    assertThat(broken.err()).startsWith("moorage: cannot restore host2/db@before: packs/");
    assertThat(file("y")).doesNotExist();
  }

  /** The largest of the packs of the session that came last. */
  private Path newestPack() throws IOException {
    try (Stream<Path> files = Files.walk(store().resolve("packs"))) {
      List<Path> packs = files.filter(Files::isRegularFile).toList();
      Path last = packs.stream().max(Comparator.comparingLong(RemoteSnapshotsTest::modified)).orElseThrow();
      return packs.stream().filter(each -> each.resolveSibling("x").equals(last.resolveSibling("x")))
          .max(Comparator.comparingLong(each -> each.toFile().length())).orElseThrow();
    }
  }

  private static long modified(Path file) {
    return file.toFile().lastModified();
  }

  @Test
  void anInterruptedRestoreGoesOnAndALeftoverOfAnotherSnapshotIsNotMixedIn() throws IOException {
    Path image = image();
    SnapshotEntry entry = commit("host1", first, "before", 0, image);
    String id = object("repository inspect backups -o json").getString("id").substring(0, 8);
    // As a kill leaves it: part of it written, nothing noted yet.
    Path partial = file(".x.restoring-" + id + "-" + first + "-" + entry.seat().seq());
    byte[] half = Files.readAllBytes(image);
    Files.write(partial, Arrays.copyOf(half, SIZE / 2));
    // Of another snapshot.
    Files.writeString(file(".x.restoring-00000000-" + second + "-1"), "something else");
    // A note whose file is gone says nothing.
    Path note = file(".y.restoring-" + id + "-" + first + "-" + entry.seat().seq() + ".json");
    Files.writeString(note, "{\"format\": 1, \"snapshot\": \"" + id + "\", \"leavesDone\": 1}");
    for (String name : List.of("x", "y")) {
      ok("repository restore backups db@before --to-file " + file(name));
      assertThat(Files.mismatch(file(name), image)).isEqualTo(-1);
    }
    assertThat(partial).doesNotExist();
    assertThat(note).doesNotExist();
  }
}
