package dev.moorage.repository.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.repository.Hex128;
import dev.moorage.repository.RepositoryId;
import dev.moorage.repository.SessionId;
import dev.moorage.repository.key.KeyRing;
import dev.moorage.repository.pack.BlobId;
import dev.moorage.repository.pack.BlobRef;
import dev.moorage.repository.pack.PackEntry;
import dev.moorage.repository.pack.PackName;
import dev.moorage.testkit.objectstore.ModelObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Goal: whatever an earlier attempt stored is found again, however much that was, without memory for it and without a file left. */
final class ReusableBlocksTest {

  private static final int PACK = 500;
  private static final int SEALED = 40_000;

  @TempDir
  private Path spool = Path.of("");

  private final SecureRandom random = new SecureRandom();
  private final SessionId session = SessionId.random(random);

  /** Not a field's value, because the directory is made after the fields. */
  private PackStreams streams() {
    return new PackStreams(KeyRing.create(RepositoryId.random(random), random), session, spool,
        new Uploads(new ModelObjectStore(), new BackupStats()));
  }

  /** So many packs of made-up blocks, whose ids come from the seed. */
  private static final class MadeUp implements ReusablePacks {
    private final SessionId session;
    private final Random ids;
    private int left;

    MadeUp(SessionId session, long seed, int packs) {
      this.session = session;
      this.ids = new Random(seed);
      this.left = packs;
    }

    @Override
    public @Nullable List<PackEntry> next() {
      if (left == 0) {
        return null;
      }
      left--;
      PackName name = new PackName(session, new Hex128(left, left));
      List<PackEntry> entries = new ArrayList<>();
      for (int i = 0; i < PACK; i++) {
        entries.add(new PackEntry(new BlobId(ids.nextLong(), ids.nextLong()), new BlobRef(name, i, 64 + i * SEALED, SEALED, 1 << 16)));
      }
      return entries;
    }

    @Override
    public void close() {}
  }

  /** More blocks than the table in memory takes, which is a million. */
  @Test
  void everyBlockIsFoundHoweverManyThereAre() throws IOException {
    int packs = 2400;
    PackStreams streams = streams();
    try (ReusableBlocks table = ReusableBlocks.make(new MadeUp(session, 7, packs), streams)) {
      ReusablePacks again = new MadeUp(session, 7, packs);
      int number = 0;
      for (List<PackEntry> pack = again.next(); pack != null; pack = again.next()) {
        for (PackEntry entry : pack) {
          BlobRef ref = entry.ref();
          assertThat(table.find(entry.id().high(), entry.id().low()))
              .isEqualTo(new SeenBlocks.Place(number, ref.ordinal(), ref.offset(), ref.sealedLength()));
        }
        assertThat(streams.pack(number)).isEqualTo(pack.getFirst().ref().pack());
        number++;
      }
      assertThat(number).isEqualTo(packs);
      Random others = new Random(8);
      for (int i = 0; i < 100_000; i++) {
        assertThat(table.find(others.nextLong(), others.nextLong())).isNull();
      }
    }
    assertThat(spool).isEmptyDirectory();
  }

  @Test
  void ofAFirstAttemptNothingIsWritten() throws IOException {
    try (ReusableBlocks table = ReusableBlocks.make(ReusablePacks.none(), streams())) {
      assertThat(spool).isEmptyDirectory();
      assertThat(table.find(1, 2)).isNull();
    }
  }

  /** Ids that begin at one place, at the end of the table too. */
  @Test
  void blocksThatWantTheSamePlaceAndTwinsAreFoundToo() throws IOException {
    PackName name = new PackName(session, new Hex128(1, 1));
    List<PackEntry> crowd = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      crowd.add(new PackEntry(new BlobId(i / 2, -1), new BlobRef(name, i, 64 + i * SEALED, SEALED, 1 << 16)));
    }
    try (ReusableBlocks table = ReusableBlocks.make(once(crowd), streams())) {
      for (int i = 0; i < 50; i++) {
        assertThat(table.find(i, -1)).as("the first of two").isEqualTo(new SeenBlocks.Place(0, 2 * i, 64 + 2 * i * SEALED, SEALED));
      }
      assertThat(table.find(50, -1)).isNull();
      assertThat(table.find(0, 0)).isNull();
    }
  }

  @Test
  void aFailureLeavesNoFile() {
    ReusablePacks failing = new ReusablePacks() {
      private boolean told;

      @Override
      public List<PackEntry> next() throws IOException {
        if (told) {
          throw new IOException("the store is away");
        }
        told = true;
        return List.of();
      }

      @Override
      public void close() {}
    };
    assertThatThrownBy(() -> ReusableBlocks.make(failing, streams())).hasMessage("the store is away");
    assertThat(spool).isEmptyDirectory();
  }

  private static ReusablePacks once(List<PackEntry> entries) {
    return new ReusablePacks() {
      private boolean told;

      @Override
      public @Nullable List<PackEntry> next() {
        boolean first = !told;
        told = true;
        return first ? entries : null;
      }

      @Override
      public void close() {}
    };
  }
}
