package dev.moorage.csi.tls;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;

/**
 * Credentials that are replaced while connections are open: those that are there keep what they were made with, new ones get the
 * newest. Before the first are there, nobody can connect. Safe for use by several threads.
 */
public final class LiveCredentials {

  /** The name that every node shows, and that the router demands. */
  public static final String NODE = "node.csi.moorage.dev";

  /** The name that the router shows, and that every node demands; so nothing that a node has lets anybody command another. */
  public static final String CONTROLLER = "controller.csi.moorage.dev";

  /** What a resumed session was checked against may be outdated. */
  private static final long SESSION_SECONDS = 60;

  /** The newest credentials and the ones before, for handshakes that were under way. */
  record Generation(long number, Credentials credentials, Optional<Generation> before) {}

  private final AtomicLong numbers = new AtomicLong();
  private final AtomicReference<Optional<Generation>> newest = new AtomicReference<>(Optional.empty());

  /** From now on these. */
  public void replace(Credentials credentials) {
    newest.updateAndGet(old -> Optional.of(new Generation(numbers.incrementAndGet(), credentials,
        old.map(each -> new Generation(each.number(), each.credentials(), Optional.empty())))));
  }

  /** The newest. */
  public Optional<Credentials> current() {
    return generation().map(Generation::credentials);
  }

  Optional<Generation> generation() {
    return newest.get();
  }

  /** For a server that is spoken to by whoever shows {@code peer}, and by nobody else. */
  public SslContext server(String peer) {
    try {
      SslContextBuilder builder = SslContextBuilder.forServer(new ShownKey(this))
          .trustManager(new DemandedName(this, peer)).clientAuth(ClientAuth.REQUIRE);
      return finish(builder);
    } catch (SSLException e) {
      throw new IllegalStateException("every Java has TLS 1.3", e);
    }
  }

  /** For a client of servers that show {@code peer}. */
  public SslContext client(String peer) {
    try {
      return finish(SslContextBuilder.forClient().keyManager(new ShownKey(this)).trustManager(new DemandedName(this, peer)));
    } catch (SSLException e) {
      throw new IllegalStateException("every Java has TLS 1.3", e);
    }
  }

  private static SslContext finish(SslContextBuilder builder) throws SSLException {
    return GrpcSslContexts.configure(builder, SslProvider.JDK).protocols("TLSv1.3").sessionTimeout(SESSION_SECONDS).build();
  }

  /** What is wrong, when there is nothing yet. */
  static GeneralSecurityException absent() {
    return new GeneralSecurityException("there are no certificates yet");
  }
}
