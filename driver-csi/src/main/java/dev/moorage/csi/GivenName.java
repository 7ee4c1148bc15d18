package dev.moorage.csi;

import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.VolumeName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The name that a caller of CSI gives a thing, which may be nearly any text of 128 bytes, as one of ours: the same text where that is a
 * name, else a digest of it. Kubernetes gives names such as {@code pvc-UUID}, which are names.
 */
public final class GivenName {

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}");
  private static final String DIGEST = "csi-";
  private static final int DIGEST_BYTES = 20;

  private GivenName() {}

  /** The name of a volume. */
  public static VolumeName volume(String text) {
    return new VolumeName(name(text));
  }

  static SnapshotName snapshot(String text) {
    return new SnapshotName(name(text));
  }

  /** What already looks like a digest gets one too, or somebody could choose another's. */
  private static String name(String text) {
    if (NAME.matcher(text).matches() && !text.startsWith(DIGEST) && !text.equals("latest")) {
      return text;
    }
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return DIGEST + HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
