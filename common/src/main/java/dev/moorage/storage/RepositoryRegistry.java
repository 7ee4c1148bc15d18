package dev.moorage.storage;

import dev.moorage.record.Fields;
import dev.moorage.record.JsonRecord;
import dev.moorage.repository.Hex128;
import dev.moorage.repository.RepositoryId;
import dev.moorage.volume.RepositoryName;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The repositories that were made or added at run time, of which ones the recovery key was asked back, and what this host calls itself
 * where only one may write, in {@code repositories.json} of the default pool's root. Changes are durable when they return. Who writes
 * holds the lock of the set of repositories.
 */
record RepositoryRegistry(Path file) {

  static final String NAME = "repositories.json";
  private static final int FORMAT = 1;

  /** What the file says. */
  record Content(List<RepositoryRecord> records, List<RepositoryId> confirmed, Optional<Hex128> self) {

    Optional<RepositoryRecord> of(RepositoryName name) {
      return records.stream().filter(each -> each.settings().name().equals(name)).findFirst();
    }
  }

  Content read() throws VolumeException {
    try {
      JsonRecord record = JsonRecord.read(file, FORMAT);
      List<RepositoryRecord> records = new ArrayList<>();
      for (JsonRecord each : record.objects("repositories")) {
        records.add(RepositoryRecord.read(each));
      }
      return new Content(records, record.parsedTexts("recoveryKeyConfirmed", RepositoryId::parse),
          record.optionalParsed("writer", Hex128::parse));
    } catch (NoSuchFileException e) {
      return new Content(List.of(), List.of(), Optional.empty());
    } catch (IOException e) {
      throw new VolumeException.Corrupt("read the list of repositories", String.valueOf(e.getMessage()),
          "Put back a good copy of " + file + ", or remove it and add the repositories again", e);
    }
  }

  /** Puts it in place of what has its name. */
  void put(String action, RepositoryRecord record) throws VolumeException {
    Content content = read();
    List<RepositoryRecord> records = without(content, record.settings().name());
    records.add(record);
    write(action, records, content.confirmed(), content.self());
  }

  void remove(String action, RepositoryName name) throws VolumeException {
    Content content = read();
    write(action, without(content, name), content.confirmed(), content.self());
  }

  /** Remembers whether somebody has shown that he has the newest recovery key. */
  void confirm(String action, RepositoryId id, boolean confirmed) throws VolumeException {
    Content content = read();
    List<RepositoryId> ids = new ArrayList<>(content.confirmed());
    ids.remove(id);
    if (confirmed) {
      ids.add(id);
    }
    write(action, content.records(), ids, content.self());
  }

  /** What this host calls itself where only one may write; drawn when it is first asked for. */
  Hex128 self(String action) throws VolumeException {
    Content content = read();
    if (content.self().isPresent()) {
      return content.self().get();
    }
    Hex128 drawn = Hex128.random(new SecureRandom());
    write(action, content.records(), content.confirmed(), Optional.of(drawn));
    return drawn;
  }

  private static List<RepositoryRecord> without(Content content, RepositoryName name) {
    List<RepositoryRecord> records = new ArrayList<>(content.records());
    records.removeIf(each -> each.settings().name().equals(name));
    return records;
  }

  private void write(String action, List<RepositoryRecord> records, List<RepositoryId> confirmed, Optional<Hex128> self)
      throws VolumeException {
    try {
      Fields.ofFormat(FORMAT)
          .objects("repositories", records.stream().map(RepositoryRecord::fields).toList())
          .texts("recoveryKeyConfirmed", confirmed.stream().map(RepositoryId::toString).toList())
          .text("writer", self.map(Hex128::toString))
          .writeTo(file);
    } catch (IOException e) {
      throw HostFailure.during(action, e);
    }
  }
}
