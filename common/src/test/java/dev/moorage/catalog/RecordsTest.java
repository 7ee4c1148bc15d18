package dev.moorage.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.record.MalformedRecordException;
import dev.moorage.volume.Access;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.ContentSource;
import dev.moorage.volume.FilesystemType;
import dev.moorage.volume.Owner;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.RemotePlace;
import dev.moorage.volume.RemoteCopy;
import dev.moorage.volume.SizeRange;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeId;
import dev.moorage.volume.VolumeName;
import dev.moorage.volume.VolumeSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The records of format 1 stay readable, byte for byte as they were written when the format was fixed. These files are never
 * changed: a change of the format gets a new number and new files.
 */
class RecordsTest {

  private static final PoolId POOL = PoolId.parse("3e0e7d0c-93a5-4f0e-9d5c-5a9b1d0e2f11");
  private static final VolumeId VOLUME_ID = VolumeId.parse("7b0f2a51-6f5c-4c1e-8a77-0d6f3b7d9c01");
  private static final SnapshotId SNAPSHOT_ID = SnapshotId.parse("c1d7e3b2-2f4a-4b7f-9a43-2e9f6f0a8b02");
  private static final VolumeSpec SPEC =
      new VolumeSpec(ByteSize.ofGibibytes(10), BackendKind.IMAGE, Access.FILESYSTEM, FilesystemType.EXT4, false);

  private static final Volume VOLUME = new Volume(VOLUME_ID, Owner.DOCKER, new VolumeName("db"), POOL, SPEC,
      new SizeRange(ByteSize.ofGibibytes(1), Optional.of(ByteSize.ofGibibytes(20))),
      new ContentSource.FromSnapshot(SNAPSHOT_ID, "db@before", Optional.empty()), VolumeId.parse("5d1c9f6e-0b1a-4f57-8c1d-9a0e4b6c7d03"),
      List.of("SINGLE_NODE_WRITER"), Map.of("fs", "ext4", "size", "10G"), Instant.parse("2026-03-01T12:00:00.123456Z"),
      ByteSize.ofGibibytes(8), Optional.of(Instant.parse("2026-03-02T00:00:00Z")));

  private static final Volume PLAIN = new Volume(VOLUME_ID, Owner.LOCAL, new VolumeName("raw"), POOL,
      new VolumeSpec(ByteSize.ofGibibytes(1), BackendKind.DIRECTORY, Access.BLOCK, FilesystemType.XFS, true),
      SizeRange.atLeast(ByteSize.ofBytes(0)), new ContentSource.Empty(), VOLUME_ID, List.of(), Map.of(),
      Instant.parse("2026-03-01T12:00:00Z"), ByteSize.ofGibibytes(1), Optional.empty());

  private static final Snapshot SNAPSHOT = new Snapshot(SNAPSHOT_ID, VOLUME_ID, Owner.DOCKER, new VolumeName("db"),
      new SnapshotName("before"), POOL, SPEC, VOLUME_ID, ByteSize.ofGibibytes(8), ByteSize.ofMebibytes(123),
      Optional.of(UUID.fromString("0f8e4c55-51a2-4d0f-8f2e-6b7a8c9d0e04")), Instant.parse("2026-03-01T13:00:00Z"),
      Optional.of(Instant.parse("2026-03-02T00:00:00Z")), List.of(new RemoteCopy("offsite",
          UUID.fromString("9a1c6f0e-3b52-4b0d-8f1c-7e2d4a5b6c05"), 7, Instant.parse("2026-03-01T13:05:00Z"))));

  @TempDir
  private Path directory;

  private static byte[] golden(String name) throws IOException {
    try (InputStream stream = Objects.requireNonNull(RecordsTest.class.getResourceAsStream(name), name)) {
      return stream.readAllBytes();
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void theGoldenVolumeIsReadAndWrittenAsItWas() throws Exception {
    Files.write(directory.resolve("volume.json"), golden("volume-1.json"));
    assertThat(VolumeRecord.read(directory)).isEqualTo(VOLUME);
    assertThat(text(VolumeRecord.fields(VOLUME).toBytes())).isEqualTo(text(golden("volume-1.json")));
  }

  @Test
  void theGoldenVolumeWithoutOptionalFieldsIsReadAndWrittenAsItWas() throws Exception {
    Files.write(directory.resolve("volume.json"), golden("volume-1-plain.json"));
    assertThat(VolumeRecord.read(directory)).isEqualTo(PLAIN);
    assertThat(text(VolumeRecord.fields(PLAIN).toBytes())).isEqualTo(text(golden("volume-1-plain.json")));
  }

  @Test
  void theGoldenSnapshotIsReadAndWrittenAsItWas() throws Exception {
    Files.write(directory.resolve("snapshot.json"), golden("snapshot-1.json"));
    assertThat(SnapshotRecord.read(directory)).isEqualTo(SNAPSHOT);
    assertThat(text(SnapshotRecord.fields(SNAPSHOT).toBytes())).isEqualTo(text(golden("snapshot-1.json")));
  }

  @Test
  void aVolumeClonedFromAVolumeIsReadAsItWasWritten() throws Exception {
    Volume clone = new Volume(VOLUME_ID, Owner.DOCKER, new VolumeName("copy"), POOL, SPEC, SizeRange.exactly(SPEC.size()),
        new ContentSource.FromVolume(VOLUME.lineage(), "docker/db"), VOLUME.lineage(), List.of(), Map.of(),
        VOLUME.createdAt(), SPEC.size(), Optional.empty());
    VolumeRecord.write(directory, clone);
    assertThat(VolumeRecord.read(directory)).isEqualTo(clone);
  }

  @Test
  void howASnapshotWasAskedForIsKept() throws Exception {
    Optional<ContentSource.Asked> asked = Optional.of(new ContentSource.Asked("alpha/db@latest", "alpha", Owner.DOCKER));
    for (ContentSource source : List.of(new ContentSource.FromSnapshot(SNAPSHOT_ID, "db@before", asked),
        new ContentSource.FromRepository(SNAPSHOT_ID, "db@before", new RemotePlace("vault", UUID.randomUUID(), VOLUME_ID, 3),
            Optional.of(VOLUME.createdAt()), asked))) {
      VolumeRecord.write(directory, VOLUME.withSource(source));
      assertThat(VolumeRecord.read(directory)).isEqualTo(VOLUME.withSource(source));
    }
  }

  @Test
  void theExamplesOfTheDocumentAreTheGoldenFiles() throws Exception {
    String document = Files.readString(Path.of("../docs/on-disk-format.md"));
    assertThat(document).contains(text(golden("volume-1.json"))).contains(text(golden("snapshot-1.json")));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "10737418240|-1",
    "\"ext4\",|\"zfs\",",
    "2026-03-01T12:00:00.123456Z|yesterday",
    "\"docker\"|\"../docker\"",
    "\"kind\": \"snapshot\"|\"kind\": \"tape\"",
    "21474836480|1",
    "7b0f2a51-6f5c|7B0F2A51-6f5c"})
  void aWrongFieldIsNamedAndNothingIsGuessed(String right, String wrong) throws Exception {
    String text = text(golden("volume-1.json"));
    assertThat(text).contains(right);
    Files.writeString(directory.resolve("volume.json"), text.replace(right, wrong));
    assertThatThrownBy(() -> VolumeRecord.read(directory))
        .isInstanceOf(MalformedRecordException.class)
        .hasMessageContaining("volume.json")
        .hasMessageContaining("field '");
  }
}
