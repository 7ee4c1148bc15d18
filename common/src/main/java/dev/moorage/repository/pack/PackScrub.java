package dev.moorage.repository.pack;

import dev.moorage.repository.UnreadableException;
import dev.moorage.repository.key.KeyRing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads every byte of packs and says what is wrong with them. The damage of one blob does not hide the health of the others. One
 * thread at a time.
 */
public final class PackScrub implements AutoCloseable {

  private final PackReader reader;

  /** A scrub of packs whose epoch the ring has. */
  public PackScrub(KeyRing ring) {
    this.reader = new PackReader(ring);
  }

  /**
   * What was found.
   *
   * @param sound blobs that are what the pack says
   * @param damaged blobs that are not
   * @param problems one sentence each: of blobs, header, footer, trailer; none when all is well
   */
  public record Findings(List<PackEntry> sound, List<BlobRef> damaged, List<UnreadableException> problems) {

    /** Whether every byte is what was written. */
    public boolean isSound() {
      return problems.isEmpty();
    }
  }

  /**
   * Reads the whole pack.
   *
   * @throws IOException when the source failed; what is wrong with its bytes is in the findings
   */
  public Findings scrub(PackName name, PackSource source) throws IOException {
    Findings findings = new Findings(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    try {
      reader.kind(name, source);
    } catch (UnreadableException e) {
      findings.problems.add(e);
    }
    List<PackEntry> entries = entries(name, source, findings);
    for (PackEntry entry : entries) {
      check(entry, source, findings);
    }
    return findings;
  }

  private List<PackEntry> entries(PackName name, PackSource source, Findings findings) throws IOException {
    try {
      return reader.footer(name, source);
    } catch (UnreadableException e) {
      findings.problems.add(e);
    }
    try {
      return reader.walk(name, source);
    } catch (UnreadableException e) {
      return List.of();
    }
  }

  private void check(PackEntry entry, PackSource source, Findings findings) throws IOException {
    try {
      if (!reader.read(entry.ref(), source).equals(entry.id())) {
        throw new UnreadableException.Damaged(entry.ref().toString(), "is not the text that its id says");
      }
      findings.sound.add(entry);
    } catch (UnreadableException e) {
      findings.damaged.add(entry.ref());
      findings.problems.add(e);
    }
  }

  @Override
  public void close() {
    reader.close();
  }
}
