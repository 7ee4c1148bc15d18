package dev.moorage.storage;

import dev.moorage.record.Fields;
import dev.moorage.record.JsonRecord;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The pools that were made or adopted at run time, in {@code pools.json} of the default pool's root (not in its mount, which is there
 * only once the default pool is open). Changes are durable when they return. Callers hold the lock of the set of pools.
 */
record PoolRegistry(Path file) {

  static final String NAME = "pools.json";
  private static final int FORMAT = 1;

  List<PoolRecord> read() throws VolumeException {
    try {
      List<PoolRecord> records = new ArrayList<>();
      for (JsonRecord each : JsonRecord.read(file, FORMAT).objects("pools")) {
        records.add(PoolRecord.read(each));
      }
      return records;
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new VolumeException.Corrupt("read the list of pools", String.valueOf(e.getMessage()),
          "Put back a good copy of " + file + ", or remove it and adopt the pools again", e);
    }
  }

  /** Adds it in place of what has its name. */
  void add(String action, PoolRecord record) throws VolumeException {
    List<PoolRecord> records = without(record.settings().name());
    records.add(record);
    write(action, records);
  }

  void remove(String action, PoolName name) throws VolumeException {
    write(action, without(name));
  }

  private List<PoolRecord> without(PoolName name) throws VolumeException {
    List<PoolRecord> records = new ArrayList<>(read());
    records.removeIf(each -> each.settings().name().equals(name));
    return records;
  }

  private void write(String action, List<PoolRecord> records) throws VolumeException {
    try {
      Fields.ofFormat(FORMAT).objects("pools", records.stream().map(PoolRecord::fields).toList()).writeTo(file);
    } catch (IOException e) {
      throw HostFailure.during(action, e);
    }
  }
}
