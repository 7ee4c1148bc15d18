package dev.moorage.csi;

import com.google.protobuf.BoolValue;
import dev.moorage.csi.proto.GetPluginCapabilitiesRequest;
import dev.moorage.csi.proto.GetPluginCapabilitiesResponse;
import dev.moorage.csi.proto.GetPluginInfoRequest;
import dev.moorage.csi.proto.GetPluginInfoResponse;
import dev.moorage.csi.proto.IdentityGrpc;
import dev.moorage.csi.proto.PluginCapability;
import dev.moorage.csi.proto.PluginCapability.Service;
import dev.moorage.csi.proto.PluginCapability.VolumeExpansion;
import dev.moorage.csi.proto.ProbeRequest;
import dev.moorage.csi.proto.ProbeResponse;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Who the driver is. The same on every node. */
public final class IdentityService extends IdentityGrpc.IdentityImplBase {

  private static final List<Service.Type> SERVICES = List.of(Service.Type.CONTROLLER_SERVICE,
      Service.Type.VOLUME_ACCESSIBILITY_CONSTRAINTS, Service.Type.GROUP_CONTROLLER_SERVICE, Service.Type.SNAPSHOT_METADATA_SERVICE);

  private final String version;
  private final BooleanSupplier ready;

  /** {@code ready} says whether the volumes, or the nodes, are known. */
  public IdentityService(String version, BooleanSupplier ready) {
    this.version = version;
    this.ready = ready;
  }

  @Override
  public void getPluginInfo(GetPluginInfoRequest request, StreamObserver<GetPluginInfoResponse> caller) {
    Answers.answer(caller, () -> GetPluginInfoResponse.newBuilder()
        .setName(CsiSettings.DRIVER).setVendorVersion(version).build());
  }

  @Override
  public void getPluginCapabilities(GetPluginCapabilitiesRequest request, StreamObserver<GetPluginCapabilitiesResponse> caller) {
    Answers.answer(caller, () -> {
      GetPluginCapabilitiesResponse.Builder response = GetPluginCapabilitiesResponse.newBuilder();
      SERVICES.forEach(type -> response.addCapabilities(
          PluginCapability.newBuilder().setService(Service.newBuilder().setType(type))));
      response.addCapabilities(PluginCapability.newBuilder()
          .setVolumeExpansion(VolumeExpansion.newBuilder().setType(VolumeExpansion.Type.ONLINE)));
      return response.build();
    });
  }

  /** Healthy as soon as the socket answers; ready when the volumes, or of a router the nodes, are known. */
  @Override
  public void probe(ProbeRequest request, StreamObserver<ProbeResponse> caller) {
    Answers.answer(caller, () -> ProbeResponse.newBuilder().setReady(BoolValue.of(ready.getAsBoolean())).build());
  }
}
