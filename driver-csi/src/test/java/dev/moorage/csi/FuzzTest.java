package dev.moorage.csi;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import dev.moorage.csi.proto.ControllerGrpc;
import dev.moorage.csi.proto.CreateVolumeRequest;
import dev.moorage.csi.proto.DeleteVolumeRequest;
import dev.moorage.csi.proto.IdentityGrpc;
import dev.moorage.csi.proto.ListVolumesRequest;
import dev.moorage.csi.proto.ListVolumesResponse;
import dev.moorage.csi.proto.NodeGrpc;
import dev.moorage.csi.proto.NodeUnpublishVolumeRequest;
import dev.moorage.csi.proto.NodeUnstageVolumeRequest;
import dev.moorage.csi.proto.ProbeRequest;
import dev.moorage.csi.proto.VolumeCapability;
import dev.moorage.csi.proto.VolumeCapability.AccessMode;
import dev.moorage.csi.proto.VolumeCapability.AccessMode.Mode;
import dev.moorage.csi.proto.VolumeCapability.MountVolume;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.volume.Owner;
import dev.moorage.volume.Volume;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Goal: whatever is sent, the driver answers with a code that a sidecar understands and a reason, nothing outside its directories is
 * touched, and it works afterwards. Method: messages of every method with values from a seeded generator, and with damaged bytes.
 */
@Tag("root")
@ExtendWith(LeakCheck.class)
final class FuzzTest {

  private static final int MESSAGES = 1500;

  /** What the specification names. INTERNAL and UNKNOWN are mistakes of ours. */
  private static final Set<Status.Code> EXPECTED = EnumSet.of(Status.Code.OK, Status.Code.INVALID_ARGUMENT, Status.Code.NOT_FOUND,
      Status.Code.ALREADY_EXISTS, Status.Code.FAILED_PRECONDITION, Status.Code.OUT_OF_RANGE, Status.Code.RESOURCE_EXHAUSTED,
      Status.Code.ABORTED, Status.Code.UNIMPLEMENTED, Status.Code.UNAVAILABLE);

  /** Held, because a logger that nobody refers to forgets its level: a line for each refusal is too much here. */
  private static final Logger LOG = Logger.getLogger("dev.moorage.csi");

  private static final Marshaller<byte[]> BYTES = new Marshaller<>() {
    @Override
    public InputStream stream(byte[] bytes) {
      return new ByteArrayInputStream(bytes);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  };

  @SuppressWarnings("NullAway.Init")
  private Cluster node;

  @BeforeEach
  void open() throws Exception {
    LOG.setLevel(Level.WARNING);
    node = new Cluster("node-1");
  }

  @AfterEach
  void close() throws Exception {
    LOG.setLevel(null);
    node.close();
  }

  private static VolumeCapability capability() {
    return VolumeCapability.newBuilder().setAccessMode(AccessMode.newBuilder().setMode(Mode.SINGLE_NODE_WRITER))
        .setMount(MountVolume.getDefaultInstance()).build();
  }

  private static List<MethodDescriptor> methods() {
    List<MethodDescriptor> methods = new ArrayList<>();
    for (ServiceDescriptor service : CreateVolumeRequest.getDescriptor().getFile().getServices()) {
      methods.addAll(service.getMethods());
    }
    return methods;
  }

  private Status call(MethodDescriptor method, byte[] message) {
    var called = io.grpc.MethodDescriptor.<byte[], byte[]>newBuilder(BYTES, BYTES)
        .setType(method.isServerStreaming() ? MethodType.SERVER_STREAMING : MethodType.UNARY)
        .setFullMethodName(method.getService().getFullName() + "/" + method.getName()).build();
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS);
    try {
      ClientCalls.blockingServerStreamingCall(node.channel, called, options, message).forEachRemaining(_ -> { });
      return Status.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    }
  }

  @Test
  void nonsenseIsAnsweredWithACodeOfTheSpecificationAndAReason() throws Exception {
    Random random = new Random(20261122);
    Nonsense nonsense = new Nonsense(random, words());
    List<MethodDescriptor> methods = methods();
    Set<String> successes = new HashSet<>();
    for (int i = 0; i < MESSAGES; i++) {
      MethodDescriptor method = methods.get(random.nextInt(methods.size()));
      var message = nonsense.message(method.getInputType());
      Status status = call(method, message.toByteArray());
      assertThat(EXPECTED).as("%s: %s for %s", method.getName(), status, message).contains(status.getCode());
      assertThat(status.isOk() || !String.valueOf(status.getDescription()).isBlank()).as("a reason: %s of %s", status, method).isTrue();
      if (status.isOk()) {
        successes.add(method.getName());
      }
    }
    assertThat(successes).as("some of it makes sense").contains("DeleteVolume", "ListSnapshots", "NodeUnpublishVolume").hasSizeGreaterThan(12);
    demandThatItWorks();
  }

  @Test
  void damagedBytesEndTheirCallAndNoOther() throws Exception {
    LOG.setLevel(Level.SEVERE);
    Random random = new Random(4711);
    Nonsense nonsense = new Nonsense(random, words());
    List<MethodDescriptor> methods = methods();
    for (int i = 0; i < MESSAGES / 3; i++) {
      MethodDescriptor method = methods.get(random.nextInt(methods.size()));
      Status status = call(method, nonsense.damaged(nonsense.message(method.getInputType())));
      assertThat(EXPECTED).as("%s: %s", method.getName(), status).contains(status.getCode());
    }
    demandThatItWorks();
  }

  @Test
  void aNameOfTenMegabytesIsRefusedBeforeItIsRead() throws Exception {
    String name = "n".repeat(10 << 20);
    Status status = call(methods().stream().filter(each -> each.getName().equals("CreateVolume")).findFirst().orElseThrow(),
        CreateVolumeRequest.newBuilder().setName(name).addVolumeCapabilities(capability()).build().toByteArray());
    assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    Status shorter = call(methods().stream().filter(each -> each.getName().equals("CreateVolume")).findFirst().orElseThrow(),
        CreateVolumeRequest.newBuilder().setName(name.substring(0, 500_000)).addVolumeCapabilities(capability()).build().toByteArray());
    assertThat(shorter.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    demandThatItWorks();
  }

  /** A volume that exists, paths that exist or could, names of parameters. Every path is in a directory of ours, or cannot be made. */
  private List<String> words() throws IOException {
    String volume = ControllerGrpc.newBlockingStub(node.channel).createVolume(CreateVolumeRequest.newBuilder().setName("pvc-1")
        .addVolumeCapabilities(capability()).build()).getVolume().getVolumeId();
    Path paths = Files.createDirectories(node.directory().resolve("kubelet"));
    return List.of("pvc-1", volume, volume + "x", volume.substring(0, volume.indexOf('/')), "local/" + volume, "ext4", "xfs", "fs", "pool",
        "fast", "backend", "directory", "image", "repository", "none", CsiSettings.TOPOLOGY_KEY, "node-1", "node-2", "ro", "noatime",
        paths.toString(), paths.resolve("staging").toString(), paths.resolve("pod").toString(), "/proc/1/nothing", "relative", "-1", "7");
  }

  private void demandThatItWorks() throws Exception {
    assertThat(IdentityGrpc.newBlockingStub(node.channel).probe(ProbeRequest.getDefaultInstance()).getReady().getValue()).isTrue();
    ControllerGrpc.ControllerBlockingStub controller = ControllerGrpc.newBlockingStub(node.channel);
    NodeGrpc.NodeBlockingStub kubelet = NodeGrpc.newBlockingStub(node.channel);
    List<Volume> volumes = node.storage.volumes().list(Optional.of(new Owner("kubernetes")));
    assertThat(controller.listVolumes(ListVolumesRequest.getDefaultInstance()).getEntriesList()).hasSameSizeAs(volumes);
    Path paths = node.directory().resolve("kubelet");
    for (ListVolumesResponse.Entry each : controller.listVolumes(ListVolumesRequest.getDefaultInstance()).getEntriesList()) {
      String id = each.getVolume().getVolumeId();
      for (String target : List.of("pod", "staging", "")) {
        kubelet.nodeUnpublishVolume(NodeUnpublishVolumeRequest.newBuilder().setVolumeId(id)
            .setTargetPath(paths.resolve(target).toString()).build());
      }
      for (String target : List.of("staging", "pod", "")) {
        kubelet.nodeUnstageVolume(NodeUnstageVolumeRequest.newBuilder().setVolumeId(id)
            .setStagingTargetPath(paths.resolve(target).toString()).build());
      }
      controller.deleteVolume(DeleteVolumeRequest.newBuilder().setVolumeId(id).build());
    }
    assertThat(node.storage.volumes().list(Optional.empty())).isEmpty();
  }
}
