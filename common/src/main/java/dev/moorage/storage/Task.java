package dev.moorage.storage;

import dev.moorage.volume.VolumeException;

/** A piece of work on the storage's threads. */
interface Task<T> {

  T run() throws VolumeException;

  /** Takes back what a task did for a caller that had left before it was done. */
  interface Withdrawal<T> {
    void run(T result) throws VolumeException;

    /** For work that stays done. */
    static <T> Withdrawal<T> none() {
      return _ -> {};
    }
  }
}
