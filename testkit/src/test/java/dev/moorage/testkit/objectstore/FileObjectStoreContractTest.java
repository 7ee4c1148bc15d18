package dev.moorage.testkit.objectstore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.file.FileStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;

class FileObjectStoreContractTest extends ObjectStoreContract {

  @Override
  protected ObjectStore open() throws IOException {
    return FileStores.open(Files.createDirectories(scratch.resolve("store")));
  }

  @AfterEach
  void noDraftIsLeft() throws IOException {
    store.close();
    Path drafts = scratch.resolve("store/.moorage/drafts");
    if (Files.exists(drafts)) {
      try (Stream<Path> entries = Files.list(drafts)) {
        List<Path> left = entries.toList();
        assertThat(left).isEmpty();
      }
    }
  }
}
