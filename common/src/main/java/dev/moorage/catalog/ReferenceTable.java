package dev.moorage.catalog;

import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeId;
import java.nio.file.Path;
import java.util.Collection;

/**
 * Who uses which volume on this host, as a state machine that knows no device: the rule is that of {@link References}. It is kept in a
 * directory below the run directory, one file per volume that is in use, replaced atomically but not flushed: it outlives this
 * process, and dies with the machine (a file of another boot is ignored and removed).
 *
 * <p>Safe for use by several threads; changes of one volume are serialised by the caller.
 */
public final class ReferenceTable {

  private ReferenceTable() {}

  /**
   * Reads the table, making the directory when absent.
   *
   * @param bootId what {@code /proc/sys/kernel/random/boot_id} says
   */
  public static ReferenceTable open(Path directory, String bootId) throws VolumeException {
    throw bug();
  }

  /** The references of a volume; none for an unknown one. */
  public References of(VolumeId volume) {
    throw bug();
  }

  /** The volumes that have references; a live set. */
  public Collection<VolumeId> volumes() {
    throw bug();
  }

  /** The present epoch; grows by one with each {@link #newEpoch}. */
  public long epoch() {
    throw bug();
  }

  /** The engine has started anew: counted references from before may be stale. */
  public void newEpoch() throws VolumeException {
    throw bug();
  }

  /**
   * Adds the reference of a mount that has succeeded.
   *
   * @param deviceBusyElsewhere whether something other than our own staging uses the volume's device or tree
   * @return the references afterwards
   */
  public References mounted(VolumeId volume, ReferenceKey key, boolean deviceBusyElsewhere) throws VolumeException {
    throw bug();
  }

  /** Takes one reference away; an unknown key changes nothing. */
  public References unmounted(VolumeId volume, ReferenceKey key) throws VolumeException {
    throw bug();
  }

  /** Forgets every reference of the volume. */
  public void forget(VolumeId volume) throws VolumeException {
    throw bug();
  }

  private static AssertionError bug() {
    return new AssertionError("BUG: replaced by the catalog room");
  }
}
