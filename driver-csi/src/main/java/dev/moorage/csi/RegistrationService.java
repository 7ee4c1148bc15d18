package dev.moorage.csi;

import dev.moorage.csi.registration.proto.InfoRequest;
import dev.moorage.csi.registration.proto.PluginInfo;
import dev.moorage.csi.registration.proto.RegistrationGrpc;
import dev.moorage.csi.registration.proto.RegistrationStatus;
import dev.moorage.csi.registration.proto.RegistrationStatusResponse;
import io.grpc.stub.StreamObserver;

/** Tells the kubelet of the driver, as node-driver-registrar would. The kubelet asks when it sees the socket, and after its own start. */
final class RegistrationService extends RegistrationGrpc.RegistrationImplBase {

  private static final System.Logger LOG = System.getLogger(RegistrationService.class.getName());

  private final CsiSettings settings;

  RegistrationService(CsiSettings settings) {
    this.settings = settings;
  }

  @Override
  public void getInfo(InfoRequest request, StreamObserver<PluginInfo> caller) {
    Answers.answer(caller, () -> PluginInfo.newBuilder().setType("CSIPlugin").setName(CsiSettings.DRIVER)
        .setEndpoint(settings.socket().toString()).addSupportedVersions("1.0.0").build());
  }

  @Override
  public void notifyRegistrationStatus(RegistrationStatus status, StreamObserver<RegistrationStatusResponse> caller) {
    if (status.getPluginRegistered()) {
      LOG.log(System.Logger.Level.INFO, "the kubelet knows " + CsiSettings.DRIVER + " now");
    } else {
      LOG.log(System.Logger.Level.ERROR, "the kubelet does not take " + CsiSettings.DRIVER + ": " + status.getError());
    }
    Answers.answer(caller, RegistrationStatusResponse::getDefaultInstance);
  }
}
