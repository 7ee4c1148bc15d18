package dev.moorage.repository.verify;

import dev.moorage.repository.UnreadableException;
import dev.moorage.repository.map.Leaf;
import dev.moorage.repository.map.Root;
import dev.moorage.repository.pack.PackEntry;
import dev.moorage.repository.pack.PackName;
import dev.moorage.repository.pack.PackReader;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Compares leaves with the footers of the packs that their blocks are in. For one thread. */
final class Footers {

  /** Footers that were read last are kept: neighbouring leaves use the same packs. */
  private static final int KEPT_MAX = 64;

  /** What a pack said of itself, or why it could not be read. */
  private record Footer(List<PackEntry> entries, @Nullable UnreadableException trouble) {}

  private final Packs packs;
  private final PackReader reader;
  private final Findings findings;
  private final Map<PackName, Footer> read = new LinkedHashMap<>(16, 0.75f, true) {
    @Override
    protected boolean removeEldestEntry(Map.Entry<PackName, Footer> eldest) {
      return size() > KEPT_MAX;
    }
  };

  Footers(Packs packs, PackReader reader, Findings findings) {
    this.packs = packs;
    this.reader = reader;
    this.findings = findings;
  }

  /** Whether every block of the leaf stands in its pack as the leaf says. */
  boolean agreeWith(Leaf leaf, Root root, String snapshot) throws IOException {
    boolean agree = true;
    for (int slot = leaf.nextPresent(0); slot >= 0; slot = slot + 1 < Leaf.BLOCKS ? leaf.nextPresent(slot + 1) : -1) {
      long block = (long) leaf.index() * Leaf.BLOCKS + slot;
      PackEntry wanted = new PackEntry(leaf.id(slot), leaf.ref(slot, root.blockLength(block)));
      agree &= packs.contains(wanted.ref().pack()) && agrees(wanted, snapshot);
    }
    return agree;
  }

  private boolean agrees(PackEntry wanted, String snapshot) throws IOException {
    Optional<List<PackEntry>> entries = of(wanted.ref().pack(), snapshot);
    if (entries.isEmpty()) {
      return false;
    }
    int ordinal = wanted.ref().ordinal();
    if (ordinal >= entries.get().size() || !entries.get().get(ordinal).equals(wanted)) {
      findings.add(wanted.ref().toString(), "is not what the map says is there", snapshot);
      return false;
    }
    return true;
  }

  /** What a pack that the snapshot uses holds; empty when that cannot be read, which is a finding then. */
  Optional<List<PackEntry>> of(PackName pack, String snapshot) throws IOException {
    Footer footer = read.get(pack);
    if (footer == null) {
      footer = read(pack);
      read.put(pack, footer);
    }
    if (footer.trouble != null) {
      findings.add(footer.trouble, snapshot);
      return Optional.empty();
    }
    return Optional.of(footer.entries);
  }

  private Footer read(PackName pack) throws IOException {
    try {
      reader.kind(pack, packs.inPieces(pack));
      return new Footer(reader.footer(pack, packs.inPieces(pack)), null);
    } catch (UnreadableException e) {
      return new Footer(List.of(), e);
    }
  }
}
