package dev.moorage.repository.pack;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import dev.moorage.repository.KnownRandom;
import dev.moorage.repository.RepositoryId;
import dev.moorage.repository.SessionId;
import dev.moorage.repository.key.KeyRing;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How fast one thread hashes, compresses, encrypts and does all together, in MB (10^6 bytes) of text per second of its CPU, by block
 * size. Not a test: run it by hand with a directory of real files and the number of megabytes to read.
 */
public final class SealingRates {

  private static final int ROUNDS = 5;

  private final KeyRing ring = KeyRing.create(RepositoryId.random(new KnownRandom("rates")), new KnownRandom("rates"));
  private final PackSeal seal = PackSeal.of(ring, PackName.random(SessionId.random(new KnownRandom("s")), new KnownRandom("p")), 1);
  private final byte[] data;

  private SealingRates(byte[] data) {
    this.data = data;
  }

  public static void main(String[] arguments) throws IOException, GeneralSecurityException {
    SealingRates rates = new SealingRates(read(Path.of(arguments[0]), Integer.parseInt(arguments[1]) * 1_000_000));
    System.out.println("block KiB | id | zstd | AES | id+zstd+AES | stored % | raw % | AES open | unzstd | open");
    for (int kibibytes : List.of(64, 16, 32, 64, 128, 256)) {
      rates.measure(kibibytes << 10);
    }
  }

  private static byte[] read(Path directory, int bytes) throws IOException {
    byte[] data = new byte[bytes];
    int filled = 0;
    List<Path> files;
    try (Stream<Path> all = Files.walk(directory)) {
      files = all.filter(Files::isRegularFile).filter(Files::isReadable).sorted().toList();
    }
    // Every n-th file, so that a part of the directory is like the whole.
    int step = 7;
    for (int i = 0; filled < bytes && i < files.size() * step; i++) {
      Path file = files.get((int) ((long) i * step % files.size()));
      try (InputStream content = Files.newInputStream(file)) {
        int now = content.readNBytes(data, filled, bytes - filled);
        // Files begin at a block of 4 KiB in a filesystem.
        filled = Math.min(bytes, filled + (now + 4095) / 4096 * 4096);
      }
    }
    return data;
  }

  private interface Work {
    /** Does it for the block at the offset and says how many bytes came out. */
    int at(int offset) throws IOException, GeneralSecurityException;
  }

  private void measure(int block) throws IOException, GeneralSecurityException {
    int blocks = data.length / block;
    byte[] scratch = new byte[(int) Zstd.compressBound(block) + 64];
    List<byte[]> zipped = new ArrayList<>();
    List<byte[]> sealed = new ArrayList<>();
    try (BlobSealer sealer = new BlobSealer(ring, block);
        BlobOpener opener = new BlobOpener(ring);
        ZstdCompressCtx zstd = new ZstdCompressCtx().setLevel(1).setChecksum(false);
        ZstdDecompressCtx unzstd = new ZstdDecompressCtx()) {
      SealedBlob into = new SealedBlob(block);
      BlobCipher cipher = new BlobCipher();
      double id = rate(block, at -> sealer.id(data, at, block).hashCode());
      double zip = rate(block, at -> zstd.compressByteArray(scratch, 0, scratch.length, data, at, block));
      double aes = rate(block, at -> cipher.seal(seal, at, data, at, block, scratch));
      double all = rate(block, at -> seal(sealer, at, block, into));
      long raw = 0;
      long stored = 0;
      for (int i = 0; i < blocks; i++) {
        stored += seal(sealer, i * block, block, into);
        raw += into.length() == block + PackFormat.BLOB_OVERHEAD_BYTES ? 1 : 0;
        sealed.add(Arrays.copyOf(into.bytes, into.length()));
        zipped.add(Arrays.copyOf(scratch, zstd.compressByteArray(scratch, 0, scratch.length, data, i * block, block)));
      }
      byte[] encrypted = new byte[block + 32];
      cipher.seal(seal, 7, data, 0, block, encrypted);
      double unaes = rate(block, at -> cipher.open(seal, 7, encrypted, 0, block + 32, scratch, 0));
      double unzip = rate(block, at -> unzstd.decompressByteArray(scratch, 0, block, zipped.get(at / block), 0, zipped.get(at / block).length));
      double open = rate(block, at -> open(opener, sealed.get(at / block), at, block, scratch));
      System.out.printf(Locale.ROOT, "%d | %.0f | %.0f | %.0f | %.0f | %.1f | %.1f | %.0f | %.0f | %.0f%n", block >> 10, id, zip, aes, all,
          100.0 * stored / ((long) blocks * block), 100.0 * raw / blocks, unaes, unzip, open);
    }
  }

  private int seal(BlobSealer sealer, int at, int block, SealedBlob into) {
    sealer.seal(seal, at / block, sealer.id(data, at, block), data, at, block, into);
    return into.length();
  }

  private int open(BlobOpener opener, byte[] sealed, int at, int block, byte[] scratch) throws IOException {
    opener.open(new BlobRef(seal.name(), at / block, 64, sealed.length, block), sealed, 0, scratch, 0);
    return block;
  }

  /** The best of some rounds over all blocks; by the thread's CPU time, because the machine may be busy. */
  private double rate(int block, Work work) throws IOException, GeneralSecurityException {
    ThreadMXBean thread = ManagementFactory.getThreadMXBean();
    double best = 0;
    long out = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long begin = thread.getCurrentThreadCpuTime();
      int bytes = 0;
      for (int at = 0; at + block <= data.length; at += block) {
        out += work.at(at);
        bytes += block;
      }
      best = Math.max(best, bytes * 1e3 / (thread.getCurrentThreadCpuTime() - begin));
    }
    if (out == 42) {
      System.out.println();
    }
    return best;
  }
}
