package dev.moorage.repository;

import dev.moorage.repository.backup.Survivors;
import dev.moorage.repository.history.WriterSession;
import dev.moorage.repository.pack.PackEntry;
import dev.moorage.repository.pack.PackName;
import dev.moorage.repository.pack.PackReader;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What sessions before this one stored and a writer may use: their packs are listed, and the footers read, when it is asked for them. */
final class EarlierPacks implements Survivors {

  private final Repository repository;
  private final WriterSession session;
  private final Iterator<SessionId> earlier;
  private final PackReader reader;
  private Iterator<PackName> packs = List.<PackName>of().iterator();

  EarlierPacks(Repository repository, WriterSession session, List<SessionId> earlier) {
    this.repository = repository;
    this.session = session;
    this.earlier = List.copyOf(earlier).iterator();
    this.reader = new PackReader(repository.ring());
  }

  @Override
  public @Nullable List<PackEntry> next() throws IOException {
    while (!packs.hasNext()) {
      if (!earlier.hasNext()) {
        return null;
      }
      packs = session.survivors(earlier.next()).iterator();
    }
    PackName pack = packs.next();
    return reader.footer(pack, new StoredPack(repository.store(), pack));
  }

  @Override
  public void close() {
    reader.close();
  }
}
