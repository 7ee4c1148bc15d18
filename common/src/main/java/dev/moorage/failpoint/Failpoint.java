package dev.moorage.failpoint;

/**
 * A step between two others of some multi-step operation, at which a test can end the process as {@code kill -9} would.
 * The product calls {@link #reach()} there; it does nothing unless the process was started with the system property
 * {@code moorage.failpoint}, a constant that the compiler folds. The list is complete: a test walks {@link #values()} and
 * demands that each is reached and survived.
 */
public enum Failpoint {
  /** A template is whole under another name. */
  IMAGE_TEMPLATE_MADE,
  /** It has its name, perhaps not durably. */
  IMAGE_TEMPLATE_RENAMED,
  /** A clone exists, not yet as large as wanted. */
  IMAGE_CLONED,
  /** A new image has its content, not durably. */
  IMAGE_FILLED,
  /** An image is larger, its device does not know. */
  IMAGE_GROWN,
  /** Nobody uses an image that is about to be deleted. */
  IMAGE_RELEASED,
  /** Every member of a cut is frozen. */
  IMAGE_CUT_FROZEN,
  /** One member of a cut is cloned. */
  IMAGE_CUT_CLONED,
  /** One snapshot of a cut is durable. */
  IMAGE_CUT_SEALED,
  /** An image has replaced another, perhaps not durably. */
  IMAGE_REPLACED,
  /** A new directory volume has its content, not durably. */
  TREE_FILLED,

  /** A record's new content is on disk beside the old one. */
  RECORD_FLUSHED,
  /** The new content has the record's name; the directory is not flushed. */
  RECORD_RENAMED,
  /** A record is gone; the directory is not flushed. */
  RECORD_DELETED,
  /** A home or file was renamed; neither directory is flushed. */
  DIRECTORY_MOVED,

  /** The directory of a new volume stands under {@code tmp/}, empty. */
  CREATE_HOME_MADE,
  /** Its data is whole; it has no record. */
  CREATE_DATA_MADE,
  /** Its record is written, under {@code tmp/}. */
  CREATE_RECORD_WRITTEN,
  /** It stands among the volumes; nobody was told. */
  CREATE_IN_PLACE,
  /** A volume's record has a new size, its data the old one. */
  GROW_RECORDED,
  /** Record and data have the new size. */
  GROW_DATA_GROWN,
  /** A volume's or snapshot's record says deleted; it still stands among the living. */
  TRASH_RECORD_MARKED,
  /** It stands in the trash; nobody was told. */
  TRASH_MOVED,
  /** A trashed record says living; it still stands in the trash. */
  RESTORE_RECORD_CLEARED,
  /** It stands among the living; nobody was told. */
  RESTORE_MOVED,
  /** A home to be purged has left the trash for {@code tmp/}, whole. */
  PURGE_BEGUN,
  /** The data of a home under {@code tmp/} that is not wanted is gone; its directory is not. */
  PURGE_DATA_GONE,
  /** The directories of the snapshots to be cut stand under {@code tmp/}, empty. */
  CUT_HOMES_MADE,
  /** The snapshots' data is whole; they have no records. */
  CUT_DATA_MADE,
  /** All records are written, under {@code tmp/}. */
  CUT_RECORDS_WRITTEN,
  /** A group's marker is written: from here on it will be completed. */
  CUT_GROUP_DECIDED,
  /** The first member stands among the snapshots. */
  CUT_FIRST_IN_PLACE,
  /** All members do; a group's marker is still there. */
  CUT_ALL_IN_PLACE,
  /** The directory of a replacement stands under {@code tmp/}, empty. */
  REPLACE_HOME_MADE,
  /** The replacement's data is whole. */
  REPLACE_DATA_MADE,
  /** The volume's record is that of the new data, its data still the old one. */
  REPLACE_RECORD_WRITTEN,
  /** The volume has its new data; the emptied replacement is still there. */
  REPLACE_SWAPPED,
  /** The directory of a view stands under {@code tmp/}, empty. */
  VIEW_HOME_MADE,
  /** Its data is whole. */
  VIEW_DATA_MADE,
  /** It stands among the views; nobody was told. */
  VIEW_IN_PLACE,
  /** A view to be deleted has left for {@code tmp/}, whole. */
  VIEW_MOVED,
  /** A volume is attached, not mounted. */
  STAGE_ATTACHED,
  /** A raw volume's small filesystem is mounted; it has no node. */
  STAGE_NODE_MOUNTED,
  /** A volume is mounted; nobody refers to it. */
  STAGE_MOUNTED,
  /** A consumer's reference is written; the consumer was not told. */
  REFERENCE_WRITTEN,
  /** A consumer's reference is gone; the volume is still mounted. */
  REFERENCE_REMOVED,
  /** A volume is shown at a consumer's path; the consumer was not told. */
  PUBLISH_BOUND,
  /** It is shown there no more and the path is gone; its reference is still written. */
  UNPUBLISH_UNBOUND,
  /** A volume is unmounted and detached; nobody was told. */
  RELEASE_UNMOUNTED,
  /** The filesystem inside has grown; the record does not say so. */
  GROW_FILESYSTEM_GROWN,
  /** The safety snapshot of a rollback is cut; the volume has its old data. */
  ROLLBACK_SAFETY_CUT,
  /** A job is recorded; it has not begun. */
  JOB_RECORDED,
  /** A job's end is recorded; nobody was told. */
  JOB_ENDED,
  /** A snapshot's view is mounted; the caller was not told. */
  VIEW_MOUNTED,
  /** A snapshot's view is unmounted; it still exists. */
  VIEW_UNMOUNTED,
  /** A pool was made or adopted; the registry does not know it. */
  POOL_OPENED,
  /** An upload holds the snapshot's image; it is not recorded. */
  UPLOAD_HELD,
  /** The session of an upload is on disk; nothing is uploaded. */
  UPLOAD_ATTEMPT_RECORDED,
  /** A snapshot is committed; this disk does not know. */
  UPLOAD_COMMITTED,
  /** The image of a committed snapshot is held as a base, beside the base before; the record names that. */
  BASE_HELD,
  /** The record names the new base; the old image is still there. */
  BASE_RECORDED,
  /** The snapshot's record says that it is remote; the job runs still. */
  UPLOAD_MARKED,
  /** An upload's record says that it is cancelled; it runs still. */
  UPLOAD_CANCEL_RECORDED,
  /** The sessions of a cancelled upload are closed; its record does not say that it ended. */
  UPLOAD_CANCEL_SETTLED,
  /** A volume that is to be restored exists, empty; no job is recorded. */
  RESTORE_TARGET_MADE,
  /** A part of an image that is restored has its room; nothing is written into that yet. */
  RESTORE_CLAIMED,
  /** Some more blocks of it are written; those before and behind them perhaps not. */
  RESTORE_RUN_WRITTEN,
  /** The journal says how far a restore is; up to there everything is durable. */
  RESTORE_JOURNALLED,
  /** All of it is written and durable; its record does not say so. */
  RESTORE_WRITTEN,
  /** Its record says that it is whole; the job runs still. */
  RESTORE_MARKED,
  /** The private copy of a remote snapshot is mounted; the caller was not told. */
  FETCHED_MOUNTED,
  /** It is unmounted; it still exists. */
  FETCHED_UNMOUNTED,
  /** The private copy that files are to be taken from exists; no job is recorded. */
  FILES_SOURCE_MADE,
  /** It is mounted; nothing is copied. */
  FILES_SOURCE_MOUNTED,
  /** The name under which files are being copied is noted; it is empty. */
  FILES_DRAFT_NOTED,
  /** All files are copied, under a name that nobody knows. */
  FILES_DRAFTED,
  /** They have their name; the job runs still, the private copy is mounted. */
  FILES_IN_PLACE,
  /** The private copy is gone; the job runs still. */
  FILES_SOURCE_GONE,
  /** A new pool's root directory and lock exist, nothing else. */
  POOL_ROOT_MADE,
  /** The pool file has its blocks, not yet a filesystem. */
  POOL_FILE_ALLOCATED,
  /** The pool file is formatted, not durably, and has not its name yet. */
  POOL_FILE_FORMATTED,
  /** The pool file has its name. */
  POOL_FILE_NAMED,
  /** The pool file has its loop device, not mounted. */
  POOL_FILE_ATTACHED,
  /** The pool file is mounted. */
  POOL_FILE_MOUNTED,
  /** A new pool has its directories, no record. */
  POOL_DIRECTORIES_MADE,
  /** A new pool has its record. */
  POOL_RECORD_WRITTEN,
  /** The pool file is larger, its device does not know. */
  POOL_GROW_ALLOCATED,
  /** The device knows, the filesystem does not. */
  POOL_GROW_CAPACITY,
  /** The pool file is unmounted, the lock still held. */
  POOL_FILE_UNMOUNTED,
  /** An object's content is written and durable under a name that nobody reads. */
  OBJECT_DRAFTED,
  /** A new object has its name, perhaps not durably; its draft is still there. */
  OBJECT_LINKED,
  /** An object has its new content, perhaps not durably. */
  OBJECT_REPLACED,
  /** An object is gone, perhaps not durably. */
  OBJECT_UNLINKED,
  ;

  private static final String ARMED = System.getProperty("moorage.failpoint", "");

  /** Ends the process with SIGKILL when this failpoint is the armed one ({@code NAME} or {@code NAME:n}, the n-th time). */
  public void reach() {
    if (!ARMED.isEmpty()) {
      Armed.reached(this, ARMED);
    }
  }
}
