package dev.moorage.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.storage.Caller;
import dev.moorage.storage.Job;
import dev.moorage.storage.Storage;
import dev.moorage.storage.VolumeRef;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.Scratch;
import dev.moorage.testkit.TestDisk;
import dev.moorage.testkit.history.Vault;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.Owner;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.VolumeName;
import jakarta.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Goal: with {@code from=} a volume moves between hosts. Method: two plugins on two pools that share one repository, as dockerd calls them. */
@Tag("root")
@ExtendWith(LeakCheck.class)
final class RestoringPluginTest {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Caller CALLER = new Caller("test", Owner.DOCKER, LONG, LONG);

  @Test
  void aVolumeReturnsInAnotherEngineWithOneWord() throws Exception {
    Path shared = Scratch.directory("shared");
    try (TestDisk here = TestDisk.make(TestDisk.Kind.XFS, ByteSize.ofGibibytes(2));
        TestDisk there = TestDisk.make(TestDisk.Kind.XFS, ByteSize.ofGibibytes(2));
        RunningPlugin alpha = RunningPlugin.openAt(here.directory().resolve("pool"), new Vault(shared.resolve("vault")));
        RunningPlugin beta = RunningPlugin.openAt(there.directory().resolve("pool"), new Vault(shared.resolve("vault")))) {
      alpha.create("db", Map.of("size", "64M"));
      Files.writeString(alpha.mount("db", "c1").resolve("row"), "precious");
      upload(alpha.storage());
      JsonObject status = alpha.get("db").getJsonObject("Status");
      assertThat(status.getJsonArray("lastUploads").getJsonObject(0).getString("snapshot")).isEqualTo("db@first");
      assertThat(status.getJsonArray("snapshots").getJsonObject(0).getJsonArray("alsoIn").getString(0)).isEqualTo(Vault.NAME);

      beta.create("db", Map.of("from", "db@latest"));
      beta.create("db", Map.of("from", "db@latest"));
      assertThat(beta.mount("db", "c2").resolve("row")).hasContent("precious");
      assertThat(beta.get("db").getJsonObject("Status").getString("createdFrom")).isEqualTo("snapshot db@first of repository vault");
      beta.create("new", Map.of("from", "new@latest", "size", "64M"));
      assertThat(beta.get("new").getJsonObject("Status").getString("createdFrom")).isEqualTo("nothing: new@latest never had a snapshot");
      assertThat(beta.refused("VolumeDriver.Create", RunningPlugin.withOptions("other", Map.of("from", "db@second"))))
          .contains("there is no snapshot db@second");
      beta.unmount("db", "c2");
      alpha.unmount("db", "c1");
    } finally {
      Scratch.remove(shared);
    }
  }

  private static void upload(Storage storage) throws Exception {
    VolumeRef volume = new VolumeRef.Named(Owner.DOCKER, new VolumeName("db"));
    Job job = storage.uploads().create(CALLER, volume, Optional.of(new SnapshotName("first")), Vault.NAME).job();
    assertThat(storage.jobs().await(job.id(), LONG).orElseThrow().state()).isEqualTo(Job.State.DONE);
  }
}
