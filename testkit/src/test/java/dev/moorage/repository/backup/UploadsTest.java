package dev.moorage.repository.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.ForwardingStore;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.Version;
import dev.moorage.testkit.objectstore.ModelObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Goal: no pack is called stored that is not, however its sending ended. */
final class UploadsTest {

  private static final byte[] TEXT = {1, 2, 3};

  @TempDir
  private Path spool = Path.of("");

  private final ModelObjectStore model = new ModelObjectStore();
  private final BackupStats stats = new BackupStats();

  private static ObjectKey key(int number) {
    return new ObjectKey("packs/" + number);
  }

  private void send(Uploads uploads, int number) throws IOException {
    CRC32C crc = new CRC32C();
    crc.update(TEXT);
    uploads.send(key(number), Files.write(spool.resolve(Integer.toString(number)), TEXT), TEXT.length, (int) crc.getValue());
  }

  @Test
  void everythingIsStoredAndNoFileLeftWhenItHasFinished() throws IOException {
    try (Uploads uploads = new Uploads(model, stats)) {
      for (int number = 0; number < 20; number++) {
        send(uploads, number);
      }
      uploads.finish();
    }
    assertThat(model.list("packs/", Optional.empty(), 100).objects()).hasSize(20);
    assertThat(spool).isEmptyDirectory();
  }

  /** Else a slow link would show 100 % for as long as the spool takes to be sent. */
  @Test
  void whatWaitsToBeSentIsNotDone() throws IOException {
    stats.read(10 * TEXT.length);
    stats.stored(2 * TEXT.length);
    assertThat(stats.bytesDone()).isEqualTo(8L * TEXT.length);
    try (Uploads uploads = new Uploads(model, stats)) {
      send(uploads, 1);
      send(uploads, 2);
      // Of the map, which is not read from the image.
      send(uploads, 3);
      uploads.finish();
    }
    assertThat(stats.bytesDone()).isEqualTo(10L * TEXT.length);
  }

  @Test
  void aMistakeInAClientIsAFailureAndNeverAStoredPack() throws IOException {
    ObjectStore mistaken = new ForwardingStore(model) {
      @Override
      public Optional<Version> putIfAbsent(ObjectKey key, Content content) throws ObjectStoreException {
        if (key.equals(key(3))) {
          throw new IllegalStateException("a mistake, thrown by a test");
        }
        return super.putIfAbsent(key, content);
      }
    };
    try (Uploads uploads = new Uploads(mistaken, stats)) {
      assertThatThrownBy(() -> {
        for (int number = 0; number < 10; number++) {
          send(uploads, number);
        }
        uploads.finish();
      }).isInstanceOf(IOException.class).hasMessageContaining("packs/3");
    }
  }

  @Test
  void whoIsInterruptedWhileHeWaitsForAPlaceHearsOfIt() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    ObjectStore slow = new ForwardingStore(model) {
      @Override
      public Optional<Version> putIfAbsent(ObjectKey key, Content content) throws ObjectStoreException {
        try {
          answer.await();
        } catch (InterruptedException e) {
          throw new ObjectStoreException.Unavailable("put " + key, "interrupted", "", e);
        }
        return super.putIfAbsent(key, content);
      }
    };
    AtomicReference<@Nullable Throwable> heard = new AtomicReference<>();
    try (Uploads uploads = new Uploads(slow, stats)) {
      Thread sender = Thread.ofPlatform().start(() -> {
        try {
          for (int number = 0; number < 100; number++) {
            send(uploads, number);
          }
        } catch (IOException e) {
          heard.set(e);
        }
      });
      while (sender.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      sender.interrupt();
      sender.join();
      answer.countDown();
      assertThat(heard.get()).hasMessageContaining("interrupted");
      assertThatThrownBy(uploads::finish).as("the pack that found no place is missed").isInstanceOf(IOException.class);
    }
  }
}
