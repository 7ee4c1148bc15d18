package dev.moorage.storage;

import dev.moorage.linux.FileTrouble;
import dev.moorage.record.Directories;
import dev.moorage.repository.key.KeyFile;
import dev.moorage.repository.key.Passphrase;
import dev.moorage.repository.key.RecoveryKey;
import dev.moorage.repository.key.SlotKind;
import dev.moorage.repository.key.UnlockSecret;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.AlreadyExists;
import dev.moorage.volume.VolumeException.Denied;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.NotFound;
import dev.moorage.volume.VolumeException.Unavailable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;

/**
 * The file in which a secret that unlocks a repository stands. Only the path is ever kept, shown or logged.
 *
 * @param kind what is in the file: random bytes, a passphrase on one line, or the words of a recovery key
 */
public record SecretFile(SlotKind kind, Path path) {

  private static final Set<PosixFilePermission> TOO_OPEN =
      Set.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.GROUP_WRITE);

  /**
   * Reads the secret.
   *
   * @throws NotFound when there is no such file
   * @throws Denied when this user may not read it, or others may
   * @throws InvalidArgument when what it holds is no such secret
   */
  public UnlockSecret read(String action) throws VolumeException {
    byte[] content;
    try {
      if (!Files.exists(path)) {
        throw new NotFound(action, "there is no " + words() + " " + path, "Name the file that unlocks the repository");
      }
      demandGuarded(action);
      if (!Files.isRegularFile(path) || Files.size(path) > KeyFile.BYTES_MAX) {
        throw new InvalidArgument(action, path + " is no " + words() + ": it is not a plain file of at most 64K", "");
      }
      content = Files.readAllBytes(path);
    } catch (NoSuchFileException e) {
      throw new NotFound(action, "there is no " + words() + " " + path, "Name the file that unlocks the repository", e);
    } catch (IOException e) {
      throw new Denied(action, "the " + words() + " cannot be read: " + FileTrouble.text(e), "The service must be able to read it", e);
    }
    try {
      return switch (kind) {
        case KEY_FILE -> new KeyFile(content);
        case PASSPHRASE -> Passphrase.ofFile(content);
        case RECOVERY -> RecoveryKey.parse(new String(content, StandardCharsets.UTF_8));
      };
    } catch (IllegalArgumentException e) {
      throw new InvalidArgument(action, words() + " " + path + ": " + e.getMessage(), "", e);
    }
  }

  private void demandGuarded(String action) throws IOException, Denied {
    Set<PosixFilePermission> mode = Files.getPosixFilePermissions(path);
    if (mode.stream().anyMatch(TOO_OPEN::contains)) {
      throw new Denied(action, "others may read or change the " + words() + " " + path + " (" + PosixFilePermissions.toString(mode) + ")",
          "Run 'chmod 600 " + path + "'; if somebody may have read it already, add another key and remove this one");
    }
  }

  /**
   * Makes a new key file, mode 0600, durable when this returns. Its directory is made when its parent is there.
   *
   * @throws AlreadyExists when there is a file of that name: it may be the only key of something
   */
  public static SecretFile generate(String action, Path path) throws VolumeException {
    try {
      Path directory = path.getParent();
      if (directory != null && !Files.isDirectory(directory)) {
        Directories.create(directory);
      }
      try (FileChannel file = FileChannel.open(path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        ByteBuffer content = ByteBuffer.wrap(KeyFile.generate(new SecureRandom()));
        while (content.hasRemaining()) {
          file.write(content);
        }
        file.force(true);
      }
      if (directory != null) {
        Directories.flush(directory);
      }
      return new SecretFile(SlotKind.KEY_FILE, path);
    } catch (FileAlreadyExistsException e) {
      throw new AlreadyExists(action, "there is a file " + path + " already", "Use it with --key-file, or name another one", e);
    } catch (IOException e) {
      throw new Unavailable(action, "the key file cannot be made: " + FileTrouble.text(e), "Name another place for it", e);
    }
  }

  private String words() {
    return switch (kind) {
      case KEY_FILE -> "key file";
      case PASSPHRASE -> "passphrase file";
      case RECOVERY -> "file of the recovery key";
    };
  }
}
