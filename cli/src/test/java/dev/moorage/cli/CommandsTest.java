package dev.moorage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.serve.RunningService;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commands against a whole service whose pool has only the directory backend: sockets, routes and storage are the real ones. */
final class CommandsTest {

  private RunningService service;

  @BeforeEach
  void start() throws Exception {
    service = RunningService.withDirectories();
  }

  @AfterEach
  void stop() {
    service.close();
  }

  private String ok(String line) {
    Typed typed = Typed.at(service, line);
    assertThat(typed.code()).as(typed.err()).isZero();
    assertThat(typed.err()).isEmpty();
    return typed.out();
  }

  private void fails(int code, String line, String... words) {
    Typed typed = Typed.at(service, line);
    assertThat(typed.code()).as(typed.err()).isEqualTo(code);
    assertThat(typed.out()).isEmpty();
    assertThat(typed.err()).startsWith("moorage: cannot ").contains(words).hasLineCount(1);
  }

  private JsonObject object(String line) {
    return Json.createReader(new StringReader(ok(line))).readObject();
  }

  private JsonArray array(String line) {
    return Json.createReader(new StringReader(ok(line))).readArray();
  }

  @Test
  void anEmptyServiceSaysWhatToDo() {
    assertThat(ok("events")).isEqualTo("Nothing has happened since the service started.\n");
    assertThat(ok("events --after 7")).isEqualTo("Nothing has happened since.\n");
    assertThat(ok("volume ls")).startsWith("There are no volumes. Make one with");
    assertThat(ok("volume ls -o json")).isEqualTo("[]\n");
    assertThat(ok("volume ls -o name")).isEmpty();
    assertThat(ok("snapshot ls")).startsWith("There are no snapshots.");
    assertThat(ok("pool trash")).isEqualTo("The trash is empty.\n");
    assertThat(ok("pool trash --empty")).isEqualTo("the trash was empty\n");
  }

  @Test
  void aVolumeIsMadeListedLookedAtGrownDeletedAndBroughtBack() {
    assertThat(ok("volume create db --size 1G")).isEqualTo("volume db has 1G in pool default (directory)\n");
    assertThat(ok("volume create db --size 1G")).isEqualTo("volume db has 1G in pool default (directory)\n");
    assertThat(ok("volume ls")).contains("NAME").containsPattern("(?m)^db +default +directory +directory +1G");
    assertThat(ok("volume inspect db")).startsWith("volume db\n  id ").contains("  owner       local\n").contains("  mounted     no\n");
    assertThat(ok("volume grow db 2G")).isEqualTo("volume db has 2G now\n");
    assertThat(ok("volume grow db +512M")).isEqualTo("volume db has 2.5G now\n");
    assertThat(ok("volume rm db")).isEqualTo(
        "volume db is in the trash. For the next 1d 'moorage volume undo db' brings it back\n");
    assertThat(ok("pool trash")).containsPattern("(?m)^volume +db +0B +\\d+s ago +23h$");
    assertThat(ok("volume undo db")).isEqualTo("volume db is back\n");
    assertThat(ok("volume rm db")).isNotEmpty();
    assertThat(ok("volume undo db --as restored")).isEqualTo("volume restored is back\n");
    assertThat(ok("volume ls -o name")).isEqualTo("restored\n");
    assertThat(ok("volume rm restored")).isNotEmpty();
    assertThat(ok("pool trash --empty")).isEqualTo("1 thing is gone for good\n");
    fails(ExitCode.NOT_FOUND, "volume undo restored", "restored");
  }

  @Test
  void namesAreUniquePerOwnerAndAPlainNameFindsAnyOwners() {
    ok("volume create db --owner docker");
    assertThat(ok("volume inspect db -o name")).isEqualTo("docker/db\n");
    ok("volume create db");
    assertThat(ok("volume ls -o name")).isEqualTo("docker/db\ndb\n");
    assertThat(ok("volume ls -o name --owner docker")).isEqualTo("docker/db\n");
    assertThat(ok("volume inspect db -o name")).isEqualTo("db\n");
    assertThat(ok("volume inspect db -o name --owner docker")).isEqualTo("docker/db\n");
    assertThat(ok("volume rm docker/db")).contains("moorage volume undo docker/db");
  }

  @Test
  void jsonOfAVolumeHasTheFieldsThatScriptsRelyOn() {
    ok("volume create db --size 1G");
    JsonObject volume = object("volume inspect db -o json");
    assertThat(volume.keySet()).containsExactly("id", "name", "owner", "pool", "poolId", "backend", "access", "filesystem", "sizeBytes",
        "preallocated", "source", "lineage", "parameters", "createdAt", "deletedAt", "mountPoint", "usedBytes", "allocatedBytes",
        "extents", "consumers", "snapshots", "uploads", "waiting", "activity", "lastError");
    assertThat(volume.getJsonNumber("sizeBytes").longValue()).isEqualTo(1L << 30);
    assertThat(volume.getString("createdAt")).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
    assertThat(array("volume ls -o json").getJsonObject(0).keySet()).isEqualTo(volume.keySet());
    assertThat(object("volume grow db 2G -o json").keySet()).isEqualTo(volume.keySet());
    ok("volume create other");
    assertThat(array("volume inspect db other -o json")).hasSize(2);
    assertThat(array("volume rm db other -o json")).hasSize(2);
    assertThat(array("pool trash -o json").getJsonObject(0).keySet()).containsExactly(
        "id", "kind", "owner", "label", "allocatedBytes", "deletedAt", "emptiedAfter");
    assertThat(array("events -o json").getJsonObject(0).keySet()).containsExactly(
        "number", "at", "door", "verb", "subject", "outcome", "millis", "detail");
    assertThat(object("pool trash --empty -o json").getInt("emptied")).isEqualTo(2);
  }

  @Test
  void poolsAreMadeListedLookedAtAndRememberedByName() {
    assertThat(ok("pool ls")).containsPattern("(?m)^default \\* +" + service.directory() + "/pool +directory");
    ok("pool create second " + service.directory().resolve("second") + " --backends directory --default-size 3G");
    assertThat(ok("pool ls -o name")).isEqualTo("default\nsecond\n");
    JsonObject pool = object("pool inspect second -o json");
    assertThat(pool.keySet()).containsExactly("id", "name", "path", "default", "automatic", "backends", "overcommit",
        "defaultSizeBytes", "trashRetentionSeconds", "capacity", "chargedBytes", "volumes", "snapshots", "trashed", "trashBytes", "problem");
    assertThat(pool.getJsonObject("capacity").keySet())
        .containsExactly("totalBytes", "freeBytes", "growableBytes", "promisableBytes");
    assertThat(ok("volume create v --pool second")).isEqualTo("volume v has 3G in pool second (directory)\n");
    assertThat(ok("pool inspect second")).contains("holds       1 volumes").contains("3G when no size is given")
        .contains("each can be undone for 1d");
    Path second = service.directory().resolve("second");
    fails(ExitCode.EXISTS, "pool create third " + second + " --backends directory", "Open it: moorage pool adopt third " + second);
    fails(ExitCode.FAILED, "pool grow default 1G", "grow pool default");
    fails(ExitCode.NOT_FOUND, "pool inspect nowhere", "nowhere");
    fails(ExitCode.NOT_FOUND, "volume create w --pool nowhere", "nowhere");
  }

  @Test
  void aPoolKeepsItsTrashAsLongAsItWasTold() {
    ok("pool create second " + service.directory().resolve("second") + " --backends directory --trash-retention 7d");
    assertThat(object("pool inspect second -o json").getInt("trashRetentionSeconds")).isEqualTo(7 * 86_400);
    assertThat(ok("pool inspect second")).contains("trash       0 things, 0B; each can be undone for 7d");
    ok("volume create db --pool second");
    assertThat(ok("volume rm db")).isEqualTo("volume db is in the trash. For the next 7d 'moorage volume undo db' brings it back\n");
    ok("pool create third " + service.directory().resolve("third") + " --backends directory --trash-retention 0s");
    ok("volume create gone --pool third");
    assertThat(ok("volume rm gone")).isEqualTo("volume gone is deleted, and its pool keeps no trash\n");
    assertThat(ok("pool trash second")).containsPattern("(?m)^volume +db +0B +\\d+s ago +6d$");
  }

  @Test
  void errorsHaveWordsAndTheirExitCodes() {
    ok("volume create db --size 2G");
    fails(ExitCode.NOT_FOUND, "volume inspect nope", "nope");
    fails(ExitCode.NOT_FOUND, "volume rm nope", "there is no such volume");
    fails(ExitCode.NOT_FOUND, "volume grow nope 2G", "nope");
    fails(ExitCode.NOT_FOUND, "volume undo nope", "nope");
    fails(ExitCode.NOT_FOUND, "snapshot rm db@nope", "there is no such snapshot");
    fails(ExitCode.NOT_FOUND, "volume rollback db nope", "db@nope");
    fails(ExitCode.USAGE, "volume grow db 1G", "db");
    fails(ExitCode.EXISTS, "volume create db --size 5G", "it exists already and has 2G, not 5G");
    fails(ExitCode.EXISTS, "volume create db --size 1G", "it exists already and has 2G, not 1G");
    fails(ExitCode.NOT_FOUND, "snapshot ls nope", "there is no volume nope, and no snapshot");
    assertThat(ok("snapshot ls db")).startsWith("There are no snapshots.");
    fails(ExitCode.USAGE, "volume create x --backend tape", "there are: image, directory");
    fails(ExitCode.USAGE, "volume create x --fs ntfs", "there are: ext4, xfs");
    fails(ExitCode.USAGE, "volume create x --access air", "there are: filesystem, block");
    fails(ExitCode.USAGE, "volume create a/b", "is not a volume name");
    fails(ExitCode.USAGE, "volume create x --from db@a --clone db", "both given");
    fails(ExitCode.FAILED, "snapshot create db x", "snapshot");
    fails(ExitCode.FAILED, "volume clone db copy", "clone");
    fails(ExitCode.FAILED, "volume compact db", "compact");
    assertThat(object("volume inspect db -o json").isNull("lastError")).as("wrong requests are no trouble of the volume").isTrue();
  }

  @Test
  void oneFailureOfSeveralDoesNotStopTheOthersAndGivesTheExitCode() {
    ok("volume create a");
    ok("volume create b");
    Typed typed = Typed.at(service, "volume rm a nope b");
    assertThat(typed.code()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(typed.err()).startsWith("moorage: cannot delete volume nope").hasLineCount(1);
    assertThat(typed.out()).hasLineCount(2).contains("volume a is in the trash").contains("volume b is in the trash");
    assertThat(ok("volume ls -o name")).isEmpty();
  }

  @Test
  void aWordThatIsNoNameDoesNotStopTheOthersEither() {
    ok("volume create a");
    ok("volume create b");
    Typed typed = Typed.at(service, "volume rm a b! b");
    assertThat(typed.code()).isEqualTo(ExitCode.USAGE);
    assertThat(typed.err()).startsWith("moorage: 'b!' is not a volume name").hasLineCount(1);
    assertThat(typed.out()).hasLineCount(2).contains("volume a is in the trash").contains("volume b is in the trash");
  }

  @Test
  void lookingAtSeveralShowsThoseThatThereAre() {
    ok("volume create a");
    Typed typed = Typed.at(service, "volume inspect nope a -o json");
    assertThat(typed.code()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(typed.err()).startsWith("moorage: cannot inspect volume nope").hasLineCount(1);
    assertThat(Json.createReader(new StringReader(typed.out())).readArray()).hasSize(1);
    assertThat(Typed.at(service, "pool inspect default nope -o name").out()).isEqualTo("default\n");
  }

  @Test
  void theVersionOfTheServiceIsToldBesideOurs() {
    assertThat(ok("version")).matches("moorage \\d.*\nservice 1\\.2\\.3\n");
  }

  @Test
  void theDoctorLooksAtTheServiceToo() {
    ok("volume create db");
    String out = Typed.at(service, "doctor").out();
    assertThat(out).contains("ok    service        version 1.2.3 answers").contains("pool default has")
        .contains("1 volumes, nothing to say about them");
    assertThat(out).as("what it runs with, not what is configured").contains("pool default (" + service.directory() + "/pool)")
        .contains(service.directory() + "/s/docker.sock is listened on").doesNotContain("/var/lib/moorage");
    JsonArray findings = Json.createReader(new StringReader(Typed.at(service, "doctor -o json").out())).readArray();
    assertThat(findings.getJsonObject(0).keySet()).containsExactly("check", "level", "meaning", "remedy");
  }
}
