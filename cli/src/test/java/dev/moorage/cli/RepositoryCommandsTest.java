package dev.moorage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.serve.RunningService;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commands about repositories against a whole service. */
final class RepositoryCommandsTest {

  private RunningService service;

  @BeforeEach
  void start() throws Exception {
    service = RunningService.withDirectories();
    Files.createDirectory(store());
  }

  @AfterEach
  void stop() {
    service.close();
  }

  private Path store() {
    return service.directory().resolve("store");
  }

  private Path file(String name) {
    return service.directory().resolve(name);
  }

  private String ok(String line) {
    Typed typed = Typed.at(service, line);
    assertThat(typed.code()).as(typed.err()).isZero();
    return typed.out();
  }

  private void fails(int code, String line, String... words) {
    Typed typed = Typed.at(service, line);
    assertThat(typed.code()).as(typed.err()).isEqualTo(code);
    assertThat(typed.err()).startsWith("moorage: cannot ").contains(words).hasLineCount(1);
  }

  private JsonObject object(String line) {
    return Json.createReader(new StringReader(ok(line))).readObject();
  }

  private JsonArray array(String line) {
    return Json.createReader(new StringReader(ok(line))).readArray();
  }

  private JsonObject make(String more) {
    return object("repository create backups file://" + store() + " -o json" + more);
  }

  @Test
  void aRepositoryIsMadeWithOneLineAndItsRecoveryKeyIsShownOnce() {
    assertThat(ok("repository ls")).startsWith("There are no repositories.");
    String made = ok("repository create backups file://" + store());
    Path key = service.directory().resolve("pool/keys/backups.key");
    assertThat(made).startsWith("repository backups is made at file://" + store() + ", unlocked by " + key + "\n")
        .containsPattern("(?m)^recovery key: [0-9A-Z]{4}(-[0-9A-Z]{4}){8}$");
    assertThat(key).hasSize(32);
    assertThat(ok("repository ls")).containsPattern("(?m)^backups +file://" + store() + " +command +unconfirmed$");
    assertThat(ok("repository ls -o name")).isEqualTo("backups\n");
    assertThat(ok("repository inspect backups")).startsWith("repository backups\n").contains("was shown and never asked back", "64K each", "key ");
    assertThat(ok("events")).contains("create").doesNotContain(made.lines().filter(line -> line.startsWith("recovery key")).toList());
    fails(ExitCode.EXISTS, "repository create backups file://" + store(), "backups already");
    fails(ExitCode.EXISTS, "repository create other file://" + store(), "moorage repository add other");
  }

  @Test
  void theRecoveryKeyIsAskedBackAndTheDoctorComplainsUntilItWas() throws IOException {
    String words = make("").getString("recoveryKey");
    assertThat(findings()).contains("warn recovery-key");
    assertThat(Typed.piped(service, "AAAA-" + words.substring(5) + "\n", "repository confirm-key backups").code()).isEqualTo(ExitCode.USAGE);
    assertThat(Typed.piped(service, "", "repository confirm-key backups").code()).isEqualTo(ExitCode.USAGE);
    assertThat(Typed.piped(service, words + "\n", "repository confirm-key backups").out())
        .isEqualTo("that is a recovery key of repository backups\n");
    assertThat(findings()).doesNotContain("recovery-key").contains("ok repository");
    String second = object("repository key add backups --recovery -o json").getString("recoveryKey");
    assertThat(findings()).contains("warn recovery-key");
    Files.writeString(file("words"), second + "\n");
    Files.setPosixFilePermissions(file("words"), PosixFilePermissions.fromString("rw-------"));
    ok("repository confirm-key backups --recovery-key-file " + file("words"));
    assertThat(object("repository inspect backups -o json").getString("recoveryKey")).isEqualTo("confirmed");
  }

  private String findings() {
    return Typed.at(service, "doctor -o name --run-dir " + file("run") + " --pool " + file("pool")).out();
  }

  @Test
  void keysAreAddedListedUsedAndRemoved() {
    make(" --generate-key-file " + file("first.key") + " --block-size 16K --label first");
    assertThat(object("repository inspect backups -o json").getJsonObject("contents").getInt("blockBytes")).isEqualTo(16 << 10);
    JsonObject added = object("repository key add backups --generate-key-file " + file("second.key") + " --label node2 -o json");
    assertThat(added.getString("kind")).isEqualTo("keyfile");
    fails(ExitCode.EXISTS, "repository key add backups --key-file " + file("second.key"), "opens it already");
    assertThat(array("repository key ls backups -o json")).hasSize(3);
    assertThat(ok("repository key ls backups")).contains("node2").contains("first").contains("recovery");
    String first = array("repository key ls backups -o json").getValuesAs(JsonObject.class).stream()
        .filter(key -> key.getString("label").equals("first")).findFirst().orElseThrow().getString("id");
    fails(ExitCode.USAGE, "repository key rm backups " + first, "this host opens it by key slot");
    assertThat(ok("repository remove backups")).contains("all that it holds is still at file://" + store());
    ok("repository add backups file://" + store() + " --key-file " + file("second.key"));
    assertThat(ok("repository key rm backups " + first)).contains("unlocks repository backups no more");
    fails(ExitCode.FAILED, "repository add again file://" + store() + " --key-file " + file("first.key"), "is not opened by this key file");
    fails(ExitCode.NOT_FOUND, "repository key rm backups " + first, "no key slot");
  }

  @Test
  void keysAreRotatedForThoseWhoAreNamedAndForNobodyElse() throws IOException {
    String before = make(" --generate-key-file " + file("first.key")).getString("recoveryKey");
    Typed.piped(service, before + "\n", "repository confirm-key backups");
    ok("repository key add backups --generate-key-file " + file("second.key") + " --label node2");
    String stolen = object("repository key add backups --generate-key-file " + file("stolen.key") + " -o json").getString("id");
    fails(ExitCode.USAGE, "repository key rotate backups --drop " + stolen, "it would lock out the keyfile 'node2' of key slot");
    fails(ExitCode.NOT_FOUND, "repository key rotate backups --drop abc", "no key slot abc");
    JsonObject rotated = object("repository key rotate backups --keep-key-file " + file("second.key") + " --drop " + stolen + " -o json");
    assertThat(rotated.getInt("epoch")).isEqualTo(2);
    assertThat(rotated.getJsonArray("removed")).hasSize(4);
    assertThat(rotated.getJsonArray("left")).isEmpty();
    assertThat(array("repository key ls backups -o json")).hasSize(3);
    String place = "repository snapshots --location file://" + store();
    assertThat(ok(place + " --key-file " + file("second.key"))).startsWith("There are no such snapshots");
    assertThat(Typed.line(place + " --key-file " + file("stolen.key")).err()).contains("is not opened by this key file");
    assertThat(findings()).as("the new recovery key is to be asked back").contains("warn recovery-key");
    assertThat(Typed.piped(service, before + "\n", "repository confirm-key backups").code()).isEqualTo(ExitCode.FAILED);
    assertThat(Typed.piped(service, rotated.getString("recoveryKey") + "\n", "repository confirm-key backups").code()).isZero();
    Files.writeString(file("words"), rotated.getString("recoveryKey") + "\n");
    Files.setPosixFilePermissions(file("words"), PosixFilePermissions.fromString("rw-------"));
    String direct = ok("repository key rotate --location file://" + store() + " --recovery-key-file " + file("words")
        + " --keep-key-file " + file("first.key") + " --keep-key-file " + file("second.key"));
    assertThat(direct).contains("is written with key epoch 3 from now on").contains("keyfile 'node2'").doesNotContain("recovery key: ");
    assertThat(ok("repository key ls backups")).as("the service goes on").contains("node2");
  }

  @Test
  void oneHostCanBeDeclaredTheOnlyWriter() {
    JsonObject made = object("repository create backups file://" + store() + " --single-writer --generate-key-file " + file("a.key") + " -o json");
    assertThat(made.keySet()).contains("recoveryKey");
    JsonObject contents = object("repository inspect backups -o json").getJsonObject("contents");
    assertThat(contents.getBoolean("singleWriter")).isTrue();
    assertThat(ok("repository inspect backups")).contains("writer        " + contents.getString("writer") + " alone");
    ok("repository gc backups");
    ok("repository key add backups --generate-key-file " + file("b.key"));
    String direct = " --location file://" + store() + " --key-file " + file("a.key");
    assertThat(Typed.line("repository key rotate" + direct).err()).contains("it was declared for a single writer")
        .contains("moorage repository add' with --single-writer");
    assertThat(ok("repository snapshots" + direct)).startsWith("There are no such snapshots");
    ok("repository add backups file://" + store() + " --key-file " + file("a.key") + " --single-writer");
    ok("repository gc backups");
    ok("repository create many file://" + service.directory() + " --generate-key-file " + file("c.key"));
    fails(ExitCode.USAGE, "repository add many file://" + service.directory() + " --key-file " + file("c.key") + " --single-writer",
        "it was made for any number of writers");
  }

  @Test
  void whatIsWrongIsSaidSo() throws IOException {
    fails(ExitCode.USAGE, "repository create backups file:///nowhere/at/all", "no such directory");
    fails(ExitCode.USAGE, "repository create backups ftp://host/x", "no object store of scheme ftp");
    fails(ExitCode.USAGE, "repository create backups file://" + store() + " --block-size 48K", "a block has 16K");
    fails(ExitCode.USAGE, "repository create backups file://" + store() + " --option colour=red", "no option colour");
    fails(ExitCode.NOT_FOUND, "repository add backups file://" + store() + " --key-file " + file("none"), "no key file");
    fails(ExitCode.NOT_FOUND, "repository snapshots none", "no repository none");
    fails(ExitCode.NOT_FOUND, "repository gc none", "no repository none");
    make(" --generate-key-file " + file("a.key"));
    fails(ExitCode.NOT_FOUND, "repository forget backups db@x", "there is no snapshot backups:db@x");
    fails(ExitCode.USAGE, "repository forget backups db", "names no snapshot");
    assertThat(ok("repository snapshots backups")).isEqualTo("There are no such snapshots.\n");
    assertThat(ok("repository gc backups")).startsWith("repository backups: 0 packs");
    Files.setPosixFilePermissions(file("a.key"), PosixFilePermissions.fromString("rw-r--r--"));
    Typed open = Typed.line("repository snapshots --location file://" + store() + " --key-file " + file("a.key"));
    assertThat(open.code()).isEqualTo(ExitCode.FAILED);
    assertThat(open.err()).contains("chmod 600");
  }

  @Test
  void howFarContentIsLookedForIsSaidOnceAndKept() throws Exception {
    assertThat(make("").getJsonObject("repository").getString("dedup")).isEqualTo("lineage");
    Files.createDirectory(file("other"));
    String other = "repository create other file://" + file("other");
    assertThat(Typed.at(service, other + " --dedup all")).satisfies(typed -> assertThat(typed.code()).isEqualTo(ExitCode.USAGE),
        typed -> assertThat(typed.err()).contains("'all' is none of lineage, repository and none"));
    assertThat(object(other + " --dedup repository -o json").getJsonObject("repository").getString("dedup")).isEqualTo("repository");
    assertThat(object("repository inspect other -o json").getString("dedup")).as("from the registry").isEqualTo("repository");
    assertThat(Typed.at(service, "snapshot create db --dedup none").err()).contains("--dedup needs --to");
  }

  @Test
  void jsonHasTheFieldsThatScriptsRelyOn() {
    JsonObject made = make("");
    assertThat(made.keySet()).containsExactly("repository", "recoveryKey");
    assertThat(made.getJsonObject("repository").keySet()).containsExactly("name", "id", "location", "options", "keyFile", "passphraseFile",
        "uploadLimit", "downloadLimit", "dedup", "configured", "open", "recoveryKey", "problem", "requests");
    JsonObject inspected = object("repository inspect backups -o json");
    assertThat(inspected.getJsonObject("contents").keySet())
        .containsExactly("id", "createdAt", "blockBytes", "singleWriter", "writer", "packs", "packBytes", "keys", "volumes", "unreadable");
    assertThat(inspected.getJsonObject("requests").getJsonObject("sent").keySet()).contains("put", "get", "list");
    JsonObject run = object("repository gc backups -o json");
    assertThat(run.getString("state")).isEqualTo("done");
    assertThat(run.getJsonObject("report").keySet()).containsExactly("collection", "listed", "kept", "doomed", "rescued", "deleted", "locked",
        "recordsLeft", "waiting", "fenced", "pending");
  }
}
