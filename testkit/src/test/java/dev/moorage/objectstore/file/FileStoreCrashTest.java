package dev.moorage.objectstore.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.failpoint.Failpoint;
import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.testkit.KilledAt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Goal: a killed writer leaves every object whole, its old or its new self, and its drafts go with the next write. */
class FileStoreCrashTest {

  @TempDir
  private Path directory;

  @ParameterizedTest
  @EnumSource(from = "OBJECT_DRAFTED", to = "OBJECT_UNLINKED")
  void aKillLeavesEveryObjectWhole(Failpoint failpoint) throws Exception {
    List<String> summaries = FileStoreScenario.summaries(Files.createDirectory(directory.resolve("whole")));
    int passes = 0;
    while (killAt(failpoint, passes + 1, summaries)) {
      passes++;
    }
    assertThat(passes).isPositive();
  }

  private boolean killAt(Failpoint failpoint, int times, List<String> summaries) throws Exception {
    Path root = Files.createDirectory(directory.resolve("killed-" + times));
    Path diary = Files.createFile(directory.resolve("diary-" + times));
    boolean killed = KilledAt.failpoint(failpoint, times, FileStoreScenario.class, root.toString(), diary.toString());
    int done = Files.readAllLines(diary).size();
    Stream<String> possible = killed ? Stream.of(summaries.get(done), summaries.get(done + 1)) : Stream.of(summaries.getLast());
    try (ObjectStore store = FileStores.open(root)) {
      assertThat(FileStoreScenario.summary(store)).as("after %s steps", done).isIn(possible.toList());
      store.putIfAbsent(new ObjectKey("sweeper"), Content.of(new byte[1]));
      store.delete(new ObjectKey("sweeper"));
      assertThat(drafts(root)).as("drafts of the living one only").hasSize(1);
    }
    assertThat(drafts(root)).isEmpty();
    return killed;
  }

  @Test
  void aLivingWritersDraftsAreLeftAlone() throws Exception {
    try (ObjectStore one = FileStores.open(directory); ObjectStore other = FileStores.open(directory)) {
      one.putIfAbsent(new ObjectKey("a"), Content.of(new byte[10]));
      other.putIfAbsent(new ObjectKey("b"), Content.of(new byte[10]));
      assertThat(drafts(directory)).hasSize(2);
      one.putIfAbsent(new ObjectKey("c"), Content.of(new byte[10]));
    }
    assertThat(drafts(directory)).isEmpty();
  }

  private static List<Path> drafts(Path root) throws IOException {
    try (Stream<Path> entries = Files.list(root.resolve(".moorage/drafts"))) {
      return entries.toList();
    }
  }
}
