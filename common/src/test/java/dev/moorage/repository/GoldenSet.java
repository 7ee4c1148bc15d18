package dev.moorage.repository;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moorage.repository.key.KeyFile;
import dev.moorage.repository.key.KeyRing;
import dev.moorage.repository.key.KeySlot;
import dev.moorage.repository.key.KeySlots;
import dev.moorage.repository.key.Passphrase;
import dev.moorage.repository.key.RecoveryKey;
import dev.moorage.repository.key.UnlockSecret;
import dev.moorage.repository.map.Leaf;
import dev.moorage.repository.map.LeafBuilder;
import dev.moorage.repository.map.LeafCodec;
import dev.moorage.repository.map.RootBuilder;
import dev.moorage.repository.map.RootCodec;
import dev.moorage.repository.pack.BlobId;
import dev.moorage.repository.pack.BlobRef;
import dev.moorage.repository.pack.BlobSealer;
import dev.moorage.repository.pack.PackKind;
import dev.moorage.repository.pack.PackName;
import dev.moorage.repository.pack.PackWriter;
import dev.moorage.repository.pack.SealedBlob;
import dev.moorage.repository.seal.ObjectKind;
import dev.moorage.repository.seal.Sealer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Makes the objects that must stay readable for ever: {@code main} writes them into an empty directory, each under its key. They were
 * made once per version of the format and are never made anew; what a later Moorage would write may differ.
 */
public final class GoldenSet {

  static final String PASSPHRASE = "correct horse battery staple";
  static final String RECOVERY_KEY = "H13N-KPS8-KR1M-HHBH-HD3A-V4J6-0CKY-9WSR-2F9N";
  static final String SESSION_KEY = "sessions/00112233445566778899aabbccddeeff";
  static final String SESSION_TEXT = "{\"who\": \"a host of long ago\"}\n";

  static final int BLOCK = 16 << 10;

  /** Two leaves and a bit, and a last block that is short. */
  static final long VOLUME_BYTES = (2L * Leaf.BLOCKS + 1) * BLOCK + 1000;

  static final List<Long> BLOCKS = List.of(0L, 1L, 2L, 4095L, 2L * Leaf.BLOCKS, 2L * Leaf.BLOCKS + 1);

  private final Path directory;
  private final KnownRandom random = new KnownRandom("golden 1");
  private final SealedBlob buffer = new SealedBlob(PackWriter.PLAIN_LENGTH_MAX);

  private GoldenSet(Path directory) {
    this.directory = directory;
  }

  public static void main(String[] arguments) throws IOException {
    new GoldenSet(Path.of(arguments[0])).make();
  }

  static KeyFile keyFile() {
    byte[] content = new byte[48];
    new KnownRandom("golden key file").nextBytes(content);
    return new KeyFile(content);
  }

  static RepositoryId repository() {
    return RepositoryId.parse("5ca1ab1e-0000-4000-8000-00000000f00d");
  }

  /** What the block holds: words, noise, words again, and the rest of the volume. */
  static byte[] text(long block) {
    byte[] text = new byte[block == 2L * Leaf.BLOCKS + 1 ? 1000 : BLOCK];
    if (block == 1) {
      new KnownRandom("noise").nextBytes(text);
    } else {
      byte[] words = ("block " + (block == 4095 ? 0 : block) + " of a volume of long ago\n").getBytes(US_ASCII);
      for (int i = 0; i < text.length; i++) {
        text[i] = words[i % words.length];
      }
    }
    return text;
  }

  private void make() throws IOException {
    KeyRing first = KeyRing.create(repository(), random);
    KeyRing ring = first.rotated(random);
    slot(first, keyFile(), "before the rotation");
    slot(ring, keyFile(), "a node");
    slot(ring, new Passphrase(PASSPHRASE), "a person");
    slot(ring, RecoveryKey.parse(RECOVERY_KEY), "paper");
    write(SESSION_KEY, new Sealer(first, random).seal(ObjectKind.SESSION, SESSION_KEY, SESSION_TEXT.getBytes(UTF_8)));
    write(SESSION_KEY + ".ended", new Sealer(ring, random).seal(ObjectKind.SESSION_END, SESSION_KEY + ".ended", new byte[0]));
    packs(first, ring);
  }

  private void slot(KeyRing ring, UnlockSecret secret, String label) throws IOException {
    KeySlot slot = KeySlots.wrap(ring, secret, label, Instant.parse("2026-08-23T10:15:30Z"), random);
    write(slot.key(), slot.toBytes());
  }

  /** The blocks under the first epoch, the map under the second: as if the keys were rotated between two snapshots. */
  private void packs(KeyRing first, KeyRing ring) throws IOException {
    SessionId session = SessionId.random(random);
    PackName dataName = PackName.random(session, random);
    PackName mapName = PackName.random(session, random);
    try (BlobSealer sealer = new BlobSealer(ring, BLOCK);
        FileChannel dataFile = create(dataName.key());
        FileChannel mapFile = create(mapName.key())) {
      PackWriter data = PackWriter.begin(first, dataName, PackKind.DATA, dataFile, PackWriter.TARGET_BYTES);
      LeafBuilder low = new LeafBuilder(0);
      LeafBuilder high = new LeafBuilder(2);
      Map<BlobId, BlobRef> stored = new HashMap<>();
      for (long block : BLOCKS) {
        byte[] text = text(block);
        BlobId id = sealer.id(text, 0, text.length);
        if (!stored.containsKey(id)) {
          stored.put(id, add(data, sealer, id, text));
        }
        (block < Leaf.BLOCKS ? low : high).put(Leaf.slotOf(block), id, Objects.requireNonNull(stored.get(id)));
      }
      data.finish(sealer);
      map(PackWriter.begin(ring, mapName, PackKind.MAP, mapFile, PackWriter.TARGET_BYTES), sealer,
          List.of(low.build().orElseThrow(), high.build().orElseThrow()));
    }
  }

  /** The leaves, and the root as the last blob. */
  private void map(PackWriter map, BlobSealer sealer, List<Leaf> leaves) throws IOException {
    RootBuilder root = new RootBuilder(VOLUME_BYTES, BLOCK);
    for (Leaf leaf : leaves) {
      byte[] text = LeafCodec.encode(leaf);
      BlobId id = sealer.id(text, 0, text.length);
      root.put(leaf, add(map, sealer, id, text), id);
    }
    RootCodec.write(root.build(), (part, length) -> {
      byte[] text = Arrays.copyOf(part, length);
      add(map, sealer, sealer.id(text, 0, length), text);
    });
    map.finish(sealer);
  }

  private BlobRef add(PackWriter pack, BlobSealer sealer, BlobId id, byte[] text) throws IOException {
    return pack.add(sealer, id, text, 0, text.length, buffer);
  }

  private FileChannel create(String key) throws IOException {
    Path file = directory.resolve(key);
    Files.createDirectories(file.resolve("..").normalize());
    return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private void write(String key, byte[] content) throws IOException {
    try (FileChannel file = create(key)) {
      file.write(ByteBuffer.wrap(content));
    }
  }
}
