package dev.moorage.bench;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What one core can do of each stage of a backup and a restore, alone, with the blocks of a real image: the machine's limits. Prints a
 * stage and its MB of image per second on each line.
 */
final class Stages {

  private static final int BLOCK = 64 << 10;
  private static final int BLOCKS = 6000;
  private static final int ROUNDS = 5;

  private final List<byte[]> blocks = new ArrayList<>();
  private final List<byte[]> compressed = new ArrayList<>();
  private final List<byte[]> sealed = new ArrayList<>();
  private final Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
  private final SecretKeySpec key = new SecretKeySpec(new byte[32], "AES");

  private Stages() throws GeneralSecurityException {}

  /** Argument: the image. */
  public static void main(String[] arguments) throws Exception {
    Stages stages = new Stages();
    stages.read(Path.of(arguments[0]));
    stages.hash();
    stages.compress();
    stages.encrypt();
    stages.write(Path.of(arguments[1]));
    stages.decrypt();
    stages.decompress();
  }

  /** One pass over all blocks. */
  private interface Pass {
    void run() throws GeneralSecurityException, IOException;
  }

  /** The best of several, because the first ones are not compiled yet. */
  private void time(String stage, Pass pass) throws GeneralSecurityException, IOException {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < ROUNDS; i++) {
      long begun = System.nanoTime();
      pass.run();
      best = Math.min(best, System.nanoTime() - begun);
    }
    System.out.printf(Locale.ROOT, "%s\t%.0f%n", stage, blocks.size() * (double) BLOCK * 1000 / best);
  }

  /** Takes blocks that are no zeros, from all over the image. */
  private void read(Path image) throws IOException {
    long size = Files.size(image);
    byte[] zeros = new byte[BLOCK];
    try (FileChannel channel = FileChannel.open(image, StandardOpenOption.READ)) {
      for (long offset = 0; offset + BLOCK <= size && blocks.size() < BLOCKS; offset += 8L * BLOCK) {
        byte[] block = new byte[BLOCK];
        channel.read(ByteBuffer.wrap(block), offset);
        if (!Arrays.equals(block, zeros)) {
          blocks.add(block);
        }
      }
    }
  }

  private void hash() throws GeneralSecurityException, IOException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(new byte[32], "HmacSHA256"));
    time("hash", () -> blocks.forEach(block -> {
      mac.update(block, 0, BLOCK);
      mac.doFinal();
    }));
  }

  private void compress() throws GeneralSecurityException, IOException {
    try (ZstdCompressCtx zstd = new ZstdCompressCtx().setLevel(1)) {
      byte[] out = new byte[2 * BLOCK];
      time("zstd compress", () -> {
        for (byte[] block : blocks) {
          zstd.compressByteArray(out, 0, out.length, block, 0, BLOCK);
        }
      });
      for (byte[] block : blocks) {
        compressed.add(Arrays.copyOf(out, zstd.compressByteArray(out, 0, out.length, block, 0, BLOCK)));
      }
    }
  }

  private void encrypt() throws GeneralSecurityException, IOException {
    byte[] out = new byte[2 * BLOCK];
    time("AES encrypt", () -> {
      for (int i = 0; i < compressed.size(); i++) {
        begin(Cipher.ENCRYPT_MODE, i);
        cipher.doFinal(compressed.get(i), 0, compressed.get(i).length, out, 0);
      }
    });
    for (int i = 0; i < compressed.size(); i++) {
      begin(Cipher.ENCRYPT_MODE, i);
      sealed.add(cipher.doFinal(compressed.get(i)));
    }
  }

  private void begin(int mode, int number) throws GeneralSecurityException {
    // Java refuses a nonce twice in a row for sealing; nothing here is secret.
    cipher.init(mode, key, new GCMParameterSpec(128, ByteBuffer.allocate(12).putInt(8, number + 1).array()));
  }

  private void write(Path file) throws GeneralSecurityException, IOException {
    time("pack write and flush", () -> {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE)) {
        for (byte[] each : sealed) {
          channel.write(ByteBuffer.wrap(each));
        }
        channel.force(true);
      }
    });
    time("pack read, cached", () -> Files.readAllBytes(file));
    time("image write and flush", () -> {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE)) {
        for (byte[] each : blocks) {
          channel.write(ByteBuffer.wrap(each));
        }
        channel.force(true);
      }
    });
    Files.delete(file);
  }

  private void decrypt() throws GeneralSecurityException, IOException {
    byte[] out = new byte[2 * BLOCK];
    time("AES decrypt", () -> {
      for (int i = 0; i < sealed.size(); i++) {
        begin(Cipher.DECRYPT_MODE, i);
        cipher.doFinal(sealed.get(i), 0, sealed.get(i).length, out, 0);
      }
    });
  }

  private void decompress() throws GeneralSecurityException, IOException {
    byte[] out = new byte[BLOCK];
    try (ZstdDecompressCtx zstd = new ZstdDecompressCtx()) {
      time("zstd decompress", () -> {
        for (byte[] each : compressed) {
          zstd.decompressByteArray(out, 0, BLOCK, each, 0, each.length);
        }
      });
    }
  }
}
