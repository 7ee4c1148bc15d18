package dev.moorage.csi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.csi.proto.CreateVolumeRequest;
import dev.moorage.csi.proto.NodeStageVolumeRequest;
import dev.moorage.csi.proto.VolumeCapability;
import dev.moorage.csi.proto.VolumeCapability.AccessMode;
import dev.moorage.csi.proto.VolumeCapability.AccessMode.Mode;
import dev.moorage.csi.proto.VolumeCapability.MountVolume;
import dev.moorage.linux.Mounts;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeId;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Goal: handles, names, capabilities, parameters, pages and redaction do what the specification demands. */
final class PiecesTest {

  private static VolumeCapability mount(Mode mode, String filesystem, String... flags) {
    return VolumeCapability.newBuilder().setAccessMode(AccessMode.newBuilder().setMode(mode))
        .setMount(MountVolume.newBuilder().setFsType(filesystem).addAllMountFlags(List.of(flags))).build();
  }

  @Test
  void handlesAreReadAsTheyWereWrittenAndFitIntoTheLimit() {
    VolumeHandle volume = new VolumeHandle(PoolId.random(), VolumeId.random());
    assertThat(VolumeHandle.parse(volume.toString())).contains(volume);
    SnapshotHandle local = new SnapshotHandle(Optional.empty(), PoolId.random(), SnapshotId.random());
    SnapshotHandle remote = new SnapshotHandle(Optional.of(UUID.randomUUID()), PoolId.random(), SnapshotId.random());
    assertThat(SnapshotHandle.parse(local.toString())).contains(local);
    assertThat(SnapshotHandle.parse(remote.toString())).contains(remote);
    GroupHandle group = new GroupHandle(Optional.of(UUID.randomUUID()), PoolId.random(), UUID.randomUUID());
    assertThat(GroupHandle.parse(group.toString())).contains(group);
    assertThat(remote.toString().getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(128);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "some/path", "local/x/y", "a/b/c/d", "../..", "reallyfakevolumeid", "1-1-1-1-1/1-1-1-1-1"})
  void whatNobodyGaveOutIsNoHandle(String text) {
    assertThat(VolumeHandle.parse(text)).isEmpty();
    assertThat(SnapshotHandle.parse(text)).isEmpty();
    assertThat(GroupHandle.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"größe", "with space", "a/b", "-x", "csi-0123", "latest", "日本"})
  void aNameThatIsNoneOfOursIsDigestedAndOthersStay(String text) {
    assertThat(GivenName.volume(text).value()).startsWith("csi-").hasSize(44).isNotEqualTo(text);
    assertThat(GivenName.volume(text)).isEqualTo(GivenName.volume(text)).isNotEqualTo(GivenName.volume(text + "x"));
    assertThat(GivenName.snapshot("snapshot-1").value()).isEqualTo("snapshot-1");
  }

  @Test
  void aNameOf128BytesIsTakenAndALongerOneRefused() throws Exception {
    Request request = new Request("try");
    assertThat(request.need("name", "ü".repeat(64))).hasSize(64);
    assertThatThrownBy(() -> request.need("name", "ü".repeat(64) + "x")).isInstanceOf(InvalidArgument.class).hasMessageContaining("129 bytes");
    assertThatThrownBy(() -> request.need("name", "")).isInstanceOf(InvalidArgument.class);
    assertThatThrownBy(() -> request.need("name", "a\u0001")).isInstanceOf(InvalidArgument.class);
    assertThatThrownBy(() -> request.map("parameters", Map.of("k", "v".repeat(4096)))).isInstanceOf(InvalidArgument.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"some/path", "/a/../b", "/a/./b", "a\0b", "/"})
  void aPathIsAbsoluteAndWithoutDetours(String text) {
    assertThatThrownBy(() -> new Request("try").path("target_path", text)).isInstanceOf(InvalidArgument.class);
  }

  @Test
  void aPathMayHaveLettersOfAnyKind() throws Exception {
    assertThat(new Request("try").path("target_path", "/var/lib/kubelet/pods/x y")).isEqualTo(Path.of("/var/lib/kubelet/pods/x y"));
  }

  @ParameterizedTest
  @EnumSource(value = Mode.class, names = {"MULTI_NODE_READER_ONLY", "MULTI_NODE_SINGLE_WRITER", "MULTI_NODE_MULTI_WRITER", "UNKNOWN"})
  void modesThatADiskOfOneNodeCannotKeepAreRefused(Mode mode) {
    assertThatThrownBy(() -> Usage.of("try", mount(mode, "ext4"))).isInstanceOf(InvalidArgument.class);
  }

  @Test
  void capabilitiesOfOneRequestMustAgree() throws Exception {
    VolumeCapability block = VolumeCapability.newBuilder().setBlock(VolumeCapability.BlockVolume.getDefaultInstance())
        .setAccessMode(AccessMode.newBuilder().setMode(Mode.SINGLE_NODE_WRITER)).build();
    VolumeCapability ext4 = mount(Mode.SINGLE_NODE_WRITER, "ext4");
    assertThat(Usage.all("try", List.of(ext4, mount(Mode.SINGLE_NODE_READER_ONLY, "ext4", "noatime")))).hasSize(2);
    assertThatThrownBy(() -> Usage.all("try", List.of(ext4, block))).isInstanceOf(InvalidArgument.class);
    assertThatThrownBy(() -> Usage.all("try", List.of(ext4, mount(Mode.SINGLE_NODE_WRITER, "xfs")))).isInstanceOf(InvalidArgument.class);
    assertThatThrownBy(() -> Usage.all("try", List.of())).isInstanceOf(InvalidArgument.class);
    assertThatThrownBy(() -> Usage.of("try", mount(Mode.SINGLE_NODE_WRITER, "ntfs"))).isInstanceOf(InvalidArgument.class);
  }

  @Test
  void mountFlagsAreKnownOrRefused() throws Exception {
    assertThat(Usage.of("try", mount(Mode.SINGLE_NODE_WRITER, "", "noatime,nodev", "discard")).flags())
        .containsExactlyInAnyOrder(Mounts.Flag.NO_ATIME, Mounts.Flag.NO_DEV);
    assertThatThrownBy(() -> Usage.of("try", mount(Mode.SINGLE_NODE_WRITER, "", "data=journal")))
        .isInstanceOf(InvalidArgument.class).hasMessageContaining("There are:");
  }

  @Test
  void unknownParametersAreRefusedAndKubernetesOwnAreKept() throws Exception {
    assertThat(Parameters.ofVolume("try", Map.of("csi.storage.k8s.io/pvc/name", "db", "fs", "xfs")).filesystem()).isPresent();
    assertThatThrownBy(() -> Parameters.ofVolume("try", Map.of("fss", "xfs"))).isInstanceOf(InvalidArgument.class)
        .hasMessageContaining("backend, fs, pool, preallocate");
    assertThatThrownBy(() -> Parameters.ofVolume("try", Map.of("preallocate", "yes")).preallocated()).isInstanceOf(InvalidArgument.class);
    assertThatThrownBy(() -> Parameters.ofSnapshot("try", Map.of("fs", "xfs"))).isInstanceOf(InvalidArgument.class);
  }

  @Test
  void pagesFollowEachOtherWithoutGapsAlsoWhenEntriesGo() throws Exception {
    List<String> all = Stream.generate(() -> new VolumeHandle(PoolId.random(), VolumeId.random()).toString())
        .limit(5).sorted().toList();
    Pages<String> first = Pages.of("list", all, text -> text, 2, "");
    assertThat(first.page()).isEqualTo(all.subList(0, 2));
    List<String> left = List.of(all.get(0), all.get(2), all.get(3), all.get(4));
    Pages<String> second = Pages.of("list", left, text -> text, 2, first.next());
    assertThat(second.page()).isEqualTo(all.subList(2, 4));
    Pages<String> third = Pages.of("list", left, text -> text, 2, second.next());
    assertThat(third.page()).isEqualTo(all.subList(4, 5));
    assertThat(third.next()).isEmpty();
    assertThatThrownBy(() -> Pages.of("list", all, text -> text, 2, "invalid-token")).isInstanceOf(StatusRuntimeException.class)
        .hasMessageStartingWith("ABORTED");
    assertThatThrownBy(() -> Pages.of("list", all, text -> text, -1, "")).isInstanceOf(InvalidArgument.class);
  }

  @Test
  void eachKindOfFailureHasTheCodeThatSidecarsActUpon() {
    assertThat(Stream.of(new VolumeException.NotFound("a", "b", ""), new VolumeException.AlreadyExists("a", "b", ""),
        new VolumeException.InUse("a", "b", ""), new InvalidArgument("a", "b", ""), new VolumeException.OutOfRange("a", "b", ""),
        new VolumeException.NoSpace("a", "b", ""), new VolumeException.Busy("a", "b", ""), new VolumeException.Unavailable("a", "b", ""),
        new VolumeException.Denied("a", "b", ""), new VolumeException.Unsupported("a", "b", ""), new VolumeException.Corrupt("a", "b", ""))
        .map(failure -> Answers.status(failure).getCode()))
        .containsExactly(Status.Code.NOT_FOUND, Status.Code.ALREADY_EXISTS, Status.Code.FAILED_PRECONDITION, Status.Code.INVALID_ARGUMENT,
            Status.Code.OUT_OF_RANGE, Status.Code.RESOURCE_EXHAUSTED, Status.Code.ABORTED, Status.Code.UNAVAILABLE,
            Status.Code.PERMISSION_DENIED, Status.Code.INVALID_ARGUMENT, Status.Code.DATA_LOSS);
  }

  @Test
  void secretsAndMountFlagsAreNeverPrinted() {
    String stage = Redaction.text(NodeStageVolumeRequest.newBuilder().setVolumeId("v").putSecrets("key", "hidden1")
        .putVolumeContext("a", "b").setVolumeCapability(mount(Mode.SINGLE_NODE_WRITER, "ext4", "hidden2")).build());
    assertThat(stage).contains("volume_id: \"v\"").contains("ext4").contains("volume_context").doesNotContain("hidden");
    assertThat(Redaction.text(CreateVolumeRequest.newBuilder().setName("n").putSecrets("k", "hidden").build()))
        .contains("n").doesNotContain("hidden");
  }
}
