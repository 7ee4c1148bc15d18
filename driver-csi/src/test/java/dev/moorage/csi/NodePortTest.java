package dev.moorage.csi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.csi.proto.GetPluginInfoRequest;
import dev.moorage.csi.proto.GetPluginInfoResponse;
import dev.moorage.csi.proto.IdentityGrpc;
import dev.moorage.csi.tls.Credentials;
import dev.moorage.csi.tls.Issuer;
import dev.moorage.csi.tls.LiveCredentials;
import dev.moorage.csi.tls.TestCertificates;
import dev.moorage.socket.CannotListen;
import dev.moorage.testkit.Scratch;
import dev.moorage.testkit.Until;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Goal: only the router commands a node. Method: a real port, and clients with every kind of certificate that is not the router's. */
final class NodePortTest {

  private final Path directory = Scratch.directory("port");
  private final TestCertificates own = new TestCertificates();
  private final TestCertificates foreign = new TestCertificates();

  @SuppressWarnings("NullAway.Init")
  private NodePort port;

  @BeforeEach
  void open() throws Exception {
    own.write(directory, own.node());
    port = listen(directory, 0);
  }

  @AfterEach
  void close() {
    port.close();
    Scratch.remove(directory);
  }

  private static NodePort listen(Path directory, int port) throws CannotListen {
    return NodePort.open(new PortSettings(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), directory),
        List.of(new IdentityService("test", () -> true)), List.of(new NodeMark("node-1")));
  }

  private static GetPluginInfoResponse ask(NodePort port, UnaryOperator<NettyChannelBuilder> how) throws InterruptedException {
    ManagedChannel channel = how.apply(NettyChannelBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port.port()))
        .overrideAuthority(LiveCredentials.NODE)).build();
    try {
      return IdentityGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS)
          .getPluginInfo(GetPluginInfoRequest.getDefaultInstance());
    } finally {
      channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
  }

  private void refused(LiveCredentials shown) {
    assertThatThrownBy(() -> ask(port, builder -> builder.sslContext(shown.client(LiveCredentials.NODE))))
        .isInstanceOf(StatusRuntimeException.class).hasMessageContaining("UNAVAILABLE");
  }

  @Test
  void theRouterIsServedAndToldWhichNodeAnswers() throws Exception {
    LiveCredentials router = own.live(own.controller());
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();
    GetPluginInfoResponse answer = ask(port, builder -> builder.sslContext(router.client(LiveCredentials.NODE))
        .intercept(MetadataUtils.newCaptureMetadataInterceptor(headers, trailers)));
    assertThat(answer.getName()).isEqualTo(CsiSettings.DRIVER);
    assertThat(trailers.get().get(NodeMark.KEY)).isEqualTo("node-1");
  }

  @Test
  void nobodyElseIsServed() throws Exception {
    refused(new LiveCredentials());
    refused(own.live(own.node()));
    refused(own.live(own.expired()));
    refused(own.live(own.early()));
    refused(own.live(own.authority.issue("somebody.csi.moorage.dev", Issuer.Side.CLIENT,
        own.authority.certificate().getNotBefore().toInstant(), own.authority.certificate().getNotAfter().toInstant())));
    // Of another authority, which the client trusts beside ours, so that it is the node that refuses.
    LiveCredentials stranger = new LiveCredentials();
    Issuer shown = foreign.controller();
    stranger.replace(new Credentials(List.of(own.authority.certificate()), List.of(shown.certificate()), shown.key()));
    refused(stranger);
    LiveCredentials selfSigned = new LiveCredentials();
    selfSigned.replace(new Credentials(List.of(own.authority.certificate()),
        List.of(foreign.authority.certificate()), foreign.authority.key()));
    refused(selfSigned);
    assertThatThrownBy(() -> ask(port, NettyChannelBuilder::usePlaintext)).isInstanceOf(StatusRuntimeException.class);
  }

  @Test
  void theRouterSpeaksToNodesOnly() throws Exception {
    // It trusts another authority, or is shown another name.
    refused(foreign.live(foreign.controller()));
    Path other = Scratch.directory("other");
    own.write(other, own.authority.issue(LiveCredentials.CONTROLLER, Issuer.Side.SERVER,
        own.authority.certificate().getNotBefore().toInstant(), own.authority.certificate().getNotAfter().toInstant()));
    LiveCredentials router = own.live(own.controller());
    try (NodePort impostor = listen(other, 0)) {
      assertThatThrownBy(() -> ask(impostor, builder -> builder.sslContext(router.client(LiveCredentials.NODE))))
          .isInstanceOf(StatusRuntimeException.class);
    } finally {
      Scratch.remove(other);
    }
  }

  @Test
  void certificatesMayComeLaterAndBeReplacedWhileThePortIsOpen() throws Exception {
    Path later = Scratch.directory("later");
    LiveCredentials router = own.live(own.controller());
    try (NodePort opened = listen(later, 0)) {
      assertThatThrownBy(() -> ask(opened, builder -> builder.sslContext(router.client(LiveCredentials.NODE))))
          .isInstanceOf(StatusRuntimeException.class);
      own.write(later, own.node());
      Until.demand("the certificates are in force", Duration.ofSeconds(20), () -> answers(opened, router));
      Files.write(later.resolve("tls.key"), foreign.node().keyPem());
      assertThat(answers(opened, router)).isTrue();
      foreign.write(later, foreign.node());
      LiveCredentials next = foreign.live(foreign.controller());
      Until.demand("the new certificates are in force", Duration.ofSeconds(20), () -> answers(opened, next));
      assertThat(answers(opened, router)).isFalse();
    } finally {
      Scratch.remove(later);
    }
  }

  private static boolean answers(NodePort port, LiveCredentials router) throws InterruptedException {
    try {
      return ask(port, builder -> builder.sslContext(router.client(LiveCredentials.NODE))).isInitialized();
    } catch (StatusRuntimeException e) {
      return false;
    }
  }

  @Test
  void aPortThatIsTakenIsNamed() {
    assertThatThrownBy(() -> listen(directory, port.port())).isInstanceOf(CannotListen.class)
        .hasMessageContaining(":" + port.port()).hasMessageContaining("--csi-listen");
  }
}
