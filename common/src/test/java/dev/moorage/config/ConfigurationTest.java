package dev.moorage.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.DedupScope;
import dev.moorage.volume.Owner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigurationTest {

  @TempDir Path directory;

  @Test
  void defaultsAreThoseOfTheDocumentation() {
    Configuration defaults = Configuration.defaults();
    assertThat(defaults.adminSocket()).hasToString("/run/moorage/admin.sock");
    assertThat(defaults.dockerSocket()).contains(Path.of("/run/docker/plugins/moorage.sock"));
    assertThat(defaults.runDir()).hasToString("/run/moorage");
    assertThat(defaults.logLevel()).isEqualTo(LogLevel.INFO);
    PoolConfiguration pool = defaults.pools().getFirst();
    assertThat(pool.name()).hasToString("default");
    assertThat(pool.path()).hasToString("/var/lib/moorage");
    assertThat(pool.backends()).containsExactly(BackendKind.IMAGE, BackendKind.DIRECTORY);
    assertThat(pool.overcommit()).isEmpty();
    assertThat(pool.defaultSize()).hasToString("10G");
    assertThat(pool.trashRetention()).isEqualTo(Duration.ofDays(1));
    assertThat(pool.poolFile()).isEqualTo(new PoolFileConfiguration(
        ByteSize.ofGibibytes(4), ByteSize.ofGibibytes(2), ByteSize.ofGibibytes(2), 0.1));
  }

  @Test
  void everyKeyOfTheFileIsRead() throws Exception {
    Configuration configuration = load("""
        admin-socket: /tmp/a.sock
        docker-socket: none
        run-dir: /tmp/run
        log-level: debug
        pools:
          - name: fast
            path: /mnt/fast
            backends: [directory]
            overcommit: 1.5
            default-size: 3G
            trash-retention: 7d
            pool-file:
              initial: 1G
              headroom: 512M
              step: 256M
              host-reserve: 20%
          - name: slow
            path: /mnt/slow
            backends: image, directory
        """);
    assertThat(configuration.dockerSocket()).isEmpty();
    assertThat(configuration.logLevel()).isEqualTo(LogLevel.DEBUG);
    assertThat(configuration.pools()).hasSize(2);
    PoolConfiguration fast = configuration.pools().getFirst();
    assertThat(fast).isEqualTo(new PoolConfiguration(fast.name(), Path.of("/mnt/fast"), List.of(BackendKind.DIRECTORY),
        Optional.of(1.5), ByteSize.ofGibibytes(3), Duration.ofDays(7), new PoolFileConfiguration(
            ByteSize.ofGibibytes(1), ByteSize.ofMebibytes(512), ByteSize.ofMebibytes(256), 0.2)));
  }

  @Test
  void everyKeyIsNamedInTheDocumentation() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    String text = Files.readString(root.resolveSibling("docs").resolve("configuration.md"));
    for (String key : List.of("admin-socket", "docker-socket", "docker-managed", "csi-socket", "node-id", "csi-cluster", "csi-volumes-max",
        "csi-registration", "csi-listen", "csi-tls", "--controller", "health-listen", "run-dir", "log-level", "pools", "name", "path", "backends",
        "overcommit", "default-size", "trash-retention", "pool-file", "initial", "headroom", "step", "host-reserve",
        "--pool-backends", "MOORAGE_ADMIN_SOCKET", "MOORAGE_DOCKER_SOCKET", "MOORAGE_RUN_DIR", "MOORAGE_LOG_LEVEL",
        "MOORAGE_POOL", "MOORAGE_POOL_BACKENDS", "MOORAGE_CONFIG")) {
      assertThat(text).contains("`" + key);
    }
  }

  @Test
  void allProblemsAreReportedAtOnce() {
    assertThat(problems("""
        admin-sockt: /x
        run-dir: relative
        log-level: loud
        pools:
          - path: /a
            default-size: lots
            backend: image
            pool-file: 3
          - name: b
            path: /a/b
            trash-retention: 3 weeks
            overcommit: -1
        """))
        .contains("admin-sockt: there is no such key; did you mean admin-socket?")
        .contains("run-dir: 'relative' is not an absolute path; begin it with /")
        .contains("log-level: 'loud' is not a log level; there are: error, warning, info, debug")
        .contains("pools[0].name: every pool needs one")
        .contains("pools[0].default-size: 'lots' is not a size; write a number with K, M, G or T behind it, such as 10G")
        .contains("pools[0].backend: there is no such key; did you mean backends?")
        .contains("pools[0].pool-file: a mapping is expected here")
        .contains("pools[1].trash-retention: '3 weeks' is not a duration; write a number with s, m, h or d behind it, such as 24h")
        .contains("pools[1].overcommit: '-1' is not a number")
        .anyMatch(problem -> problem.startsWith("pools: b (/a/b) lies in the directory of default (/a)"))
        .hasSize(10);
  }

  @Test
  void aKeyThatIsLikeNoOtherListsThoseThatExist() {
    assertThat(problems("quantum-flux: 1"))
        .containsExactly("quantum-flux: there is no such key; there are: admin-socket, docker-socket, docker-managed, csi-socket, "
            + "node-id, csi-cluster, csi-volumes-max, csi-registration, csi-listen, csi-tls, health-listen, run-dir, log-level, "
            + "pools, repositories");
  }

  @Test
  void brokenYamlIsExplainedWithItsPlace() {
    assertThat(problems("pools: [")).singleElement().asString().contains("not YAML").contains("line 1");
    assertThat(problems("- a\n- b")).singleElement().asString().contains("a mapping of keys to values is expected");
  }

  @Test
  void namedFileMustExistAndTheDefaultOneNeedNot() throws Exception {
    assertThat(Configuration.load(Map.of(), Map.of("pool", List.of("/p"))).pools().getFirst().path()).hasToString("/p");
    ConfigurationException missing = catchThrowableOfType(ConfigurationException.class,
        () -> Configuration.load(Map.of("MOORAGE_CONFIG", "/nowhere/x.yaml"), Map.of()));
    assertThat(missing.problems()).singleElement().asString().startsWith("/nowhere/x.yaml: cannot be read");
  }

  @Test
  void flagsWinOverTheEnvironmentAndThatOverTheFile() throws Exception {
    Map<String, String> environment = new HashMap<>();
    environment.put("MOORAGE_CONFIG", write("admin-socket: /file\nrun-dir: /file\nlog-level: error").toString());
    environment.put("MOORAGE_RUN_DIR", "/environment");
    environment.put("MOORAGE_LOG_LEVEL", "warning");
    environment.put("MOORAGE_POOL", "/one,two=/two");
    Configuration configuration = Configuration.load(environment, Map.of("log-level", List.of("debug")));
    assertThat(configuration.adminSocket()).hasToString("/file");
    assertThat(configuration.runDir()).hasToString("/environment");
    assertThat(configuration.logLevel()).isEqualTo(LogLevel.DEBUG);
    assertThat(configuration.pools()).extracting(pool -> pool.name() + "=" + pool.path()).containsExactly("default=/one", "two=/two");
  }

  @Test
  void aPoolNamedOnTheCommandLineKeepsWhatTheFileSaysAboutIt() throws Exception {
    Path file = write("pools: [{name: fast, path: /old, default-size: 3G}]");
    Configuration configuration = Configuration.load(Map.of(),
        Map.of("config", List.of(file.toString()), "pool", List.of("fast=/new"), "pool-backends", List.of("directory")));
    PoolConfiguration pool = configuration.pools().getFirst();
    assertThat(pool.path()).hasToString("/new");
    assertThat(pool.defaultSize()).hasToString("3G");
    assertThat(pool.backends()).containsExactly(BackendKind.DIRECTORY);
  }

  @Test
  void relativePathsOfFlagsMeanTheWorkingDirectory() throws Exception {
    Configuration configuration = Configuration.load(Map.of(), Map.of("pool", List.of("a=b", "./x=y")));
    assertThat(configuration.pools()).extracting(pool -> pool.name() + "=" + pool.path())
        .containsExactly("a=" + Path.of("b").toAbsolutePath(), "default=" + Path.of("x=y").toAbsolutePath());
  }

  @Test
  void wrongFlagsAndVariablesAreNamed() {
    ConfigurationException wrong = catchThrowableOfType(ConfigurationException.class,
        () -> Configuration.load(Map.of("MOORAGE_ADMIN_SOKET", "/x", "MOORAGE_HOME", "/y"),
            Map.of("admin-socket", List.of("/" + "s".repeat(200)), "pool", List.of("a b=/x", ""),
                "pool-backends", List.of("tape"))));
    assertThat(wrong.problems())
        .contains("MOORAGE_ADMIN_SOKET: there is no such variable; did you mean MOORAGE_ADMIN_SOCKET?")
        .contains("--pool-backends: 'tape' is not a backend; there are: image, directory")
        .anyMatch(problem -> problem.startsWith("--pool: 'a b' is not a pool name"))
        .anyMatch(problem -> problem.endsWith("is too long for a socket; Linux allows 107 bytes"))
        .noneMatch(problem -> problem.contains("MOORAGE_HOME"));
  }

  @Test
  void twoPoolsOfOneNameAndTwoSocketsOnOnePathAreRefused() {
    assertThat(problems("""
        admin-socket: /s
        docker-socket: /s
        pools: [{name: a, path: /a}, {name: a, path: /b}]
        """)).containsExactly("docker-socket: is the same as admin-socket", "pools: the name a is given twice");
  }

  @Test
  void kubernetesIsServedWhenASocketAndTheNodeAreNamed() throws Exception {
    assertThat(load("run-dir: /r").csi()).isEqualTo(CsiConfiguration.DEFAULT);
    assertThat(load("""
        csi-socket: /c.sock
        node-id: node-1.example
        csi-cluster: west
        csi-volumes-max: 50
        csi-registration: /r.sock
        """).csi()).isEqualTo(new CsiConfiguration(Optional.of(Path.of("/c.sock")), "node-1.example", new Owner("west"), 50,
            Optional.of(Path.of("/r.sock"))));
    assertThat(problems("""
        csi-socket: /run/moorage/admin.sock
        csi-volumes-max: many
        """)).containsExactly("csi-volumes-max: 'many' is not a number from 0 to 9999999", "csi-socket: is the same as admin-socket",
            "node-id: must be given with csi-socket; it is what Kubernetes calls this node");
    assertThat(problems("csi-registration: /r.sock")).containsExactly(
        "csi-registration: there is no csi-socket of which the kubelet could be told");
    assertThat(problems("node-id: -x")).singleElement().asString().startsWith("node-id: '-x' cannot be a node's id");
  }

  @Test
  void aNodeOfAClusterListensForItsRouterAndTheRouterHasNoNode() throws Exception {
    CsiConfiguration node = load("""
        csi-socket: /c.sock
        node-id: n
        csi-listen: 0.0.0.0:9808
        csi-tls: /tls
        health-listen: "[::]:9809"
        """).csi();
    assertThat(node.listen()).contains(new ListenAddress("0.0.0.0", 9808)).hasToString("Optional[0.0.0.0:9808]");
    assertThat(node.tls()).contains(Path.of("/tls"));
    assertThat(node.controller()).isFalse();
    assertThat(load("health-listen: '[::]:9809'").healthListen()).contains(new ListenAddress("::", 9809)).hasToString("Optional[[::]:9809]");
    assertThat(problems("{csi-listen: 0.0.0.0:9808, health-listen: 9809}")).containsExactly(
        "health-listen: '9809' is no address to listen at; write it like 0.0.0.0:9808 or [::]:9808",
        "csi-tls: must be given with csi-listen; it is the directory with ca.crt, tls.crt and tls.key",
        "csi-listen: there is no csi-socket, so this is no node");
    assertThat(problems("controller: true")).singleElement().asString().startsWith("controller: there is no such key");
    Map<String, List<String>> router = Map.of("controller", List.of("true"), "csi-socket", List.of("/c.sock"));
    assertThat(Configuration.load(Map.of(), router).csi().controller()).isTrue();
    assertThatThrownBy(() -> Configuration.load(Map.of("MOORAGE_CONTROLLER", "true", "MOORAGE_CSI_LISTEN", "0.0.0.0:1"), Map.of()))
        .isInstanceOfSatisfying(ConfigurationException.class, e -> assertThat(e.problems()).containsExactly(
            "csi-tls: must be given with csi-listen; it is the directory with ca.crt, tls.crt and tls.key",
            "csi-listen: there is no csi-socket, so this is no node",
            "csi-socket: must be given with controller; it is where the sidecars find the router",
            "controller: csi-listen and csi-registration are for nodes, and the router is none"));
  }

  @Test
  void repositoriesHaveALocationASecretsFileAndOptionsOfTheirStore() throws Exception {
    assertThat(load("pools: [{name: a, path: /a}]").repositories()).isEmpty();
    RepositoryConfiguration repository = load("""
        repositories:
          - name: backups
            location: s3://bucket/prefix
            options: {endpoint: "https://s3.example:9000", path-style: true}
            passphrase-file: /etc/moorage/passphrase
            upload-limit: 10M
            dedup: repository
        """).repositories().getFirst();
    assertThat(repository.name()).hasToString("backups");
    assertThat(repository.options()).containsEntry("endpoint", "https://s3.example:9000").containsEntry("path-style", "true");
    assertThat(repository.passphraseFile()).contains(Path.of("/etc/moorage/passphrase"));
    assertThat(repository.keyFile()).isEmpty();
    assertThat(repository.uploadLimit()).hasToString("Optional[10M]");
    assertThat(repository.downloadLimit()).isEmpty();
    assertThat(repository.dedup()).isEqualTo(DedupScope.REPOSITORY);
  }

  @Test
  void repositoriesThatCannotBeAreToldAndNoPasswordIsRepeated() {
    assertThat(problems("""
        repositories:
          - {name: a, location: "s3://user:hunter2@bucket", key-file: /k}
          - {name: a, location: "file:///x", key-file: /k}
          - {name: b/c, location: "file:///x", passphrase-file: p, colour: red}
          - {location: "file:///x", key-file: /k, passphrase-file: /p}
          - {name: d, location: "file:///my disk hunter2", key-file: /k}
        """))
        .contains("repositories[3].name: every repository needs one",
            "repositories[3].key-file: every repository needs either a key-file or a passphrase-file",
            "repositories: the name a is given twice")
        .anyMatch(problem -> problem.startsWith("repositories[0].location: an address such as"))
        .anyMatch(problem -> problem.startsWith("repositories[2].name: 'b/c' is not a repository name"))
        .anyMatch(problem -> problem.startsWith("repositories[2].passphrase-file: 'p' is not an absolute path"))
        .anyMatch(problem -> problem.startsWith("repositories[2].colour: there is no such key"))
        .anyMatch(problem -> problem.startsWith("repositories[4].location: character 11") && problem.contains("a blank as %20"))
        .noneMatch(problem -> problem.contains("hunter2"));
  }

  private Path write(String yaml) throws IOException {
    return Files.writeString(directory.resolve("moorage.yaml"), yaml);
  }

  private Configuration load(String yaml) throws Exception {
    return Configuration.load(Map.of(), Map.of("config", List.of(write(yaml).toString())));
  }

  private List<String> problems(String yaml) {
    return catchThrowableOfType(ConfigurationException.class, () -> load(yaml)).problems();
  }
}
