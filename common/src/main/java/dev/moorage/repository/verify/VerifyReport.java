package dev.moorage.repository.verify;

import java.util.List;

/**
 * What a verification found.
 *
 * @param snapshots how many snapshots were looked at
 * @param packs how many packs they use
 * @param packsRead how many packs were read to the last byte
 * @param bytesRead bytes of packs that were read to the last byte
 * @param findings what is wrong; none when all is well
 */
public record VerifyReport(int snapshots, int packs, int packsRead, long bytesRead, List<Finding> findings) {

  public VerifyReport {
    findings = List.copyOf(findings);
  }

  /**
   * Something that is not as it was written. All that it does not concern can be restored.
   *
   * @param object its key, and the blob in it when it is only one
   * @param reason what is wrong, as the rest of a sentence that begins with the object
   * @param snapshots those that cannot be restored whole because of it, such as {@code host1/docker/db@before}
   */
  public record Finding(String object, String reason, List<String> snapshots) {

    public Finding {
      snapshots = List.copyOf(snapshots);
    }
  }

  /** Whether everything that was read is as it was written. */
  public boolean isSound() {
    return findings.isEmpty();
  }
}
