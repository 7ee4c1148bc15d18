package dev.moorage.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.config.PoolConfiguration;
import dev.moorage.linux.DeviceNumber;
import dev.moorage.linux.FileIdentity;
import dev.moorage.linux.LoopDevice;
import dev.moorage.linux.LoopDevices.Binding;
import dev.moorage.testkit.Scratch;
import dev.moorage.volume.PoolName;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each check on a machine that is in order and on one that is not. */
final class DoctorTest {

  private static final Clock NOW = Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC);

  private final Path root = Scratch.directory("doctor");
  private final HostChecks checks = new HostChecks(new Host(root), NOW);

  @AfterEach
  void clean() {
    Scratch.remove(root);
  }

  private void file(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static JsonObject json(String text) {
    return Json.createReader(new StringReader(text.replace('\'', '"'))).readObject();
  }

  @Test
  void missingProgramsAreNamedWithTheirPackage() throws IOException {
    for (String program : List.of("mkfs.ext4", "resize2fs", "e2fsck", "debugfs", "mkfs.xfs", "xfs_growfs")) {
      file("usr/sbin/" + program, "");
    }
    assertThat(checks.programs()).singleElement().satisfies(finding -> {
      assertThat(finding.level()).isEqualTo(Finding.Level.FAIL);
      assertThat(finding.meaning()).isEqualTo("missing: xfs_repair");
      assertThat(finding.remedy()).contains("xfsprogs");
    });
    file("sbin/xfs_repair", "");
    assertThat(checks.programs()).singleElement().extracting(Finding::level).isEqualTo(Finding.Level.OK);
  }

  @Test
  void aFilesystemIsKnownOrLoadableOrMissing() throws IOException {
    file("proc/filesystems", "nodev\tsysfs\n\text4\n");
    file("proc/sys/kernel/osrelease", "6.1.0\n");
    assertThat(checks.filesystems()).extracting(Finding::level).containsExactly(Finding.Level.FAIL, Finding.Level.OK);
    Files.createDirectories(root.resolve("lib/modules/6.1.0/kernel/fs/xfs"));
    assertThat(checks.filesystems()).extracting(Finding::level).containsExactly(Finding.Level.OK, Finding.Level.OK);
  }

  @Test
  void loopDevicesNeedTheirControl() throws IOException {
    assertThat(checks.loops().getFirst().level()).isEqualTo(Finding.Level.FAIL);
    file("dev/loop-control", "");
    assertThat(checks.loops().getFirst().level()).isEqualTo(Finding.Level.OK);
  }

  @Test
  void aClockFromBeforeThisProgramIsWrong() {
    assertThat(checks.time().getFirst().level()).isEqualTo(Finding.Level.OK);
    assertThat(new HostChecks(new Host(root), Clock.fixed(Instant.EPOCH, ZoneOffset.UTC)).time().getFirst().level())
        .isEqualTo(Finding.Level.FAIL);
  }

  @Test
  void twoWritableLoopsOnOneFileAreTheWorst() {
    FileIdentity file = new FileIdentity(new DeviceNumber(8, 1), 42);
    Binding first = new Binding(new LoopDevice(3), file, false, true);
    Binding reader = new Binding(new LoopDevice(4), file, true, true);
    Binding other = new Binding(new LoopDevice(5), new FileIdentity(new DeviceNumber(8, 1), 43), false, true);
    assertThat(LoopChecks.oneEach(List.of(first, reader, other)).getFirst().level()).isEqualTo(Finding.Level.OK);
    assertThat(LoopChecks.oneEach(List.of(first, other, new Binding(new LoopDevice(9), file, false, true)))).singleElement()
        .satisfies(finding -> {
          assertThat(finding.level()).isEqualTo(Finding.Level.FAIL);
          assertThat(finding.meaning()).startsWith("/dev/loop3 and /dev/loop9 are bound to the same file");
        });
  }

  @Test
  void socketsAreStaleOrListenedOn() throws IOException {
    Path stale = root.resolve("stale");
    Path live = root.resolve("live");
    ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(stale)).close();
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(live))) {
      assertThat(server.isOpen()).isTrue();
      assertThat(DockerChecks.sockets(List.of(stale, live, root.resolve("none")))).extracting(Finding::level)
          .containsExactly(Finding.Level.WARN, Finding.Level.OK);
    }
  }

  @Test
  void dockerdFindsSocketsOnlyInItsOwnDirectory() {
    Path engine = Path.of("/nowhere");
    assertThat(new DockerChecks(Optional.of(Path.of("/run/docker/plugins/quay.sock")), engine).discovery().getFirst().meaning())
        .contains("volume driver 'quay'");
    assertThat(new DockerChecks(Optional.of(Path.of("/run/moorage/docker.sock")), engine).discovery().getFirst().remedy())
        .contains("/etc/docker/plugins/moorage.spec");
    assertThat(new DockerChecks(Optional.empty(), engine).discovery().getFirst().level()).isEqualTo(Finding.Level.OK);
    assertThat(new DockerChecks(Optional.empty(), engine).engine().getFirst().meaning()).isEqualTo("no Docker Engine at /nowhere");
  }

  @Test
  void enginesBefore2010AreOld() {
    assertThat(List.of("19.03.15", "20.04", "1.13.1")).allMatch(DockerChecks::isOld);
    assertThat(List.of("20.10.24+dfsg1", "26.1.5", "28.5.2", "master", "")).noneMatch(DockerChecks::isOld);
  }

  @Test
  void poolsThatAreNearlyFullOrPromisedAreToldOf() {
    String pool = "{'name':'p','problem':null,'chargedBytes':%d,"
        + "'capacity':{'totalBytes':1000,'freeBytes':%d,'growableBytes':0,'promisableBytes':1000}}";
    assertThat(ServiceChecks.pools(List.of(json(pool.formatted(10, 500))))).extracting(Finding::level).containsExactly(Finding.Level.OK);
    assertThat(ServiceChecks.pools(List.of(json(pool.formatted(950, 50))))).extracting(Finding::check)
        .containsExactly("pool-space", "pool-promises");
    assertThat(ServiceChecks.pools(List.of(json("{'name':'p','problem':'its disk is gone','capacity':null}")))).singleElement()
        .extracting(Finding::level).isEqualTo(Finding.Level.FAIL);
  }

  @Test
  void volumesInManyPiecesWithErrorsOrFromTheFutureAreToldOf() {
    String volume = "{'owner':'docker','name':'db','extents':%d,'lastError':%s,'createdAt':'%s'}";
    assertThat(ServiceChecks.volumes(List.of(json(volume.formatted(100, "null", "2026-11-21T11:00:00Z"))), NOW)).singleElement()
        .extracting(Finding::level).isEqualTo(Finding.Level.OK);
    assertThat(ServiceChecks.volumes(List.of(json(volume.formatted(50_000, "'oops'", "2027-01-01T00:00:00Z"))), NOW))
        .extracting(Finding::check).containsExactly("extents", "last-error", "clock");
  }

  @Test
  void extentMapsThatOnceLiedAreToldOfForEver() {
    String volume = "{'owner':'docker','name':'db','extents':1,'lastError':null,'createdAt':'2026-11-21T11:00:00Z','uploads':["
        + "{'repository':'vault','snapshot':'db@third','distrust':%s}]}";
    assertThat(ServiceChecks.volumes(List.of(json(volume.formatted("null"))), NOW)).extracting(Finding::level).containsExactly(Finding.Level.OK);
    String why = "{'snapshot':'db@second','blocks':7,'at':'2026-11-21T11:30:00Z'}";
    assertThat(ServiceChecks.volumes(List.of(json(volume.formatted(why))), NOW)).singleElement().satisfies(finding -> {
      assertThat(finding.check()).isEqualTo("extent-maps");
      assertThat(finding.level()).isEqualTo(Finding.Level.WARN);
      assertThat(finding.meaning()).contains("docker/db", "7 blocks", "db@second", "repository vault before that may lack changes");
    });
  }

  @Test
  void aPoolOfDirectoriesMayLieAnywhereAndNeedNotBeThereYet() throws IOException {
    PoolConfiguration image = PoolConfiguration.at(new PoolName("p"), root.resolve("a/b/c"));
    JsonObject plain = json("{'name':'p','path':'" + root + "/a','backends':['directory']}");
    assertThat(new PoolChecks(List.of(PoolPlace.served(plain))).places().getFirst().meaning())
        .isEqualTo("pool p (" + root + "/a): directories only, which any filesystem can hold");
    assertThat(new PoolChecks(List.of(PoolPlace.configured(image))).places().getFirst()).satisfies(finding -> {
      assertThat(finding.level()).isEqualTo(Finding.Level.OK);
      assertThat(finding.meaning()).startsWith("pool p, as configured (" + image.path() + "): ");
    });
    assertThat(root.resolve("a")).doesNotExist();
  }

  @Test
  void whatTheServiceMountsReachesTheHostOnlyFromItsNamespace() throws IOException {
    Files.createDirectories(root.resolve("proc/1/ns"));
    Files.createDirectories(root.resolve("proc/7/ns"));
    Files.createSymbolicLink(root.resolve("proc/1/ns/mnt"), Path.of("mnt:[1]"));
    Files.createSymbolicLink(root.resolve("proc/7/ns/mnt"), Path.of("mnt:[1]"));
    MountChecks mounts = new MountChecks(new Host(root), root.resolve("no-run-dir"));
    assertThat(mounts.propagation(Optional.of(7L)).getFirst().level()).isEqualTo(Finding.Level.OK);
    Files.delete(root.resolve("proc/7/ns/mnt"));
    Files.createSymbolicLink(root.resolve("proc/7/ns/mnt"), Path.of("mnt:[2]"));
    assertThat(mounts.propagation(Optional.of(7L)).getFirst().remedy()).contains("PrivateTmp=");
    assertThat(mounts.propagation(Optional.of(8L)).getFirst().level()).isEqualTo(Finding.Level.WARN);
  }
}
