package dev.moorage.csi.tls;

import dev.moorage.csi.tls.LiveCredentials.Generation;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Shows the newest certificate, whoever asks for it. An alias is the number of a generation, so that certificate and key fit together. */
final class ShownKey extends X509ExtendedKeyManager {

  private final LiveCredentials live;

  ShownKey(LiveCredentials live) {
    this.live = live;
  }

  private @Nullable String alias(List<String> types) {
    return live.generation().filter(each -> types.contains(each.credentials().key().getAlgorithm()))
        .map(each -> Long.toString(each.number())).orElse(null);
  }

  private Optional<Credentials> of(@Nullable String alias) {
    Optional<Generation> newest = live.generation();
    return newest.filter(each -> isCalled(each, alias)).or(() -> newest.flatMap(Generation::before).filter(each -> isCalled(each, alias)))
        .map(Generation::credentials);
  }

  private static boolean isCalled(Generation generation, @Nullable String alias) {
    return Long.toString(generation.number()).equals(alias);
  }

  @Override
  public @Nullable String chooseEngineClientAlias(String[] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return alias(List.of(types));
  }

  @Override
  public @Nullable String chooseEngineServerAlias(String type, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return alias(List.of(type));
  }

  @Override
  public @Nullable String chooseClientAlias(String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return alias(List.of(types));
  }

  @Override
  public @Nullable String chooseServerAlias(String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return alias(List.of(type));
  }

  @Override
  public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
    String alias = alias(List.of(type));
    return alias == null ? null : new String[] {alias};
  }

  @Override
  public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
    return getClientAliases(type, issuers);
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
    return of(alias).map(each -> each.chain().toArray(X509Certificate[]::new)).orElse(null);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
    return of(alias).map(Credentials::key).orElse(null);
  }
}
