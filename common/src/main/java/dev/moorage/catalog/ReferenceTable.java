package dev.moorage.catalog;

import dev.moorage.record.AtomicFile;
import dev.moorage.record.Fields;
import dev.moorage.record.JsonRecord;
import dev.moorage.record.MalformedRecordException;
import dev.moorage.record.NewerRecordException;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who uses which volume on this host, as a state machine that knows no device: the rule is that of {@link References}. It is kept in a
 * directory below the run directory, one file per volume that is in use, replaced atomically but not flushed: it outlives this
 * process, and dies with the machine (a file of another boot is ignored and removed, and so is one that cannot be read: the kernel
 * knows what is mounted, the table only who asked for it).
 *
 * <p>Safe for use by several threads; changes of one volume are serialised by the caller.
 */
public final class ReferenceTable {

  private static final int FORMAT = 1;
  private static final String EPOCH_FILE = "epoch.json";
  private static final String SUFFIX = ".json";

  private final Path directory;
  private final String bootId;
  private final Map<VolumeId, References> table = new ConcurrentHashMap<>();
  private volatile long epoch;

  private ReferenceTable(Path directory, String bootId) {
    this.directory = directory;
    this.bootId = bootId;
  }

  /**
   * Reads the table, making the directory when absent.
   *
   * @param bootId what {@code /proc/sys/kernel/random/boot_id} says
   * @throws VolumeException.Unavailable when the directory cannot be read or written
   */
  public static ReferenceTable open(Path directory, String bootId) throws VolumeException {
    ReferenceTable table = new ReferenceTable(directory, bootId);
    try {
      Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      for (Path file : RecordScan.entries(directory)) {
        table.load(file);
      }
      return table;
    } catch (IOException e) {
      throw DiskFailure.during("open the table of references in " + directory, e);
    }
  }

  private void load(Path file) throws IOException {
    String name = file.getFileName().toString();
    Optional<JsonRecord> record = ofThisBoot(file);
    if (record.isEmpty()) {
      Files.delete(file);
    } else if (name.equals(EPOCH_FILE)) {
      epoch = record.get().number("epoch");
    } else {
      VolumeId volume = VolumeId.parse(name.substring(0, name.length() - SUFFIX.length()));
      table.put(volume, ReferenceRecord.read(record.get()));
    }
  }

  /** Empty for what is of another boot, of a process that died while writing, or no record of ours. */
  private Optional<JsonRecord> ofThisBoot(Path file) throws IOException {
    String name = file.getFileName().toString();
    boolean ours = name.equals(EPOCH_FILE)
        || (name.endsWith(SUFFIX) && RecordScan.isHome(Path.of(name.substring(0, name.length() - SUFFIX.length()))));
    if (!ours) {
      return Optional.empty();
    }
    try {
      JsonRecord record = JsonRecord.read(file, FORMAT);
      boolean readable = record.text("boot").equals(bootId)
          && (name.equals(EPOCH_FILE) ? record.number("epoch") >= 0 : !ReferenceRecord.read(record).isEmpty());
      return readable ? Optional.of(record) : Optional.empty();
    } catch (MalformedRecordException | NewerRecordException e) {
      return Optional.empty();
    }
  }

  /** The references of a volume; none for an unknown one. */
  public References of(VolumeId volume) {
    return table.getOrDefault(volume, References.NONE);
  }

  /** The volumes that have references; a live set. */
  public Collection<VolumeId> volumes() {
    return Collections.unmodifiableSet(table.keySet());
  }

  /** The present epoch; grows by one with each {@link #newEpoch}. */
  public long epoch() {
    return epoch;
  }

  /** The engine has started anew: counted references from before may be stale. */
  public synchronized void newEpoch() throws VolumeException {
    try {
      replace(EPOCH_FILE, record().number("epoch", epoch + 1));
      epoch = epoch + 1;
    } catch (IOException e) {
      throw DiskFailure.during("begin a new epoch of references", e);
    }
  }

  /**
   * Adds the reference of a mount that has succeeded.
   *
   * @param deviceBusyElsewhere whether something other than our own staging uses the volume's device or tree
   * @return the references afterwards
   */
  public References mounted(VolumeId volume, ReferenceKey key, boolean deviceBusyElsewhere) throws VolumeException {
    return change(volume, of(volume).mounted(key, epoch, deviceBusyElsewhere));
  }

  /** Takes one reference away; an unknown key changes nothing. */
  public References unmounted(VolumeId volume, ReferenceKey key) throws VolumeException {
    return change(volume, of(volume).unmounted(key));
  }

  /** Forgets every reference of the volume. */
  public void forget(VolumeId volume) throws VolumeException {
    change(volume, References.NONE);
  }

  private References change(VolumeId volume, References changed) throws VolumeException {
    if (changed.equals(of(volume))) {
      return changed;
    }
    try {
      if (changed.isEmpty()) {
        Files.deleteIfExists(directory.resolve(volume + SUFFIX));
        table.remove(volume);
      } else {
        replace(volume + SUFFIX, record().objects("references", ReferenceRecord.fields(changed)));
        table.put(volume, changed);
      }
      return changed;
    } catch (IOException e) {
      throw DiskFailure.during("note who uses volume " + volume, e);
    }
  }

  private Fields record() {
    return Fields.ofFormat(FORMAT).text("boot", bootId);
  }

  /** Not flushed: after a power cut the table must be gone anyway. */
  private void replace(String name, Fields fields) throws IOException {
    Path unfinished = directory.resolve(name + AtomicFile.UNFINISHED);
    Files.write(unfinished, fields.toBytes());
    Files.move(unfinished, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }
}
