package dev.moorage.repository;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.ForwardingStore;
import dev.moorage.objectstore.LookingStore;
import dev.moorage.objectstore.ObjectHead;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.objectstore.Version;
import dev.moorage.repository.seal.ObjectKind;
import dev.moorage.repository.seal.Sealer;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The store of a repository that was declared for a single writer: it looks before it writes, and lets only the host write that the object
 * {@code writer} names. That object is read again when the last look is a minute old, so that a host finds out that another one was
 * declared. Everybody may read, and make the sessions that a reader needs, whose keys nobody else uses. Safe for use by several threads.
 */
final class SoleWriterStore extends ForwardingStore {

  static final ObjectKey KEY = new ObjectKey("writer");

  private static final String READERS = "sessions/";
  private static final long LOOK_NANOS = Duration.ofMinutes(1).toNanos();

  private final Sealer sealer;
  private final Optional<Hex128> own;
  private @Nullable SoleWriter writer;
  private long lookedAt;

  /** {@code own} is what this host calls itself, when it may be the writer of anything. */
  SoleWriterStore(ObjectStore store, Sealer sealer, Optional<Hex128> own) {
    super(new LookingStore(store));
    this.sealer = sealer;
    this.own = own;
  }

  /** Who may write, as the store says now; empty when a crash left it without one. */
  Optional<SoleWriter> writer() throws IOException {
    try (ObjectStream stream = to.get(KEY)) {
      return Optional.of(SoleWriter.parse(KEY.value(), sealer.open(ObjectKind.WRITER, KEY.value(), stream.readAllBytes())));
    } catch (ObjectStoreException.NoSuchObject e) {
      return Optional.empty();
    }
  }

  /** Makes this the one that may write, whoever was it before. */
  void declare(SoleWriter next) throws IOException {
    byte[] sealed = sealer.seal(ObjectKind.WRITER, KEY.value(), next.toBytes());
    Optional<ObjectHead> before = to.head(KEY);
    boolean done = before.isPresent() ? to.replaceIfMatch(KEY, before.get().version(), Content.of(sealed)).isPresent()
        : to.putIfAbsent(KEY, Content.of(sealed)).isPresent();
    if (!done) {
      throw new IOException("cannot become the writer of " + to + ": another host did at the same moment. Look who, and decide");
    }
    synchronized (this) {
      writer = next;
      lookedAt = System.nanoTime();
    }
  }

  /** Refuses when this host may not write. */
  synchronized void demandWriter() throws ObjectStoreException {
    SoleWriter known = writer;
    if (known == null || System.nanoTime() - lookedAt > LOOK_NANOS) {
      known = look();
      writer = known;
      lookedAt = System.nanoTime();
    }
    if (known == null || own.isEmpty() || !known.id().equals(own.get())) {
      throw new ObjectStoreException.Denied("write to the repository in " + to, "it was declared for a single writer, because its store cannot"
          + " keep several apart, and that is " + (known == null ? "nobody yet" : "host " + known.host() + " since " + known.since())
          + ", not this host. It may be read here", "Write from that host; or, when that host will never write again, make this one the writer:"
          + " 'moorage repository add' with --single-writer", null);
    }
  }

  private @Nullable SoleWriter look() throws ObjectStoreException {
    try {
      return writer().orElse(null);
    } catch (ObjectStoreException e) {
      throw e;
    } catch (IOException e) {
      throw new ObjectStoreException.Corrupt("read object " + KEY + " of " + to, String.valueOf(e.getMessage()), "", e);
    }
  }

  private void demandWriter(ObjectKey key) throws ObjectStoreException {
    if (!key.value().startsWith(READERS)) {
      demandWriter();
    }
  }

  @Override
  public Optional<Version> putIfAbsent(ObjectKey key, Content content) throws ObjectStoreException {
    demandWriter(key);
    return super.putIfAbsent(key, content);
  }

  @Override
  public Optional<Version> replaceIfMatch(ObjectKey key, Version expected, Content content) throws ObjectStoreException {
    demandWriter(key);
    return super.replaceIfMatch(key, expected, content);
  }

  @Override
  public boolean delete(ObjectKey key) throws ObjectStoreException {
    demandWriter();
    return super.delete(key);
  }
}
