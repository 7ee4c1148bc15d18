package dev.moorage.repository.pack;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.repository.Flips;
import dev.moorage.repository.KnownRandom;
import dev.moorage.repository.RepositoryId;
import dev.moorage.repository.SessionId;
import dev.moorage.repository.Texts;
import dev.moorage.repository.UnreadableException;
import dev.moorage.repository.key.KeyRing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PackTest {

  private final KnownRandom random = new KnownRandom("packs");
  private final KeyRing ring = KeyRing.create(RepositoryId.random(random), random);

  private static List<byte[]> texts(RandomGenerator numbers, int count, int lengthMax) {
    List<byte[]> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      texts.add(Texts.some(numbers, numbers.nextInt(lengthMax + 1)));
    }
    return texts;
  }

  private PackScrub.Findings scrub(PackName name, byte[] content) throws IOException {
    try (PackScrub scrub = new PackScrub(ring)) {
      return scrub.scrub(name, PackSource.of(content));
    }
  }

  @Test
  void everyBlobComesBackByItsReferenceAlone() throws IOException {
    for (int seed = 0; seed < 20; seed++) {
      Random numbers = new Random(seed);
      WrittenPack written = WrittenPack.write(ring, "pack" + seed, texts(numbers, numbers.nextInt(30), 200_000));
      byte[] content = written.bytes().get();
      byte[] text = new byte[200_007];
      try (BlobOpener opener = new BlobOpener(ring)) {
        for (int i = 0; i < written.texts().size(); i++) {
          BlobRef ref = written.entries().get(i).ref();
          opener.open(ref, content, ref.offset(), text, 7);
          assertThat(Arrays.copyOfRange(text, 7, 7 + ref.plainLength())).as("seed %s blob %s", seed, i).isEqualTo(written.texts().get(i));
          assertThat(opener.id(text, 7, ref.plainLength())).isEqualTo(written.entries().get(i).id());
        }
      }
    }
  }

  @Test
  void footerAndWalkTellTheSame() throws IOException {
    WrittenPack written = WrittenPack.write(ring, "same", texts(new Random(1), 50, 5000));
    try (PackReader reader = new PackReader(ring)) {
      assertThat(reader.kind(written.name(), written.source())).isEqualTo(PackKind.DATA);
      assertThat(reader.footer(written.name(), written.source())).isEqualTo(written.entries());
      assertThat(reader.walk(written.name(), written.source())).isEqualTo(written.entries());
    }
    assertThat(written.pack().blobs()).isEqualTo(50);
    assertThat(written.pack().bytes()).isEqualTo(written.bytes().get().length);
    CRC32C checksum = new CRC32C();
    checksum.update(written.bytes().get());
    assertThat(written.pack().crc32c()).isEqualTo((int) checksum.getValue());
  }

  @Test
  void aPackInAFileIsReadByRanges(@TempDir Path directory) throws IOException {
    PackName name = PackName.random(SessionId.random(random), random);
    Path file = directory.resolve("pack");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ);
        BlobSealer sealer = new BlobSealer(ring, 100);
        PackReader reader = new PackReader(ring)) {
      PackWriter writer = PackWriter.begin(ring, name, PackKind.MAP, channel, PackWriter.TARGET_BYTES);
      byte[] text = "leaf".getBytes(US_ASCII);
      BlobRef ref = writer.add(sealer, sealer.id(text, 0, 4), text, 0, 4, new SealedBlob(4));
      writer.finish(sealer);
      assertThat(reader.text(ref, PackSource.of(channel))).isEqualTo(text);
      assertThat(reader.kind(name, PackSource.of(channel))).isEqualTo(PackKind.MAP);
    }
  }

  @Test
  void textsThatDoNotCompressAreStoredAsTheyAre() throws IOException {
    byte[] noise = new byte[65536];
    new Random(3).nextBytes(noise);
    byte[] words = "the same words again ".repeat(3000).getBytes(US_ASCII);
    WrittenPack written = WrittenPack.write(ring, "forms", List.of(noise, words, new byte[0]));
    byte[] content = written.bytes().get();
    List<Byte> forms = written.entries().stream().map(entry -> content[entry.ref().offset() + 12]).toList();
    assertThat(forms).containsExactly(PackFormat.FORM_RAW, PackFormat.FORM_ZSTD, PackFormat.FORM_RAW);
    assertThat(written.entries().getFirst().ref().sealedLength()).isEqualTo(65536 + 32);
    assertThat(written.entries().get(1).ref().sealedLength()).isLessThan(words.length / 100);
  }

  @Test
  void noPackGrowsBeyondItsTarget() throws IOException {
    Random numbers = new Random(4);
    for (int target : List.of(1, 1000, 70_000, 500_000)) {
      ByteArrayOutputStream spool = new ByteArrayOutputStream();
      PackName name = PackName.random(SessionId.random(random), random);
      PackWriter writer = PackWriter.begin(ring, name, PackKind.DATA, Channels.newChannel(spool), target);
      try (BlobSealer sealer = new BlobSealer(ring, 4096)) {
        SealedBlob buffer = new SealedBlob(4096);
        while (writer.fits(4096)) {
          byte[] text = Texts.some(numbers, 4096);
          writer.add(sealer, sealer.id(text, 0, 4096), text, 0, 4096, buffer);
        }
        FinishedPack pack = writer.finish(sealer);
        assertThat(pack.bytes()).isEqualTo(spool.size());
        assertThat(pack.blobs()).isPositive();
        assertThat(pack.bytes() <= target || pack.blobs() == 1).isTrue();
      }
    }
  }

  @Test
  void everyFlippedBitAndEveryCutOfAPackIsFound() throws IOException {
    WrittenPack written = WrittenPack.write(ring, "flips", List.of("one".getBytes(US_ASCII), new byte[100], new byte[0]));
    Flips.Reading reading = content -> {
      PackScrub.Findings findings = scrub(written.name(), content);
      if (!findings.isSound()) {
        throw findings.problems().getFirst();
      }
      assertThat(findings.sound()).isEqualTo(written.entries());
    };
    byte[] content = written.bytes().get();
    Flips.everyFlippedBitIsFound(content, reading);
    Flips.everyOtherLengthIsFound(content, reading);
  }

  @Test
  void everyFlippedBitOfABlobIsFoundByItsReaderAlone() throws IOException {
    WrittenPack written = WrittenPack.write(ring, "blob", List.of(new byte[300], "two".getBytes(US_ASCII)));
    byte[] content = written.bytes().get();
    for (PackEntry entry : written.entries()) {
      BlobRef ref = entry.ref();
      byte[] sealed = Arrays.copyOfRange(content, ref.offset(), ref.end());
      try (BlobOpener opener = new BlobOpener(ring)) {
        Flips.everyFlippedBitIsFound(sealed, bytes -> opener.open(ref, bytes, 0, new byte[ref.plainLength()], 0));
      }
    }
  }

  @Test
  void theDamageOfOneBlobIsNamedAndLeavesTheOthers() throws IOException {
    WrittenPack written = WrittenPack.write(ring, "damage", texts(new Random(5), 10, 1000));
    byte[] content = written.bytes().get();
    content[written.entries().get(4).ref().offset() + 20] ^= 1;
    PackScrub.Findings findings = scrub(written.name(), content);
    assertThat(findings.damaged()).containsExactly(written.entries().get(4).ref());
    assertThat(findings.sound()).hasSize(9);
    assertThat(findings.problems()).singleElement().extracting(Throwable::getMessage).asString()
        .startsWith(written.name().key() + " blob 4 is not what was written there");
  }

  @Test
  void aPackWhoseEndIsGoneGivesOutWhatIsWhole() throws IOException {
    WrittenPack written = WrittenPack.write(ring, "cut", texts(new Random(6), 10, 1000));
    byte[] content = Arrays.copyOf(written.bytes().get(), written.entries().get(7).ref().end() - 1);
    PackScrub.Findings findings = scrub(written.name(), content);
    assertThat(findings.isSound()).isFalse();
    assertThat(findings.sound()).isEqualTo(written.entries().subList(0, 7));
  }

  @Test
  void swappedBlobsAndSwappedPacksAreFound() throws IOException {
    byte[] text = new byte[1000];
    WrittenPack one = WrittenPack.write(ring, "one", List.of(text, text));
    WrittenPack other = WrittenPack.write(ring, "other", List.of(text, text));
    assertThat(scrub(one.name(), other.bytes().get()).problems()).first().extracting(Throwable::getMessage).asString()
        .contains("holds the pack " + other.name());
    BlobRef first = one.entries().get(0).ref();
    BlobRef second = one.entries().get(1).ref();
    byte[] content = one.bytes().get();
    byte[] alien = other.bytes().get();
    try (BlobOpener opener = new BlobOpener(ring)) {
      assertThatThrownBy(() -> opener.open(first, content, second.offset(), new byte[1000], 0))
          .isInstanceOf(UnreadableException.Damaged.class).hasMessageContaining("another blob is in its place");
      assertThatThrownBy(() -> opener.open(first, alien, first.offset(), new byte[1000], 0))
          .isInstanceOf(UnreadableException.Damaged.class);
    }
  }

  @Test
  void aWrongKeyAnOlderRingAndANewerFormatAreToldApart() throws IOException {
    KeyRing rotated = ring.rotated(random);
    WrittenPack written = WrittenPack.write(rotated, "epochs", List.of(new byte[100]));
    BlobRef ref = written.entries().getFirst().ref();
    byte[] content = written.bytes().get();
    try (BlobOpener opener = new BlobOpener(ring)) {
      assertThatThrownBy(() -> opener.open(ref, content, ref.offset(), new byte[100], 0))
          .isInstanceOf(UnreadableException.WrongKey.class).hasMessageContaining("key epoch 2");
    }
    try (PackReader reader = new PackReader(KeyRing.create(ring.repository(), random).rotated(random))) {
      assertThatThrownBy(() -> reader.kind(written.name(), written.source())).isInstanceOf(UnreadableException.WrongKey.class);
    }
    try (PackReader reader = new PackReader(rotated)) {
      ByteBuffer.wrap(content).putShort(8, (short) 2);
      assertThatThrownBy(() -> reader.kind(written.name(), PackSource.of(content))).isInstanceOf(UnreadableException.Newer.class);
      assertThatThrownBy(() -> reader.kind(written.name(), PackSource.of(new byte[64]))).isInstanceOf(UnreadableException.Foreign.class);
    }
  }

  @Test
  void aWriterRefusesWhatWouldUseANonceTwice() throws IOException {
    PackName name = PackName.random(SessionId.random(random), random);
    PackWriter writer = PackWriter.begin(ring, name, PackKind.DATA, Channels.newChannel(new ByteArrayOutputStream()), 1000);
    byte[] text = new byte[10];
    SealedBlob buffer = new SealedBlob(10);
    try (BlobSealer sealer = new BlobSealer(ring, 10)) {
      BlobId id = sealer.id(text, 0, 10);
      writer.add(sealer, id, text, 0, 10, buffer);
      assertThatThrownBy(() -> writer.append(buffer)).isInstanceOf(IllegalStateException.class);
      sealer.seal(writer.seal(), 1, id, text, 0, 10, buffer);
      assertThatThrownBy(() -> writer.append(buffer)).as("never reserved").isInstanceOf(IllegalStateException.class);
      writer.reserve(10);
      assertThatThrownBy(() -> writer.finish(sealer)).as("one is missing").isInstanceOf(IllegalStateException.class);
      writer.append(buffer);
      writer.finish(sealer);
      assertThatThrownBy(() -> writer.finish(sealer)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> writer.reserve(1)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void theNameOfAPackSurvivesItsKey() {
    PackName name = PackName.random(SessionId.random(random), random);
    assertThat(PackName.parse(name.key())).isEqualTo(name);
    String elsewhere = "snaps/" + name.session() + "/" + name.pack();
    for (String wrong : List.of("packs/", "packs/a/b", elsewhere, name.key() + "0", name.key().replace("packs/", "Packs/"))) {
      assertThatThrownBy(() -> PackName.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
