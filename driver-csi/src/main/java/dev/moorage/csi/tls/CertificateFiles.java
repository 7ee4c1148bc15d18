package dev.moorage.csi.tls;

import dev.moorage.csi.Rounds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;

/**
 * Credentials that stand in a directory, as the kubelet mounts a Secret: ca.crt, tls.crt, tls.key. They are looked at now and then and
 * taken over when they have changed and fit together; what does not is told once, and the ones before stay in force.
 */
public final class CertificateFiles implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger("dev.moorage.csi");

  /** How often is looked. */
  static final Duration EVERY = Duration.ofSeconds(5);

  private final Path directory;
  private final LiveCredentials live = new LiveCredentials();
  private final Rounds rounds = new Rounds("moorage-certificates");
  private byte[] seen = {};
  private String told = "";

  private CertificateFiles(Path directory) {
    this.directory = directory;
  }

  /** What is there now is in force when this returns; the files need not be there yet. */
  public static CertificateFiles watch(Path directory) {
    CertificateFiles files = new CertificateFiles(directory);
    files.look();
    files.rounds.every(EVERY, EVERY, files::look);
    return files;
  }

  /** Those of the newest files that fitted together. */
  public LiveCredentials live() {
    return live;
  }

  private synchronized void look() {
    try {
      byte[] authority = Files.readAllBytes(directory.resolve(Credentials.AUTHORITY));
      byte[] certificate = Files.readAllBytes(directory.resolve(Credentials.CERTIFICATE));
      byte[] key = Files.readAllBytes(directory.resolve(Credentials.KEY));
      byte[] all = joined(authority, certificate, key);
      if (!Arrays.equals(all, seen)) {
        Credentials credentials = Credentials.read(authority, certificate, key);
        live.replace(credentials);
        seen = all;
        told = "";
        LOG.log(System.Logger.Level.INFO, "certificates of " + directory + " are in force, until "
            + credentials.chain().getFirst().getNotAfter().toInstant());
      }
    } catch (NoSuchFileException e) {
      tell(System.Logger.Level.INFO, "no certificates yet: there is no " + e.getMessage());
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      tell(System.Logger.Level.WARNING, "the certificates in " + directory + " are not taken over: " + e.getMessage());
    }
  }

  private void tell(System.Logger.Level level, String text) {
    if (!text.equals(told)) {
      told = text;
      LOG.log(level, text);
    }
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** The credentials stay as they are. */
  @Override
  public void close() {
    rounds.close();
  }
}
