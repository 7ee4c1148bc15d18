package dev.moorage.objectstore.file;

import dev.moorage.failpoint.Failpoint;
import dev.moorage.linux.FileIdentity;
import dev.moorage.linux.FileOps;
import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.ExactStream;
import dev.moorage.objectstore.Listing;
import dev.moorage.objectstore.ObjectHead;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.objectstore.RegionReads;
import dev.moorage.objectstore.Version;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Set;

/**
 * Objects as files of a directory, at the path that their key says. Nothing but the filesystem coordinates those who share it: link()
 * refuses a name that is taken, so it is what creates; replacing and deleting take a lock, by the hash of the key, so that nothing
 * comes between comparing a version and the rename. Works between processes, and between hosts on filesystems with flock.
 */
final class FileObjectStore implements ObjectStore {

  /** What is ours and no object: names that begin with a dot are no keys. */
  static final String HOME = ".moorage";

  private static final String SEE = "See what it is and remove it";
  private static final Set<String> NO_LINKS =
      Set.of("Operation not permitted", "Operation not supported", "Function not implemented");
  private static final int ATTEMPTS_MAX = 100;
  private static final int LOCKS = 16;

  private final Path root;
  private final FileIdentity identity;
  private final Drafts drafts;
  private final RegionReads reads = new RegionReads();

  /** {@code root} is a real path, without symbolic links. */
  FileObjectStore(Path root) throws IOException {
    this.root = root;
    this.identity = FileIdentity.of(root);
    this.drafts = new Drafts(root.resolve(HOME).resolve("drafts"));
  }

  @Override
  public Optional<Version> putIfAbsent(ObjectKey key, Content content) throws ObjectStoreException {
    String action = action("create", key);
    try {
      Path file = path(action, key);
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        return refused(action, file);
      }
      // 1. The content, durable, under a name that nobody reads.
      Path draft = drafts.write(action, content);
      try {
        Failpoint.OBJECT_DRAFTED.reach();
        // 2. The name: link() does it only if it is free.
        boolean linked = link(action, draft, file);
        Failpoint.OBJECT_LINKED.reach();
        if (!linked) {
          return refused(action, file);
        }
        // 3. The version is that of our own file, whoever may replace it from now on.
        Optional<Version> version = ObjectFile.head(draft).map(ObjectHead::version);
        // 4. The names, up to the root: other processes may just have made the directories.
        flush(file);
        return version;
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      throw FileErrors.translate(action, e);
    }
  }

  /** Somebody relies on what is there from now on, so it must not be gone after a power cut. */
  private Optional<Version> refused(String action, Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new ObjectStoreException.Invalid(action, "something that is no plain file has its name, perhaps a directory of objects", SEE, null);
    }
    flush(file);
    return Optional.empty();
  }

  /** Whether the name was free. Deletes may remove empty directories at any time, so they are made again then. */
  private boolean link(String action, Path draft, Path file) throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      try {
        Directory.make(root, Directory.of(file));
        Files.createLink(file, draft);
        return true;
      } catch (FileAlreadyExistsException e) {
        // A network filesystem that lost the first answer refuses the second request, though the name is ours.
        return isSame(file, draft);
      } catch (NoSuchFileException e) {
        if (!Files.exists(draft, LinkOption.NOFOLLOW_LINKS)) {
          throw e;
        }
      } catch (FileSystemException e) {
        throw NO_LINKS.contains(String.valueOf(e.getReason()))
            ? new ObjectStoreException.ConditionsUnsupported(action, "this filesystem has no hard links", "Use another one", e)
            : e;
      }
    }
    throw new ObjectStoreException.Unavailable(action, "its directory vanishes again and again", "", null);
  }

  private static boolean isSame(Path file, Path draft) throws IOException {
    try {
      return Files.isSameFile(file, draft);
    } catch (NoSuchFileException e) {
      // The other object was there, and was deleted since.
      return false;
    }
  }

  @Override
  public Optional<Version> replaceIfMatch(ObjectKey key, Version expected, Content content) throws ObjectStoreException {
    String action = action("replace", key);
    try {
      Path file = path(action, key);
      if (!isOf(file, expected)) {
        return Optional.empty();
      }
      // 1. The content, durable, under a name that nobody reads.
      Path draft = drafts.write(action, content);
      try {
        Optional<Version> version = swap(file, expected, draft);
        // 3. The name.
        if (version.isPresent()) {
          flush(file);
        }
        return version;
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      throw FileErrors.translate(action, e);
    }
  }

  /** 2. The switch, with nobody between the comparison and the rename. */
  private Optional<Version> swap(Path file, Version expected, Path draft) throws IOException {
    try (FileOps.Lock _ = lock(file)) {
      Optional<ObjectHead> current = ObjectFile.head(file);
      if (current.isEmpty() || !current.get().version().equals(expected)) {
        return Optional.empty();
      }
      ObjectFile.makeYoungerThan(current.get().lastModified(), draft);
      Optional<Version> version = ObjectFile.head(draft).map(ObjectHead::version);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
      Failpoint.OBJECT_REPLACED.reach();
      return version;
    }
  }

  private static boolean isOf(Path file, Version expected) throws IOException {
    return ObjectFile.head(file).filter(head -> head.version().equals(expected)).isPresent();
  }

  @Override
  public ObjectStream get(ObjectKey key) throws ObjectStoreException {
    String action = action("read", key);
    return open(action, key, head -> new Region(0, head.size()));
  }

  @Override
  public ObjectStream getRange(ObjectKey key, long offset, int length) throws ObjectStoreException {
    if (offset < 0 || length <= 0) {
      throw new IllegalArgumentException("a range of " + length + " bytes at " + offset);
    }
    String action = action("read " + length + " bytes at " + offset, key);
    return open(action, key, head -> {
      if (offset > head.size() - length) {
        throw new ObjectStoreException.InvalidRange(action, "it has " + head.size() + " bytes", "", null);
      }
      return new Region(offset, length);
    });
  }

  private record Region(long offset, long length) {}

  private interface Choice {
    Region of(ObjectHead head) throws ObjectStoreException;
  }

  /** Between asking for the version and opening the file it may be replaced, so the version is asked for once more. */
  private ObjectStream open(String action, ObjectKey key, Choice choice) throws ObjectStoreException {
    try {
      Path file = path(action, key);
      for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
        Optional<ObjectHead> head = ObjectFile.head(file);
        if (head.isEmpty()) {
          throw new ObjectStoreException.NoSuchObject(action, "there is no such object", "", null);
        }
        Region region = choice.of(head.get());
        Optional<InputStream> in = openIfOf(file, head.get().version(), region);
        if (in.isPresent()) {
          ExactStream exact = new ExactStream(in.get(), region.length(), cause -> FileErrors.translate(action, cause));
          return new ObjectStream(exact, head.get().version(), region.length());
        }
      }
      throw new ObjectStoreException.Unavailable(action, "it is replaced again and again", "", null);
    } catch (IOException e) {
      throw FileErrors.translate(action, e);
    }
  }

  private Optional<InputStream> openIfOf(Path file, Version version, Region region) throws IOException {
    InputStream in;
    try {
      in = reads.open(file, region.offset(), region.length());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    boolean same = false;
    try {
      same = isOf(file, version);
    } finally {
      if (!same) {
        in.close();
      }
    }
    return same ? Optional.of(in) : Optional.empty();
  }

  @Override
  public Optional<ObjectHead> head(ObjectKey key) throws ObjectStoreException {
    String action = action("look at", key);
    try {
      return ObjectFile.head(path(action, key));
    } catch (IOException e) {
      throw FileErrors.translate(action, e);
    }
  }

  @Override
  public Listing list(String prefix, Optional<String> after, int limit) throws ObjectStoreException {
    if (limit < 1 || limit > LIST_LIMIT_MAX) {
      throw new IllegalArgumentException("a page of " + limit);
    }
    String action = "list objects " + prefix + "* of " + this;
    try {
      demandRoot(action);
      return new Walk(root, prefix, after.orElse(""), limit).page();
    } catch (IOException e) {
      throw FileErrors.translate(action, e);
    }
  }

  @Override
  public boolean delete(ObjectKey key) throws ObjectStoreException {
    String action = action("delete", key);
    try {
      Path file = path(action, key);
      if (ObjectFile.head(file).isEmpty()) {
        return false;
      }
      boolean deleted;
      try (FileOps.Lock _ = lock(file)) {
        deleted = Files.deleteIfExists(file);
      }
      Failpoint.OBJECT_UNLINKED.reach();
      Directory.flushFrom(root, Directory.removeEmpty(root, Directory.of(file)));
      return deleted;
    } catch (IOException e) {
      throw FileErrors.translate(action, e);
    }
  }

  private FileOps.Lock lock(Path file) throws IOException {
    Path locks = root.resolve(HOME).resolve("locks");
    Directory.make(root, locks);
    return FileOps.waitForLock(locks.resolve(Integer.toHexString(Math.floorMod(root.relativize(file).toString().hashCode(), LOCKS))));
  }

  private void flush(Path file) throws IOException {
    Directory.flushFrom(root, Directory.of(file));
  }

  /** Where the object is or would be. A key cannot lead out of the root; a symbolic link on the way there is refused. */
  private Path path(String action, ObjectKey key) throws IOException {
    demandRoot(action);
    Path file = root.resolve(key.value());
    for (Path directory = Directory.of(file); !directory.equals(root); directory = Directory.of(directory)) {
      if (Files.isSymbolicLink(directory)) {
        throw new ObjectStoreException.Invalid(action, directory + " is a symbolic link", SEE, null);
      }
    }
    return file;
  }

  /** Beneath a disk that was unmounted lies an empty directory, which is not a store without objects. */
  private void demandRoot(String action) throws IOException {
    if (!Files.isDirectory(root) || !FileIdentity.of(root).equals(identity)) {
      throw new ObjectStoreException.Unavailable(action, root + " is not the directory any more that was opened", "Mount what belongs there",
          null);
    }
  }

  private String action(String verb, ObjectKey key) {
    return verb + " object " + key + " of " + this;
  }

  @Override
  public void close() throws ObjectStoreException {
    try {
      drafts.close();
    } catch (IOException e) {
      throw FileErrors.translate("close " + this, e);
    }
  }

  @Override
  public String toString() {
    return "file://" + root;
  }
}
