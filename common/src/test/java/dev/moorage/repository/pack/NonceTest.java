package dev.moorage.repository.pack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.repository.KnownRandom;
import dev.moorage.repository.RepositoryId;
import dev.moorage.repository.SessionId;
import dev.moorage.repository.Texts;
import dev.moorage.repository.key.KeyRing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** No pair of key and nonce seals two texts, however many threads seal. The pack id decides the key, the ordinal is the nonce. */
final class NonceTest {

  private static final int THREADS = 4;
  private static final int PACKS = 12;
  private static final int LENGTH = 3000;

  private final KnownRandom random = new KnownRandom("nonces");
  private final KeyRing ring = KeyRing.create(RepositoryId.random(random), random);
  private final Random numbers = new Random(11);
  private final Map<String, String> textsByKeyAndNonce = new HashMap<>();
  private int sealed;

  @Test
  void noKeyAndNonceSealsTwoTexts() throws IOException, InterruptedException, ExecutionException {
    SessionId session = SessionId.random(random);
    try (ExecutorService workers = Executors.newFixedThreadPool(THREADS)) {
      for (int i = 0; i < PACKS; i++) {
        write(PackName.random(session, random), workers);
      }
    }
    assertThat(sealed).isGreaterThan(PACKS * 10);
    assertThat(textsByKeyAndNonce).hasSize(sealed);
  }

  /** Seals ahead by several threads and appends in order, as a backup does. */
  private void write(PackName name, ExecutorService workers) throws IOException, InterruptedException, ExecutionException {
    ByteArrayOutputStream spool = new ByteArrayOutputStream();
    PackWriter writer = PackWriter.begin(ring, name, PackKind.DATA, Channels.newChannel(spool), 100_000);
    Queue<Future<SealedBlob>> ahead = new ArrayDeque<>();
    while (writer.fits(LENGTH)) {
      byte[] text = Texts.some(numbers, LENGTH);
      int ordinal = writer.reserve(LENGTH);
      ahead.add(workers.submit(() -> seal(writer.seal(), ordinal, text)));
      if (ahead.size() > THREADS) {
        writer.append(ahead.remove().get());
      }
    }
    while (!ahead.isEmpty()) {
      writer.append(ahead.remove().get());
    }
    try (BlobSealer sealer = new BlobSealer(ring, LENGTH); PackScrub scrub = new PackScrub(ring)) {
      FinishedPack pack = writer.finish(sealer);
      PackScrub.Findings findings = scrub.scrub(name, PackSource.of(spool.toByteArray()));
      assertThat(findings.problems()).isEmpty();
      findings.sound().forEach(entry -> count(name, entry.ref().ordinal(), entry.id().toString()));
      count(name, PackFormat.FOOTER_ORDINAL, "footer");
      assertThat(findings.sound()).hasSize(pack.blobs());
    }
  }

  private SealedBlob seal(PackSeal seal, int ordinal, byte[] text) {
    SealedBlob into = new SealedBlob(LENGTH);
    try (BlobSealer sealer = new BlobSealer(ring, LENGTH)) {
      sealer.seal(seal, ordinal, sealer.id(text, 0, LENGTH), text, 0, LENGTH, into);
    }
    return into;
  }

  private void count(PackName name, int ordinal, String text) {
    sealed++;
    textsByKeyAndNonce.put(name.pack() + " " + ordinal, text);
  }
}
