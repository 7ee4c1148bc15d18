package dev.moorage.repository.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.repository.Hex128;
import dev.moorage.repository.SessionId;
import dev.moorage.repository.UnreadableException;
import dev.moorage.repository.pack.PackName;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class TombstonesTest {

  private final Repo repo = new Repo();

  private PackSet packs(int count) {
    SessionId session = SessionId.random(repo.random);
    PackSet packs = new PackSet();
    for (int i = 0; i < count; i++) {
      packs.add(PackName.random(i % 3 == 0 ? SessionId.random(repo.random) : session, repo.random));
    }
    return packs;
  }

  private static Set<PackName> names(PackSet packs) {
    Set<PackName> names = new HashSet<>();
    packs.forEach(names::add);
    return names;
  }

  @Test
  void aTombstoneIsReadAsItWasWritten() throws IOException {
    Tombstone tombstone = new Tombstone(Hex128.random(repo.random), Map.of(Repo.VOLUME, 7L), packs(10));
    repo.tombstones.publish(tombstone);
    Tombstone read = repo.tombstones.read(tombstone.id()).orElseThrow();
    assertThat(read.frontier()).isEqualTo(tombstone.frontier());
    assertThat(names(read.packs())).isEqualTo(names(tombstone.packs()));
  }

  @Test
  void whatAllTombstonesDoomIsDoomed() throws IOException {
    Tombstone one = new Tombstone(Hex128.random(repo.random), Map.of(), packs(2));
    Tombstone two = new Tombstone(Hex128.random(repo.random), Map.of(), packs(3));
    repo.tombstones.publish(one);
    repo.tombstones.publish(two);
    assertThat(repo.tombstones.doomed().size()).isEqualTo(5);
    repo.tombstones.retire(one.id());
    assertThat(names(repo.tombstones.doomed())).isEqualTo(names(two.packs()));
  }

  @Test
  void theFirstListOfAwaitedSessionsStays() throws IOException {
    Hex128 id = Hex128.random(repo.random);
    List<SessionId> first = List.of(SessionId.random(repo.random), SessionId.random(repo.random));
    assertThat(repo.tombstones.awaited(id)).isEmpty();
    assertThat(repo.tombstones.await(id, first)).isEqualTo(first);
    assertThat(repo.tombstones.await(id, List.of())).isEqualTo(first);
    assertThat(repo.tombstones.awaited(id)).contains(first);
  }

  @Test
  void companionsAloneAreListedAsSuchAndRetired() throws IOException {
    Hex128 id = Hex128.random(repo.random);
    repo.tombstones.await(id, List.of());
    repo.tombstones.markSwept(id);
    TombstoneState state = repo.tombstones.list().getFirst();
    assertThat(state.published()).isEmpty();
    assertThat(state.swept()).isTrue();
    repo.tombstones.retire(id);
    assertThat(repo.tombstones.list()).isEmpty();
  }

  @Test
  void bytesThatAreNotATombstoneAreNamed() throws IOException {
    byte[] whole = TombstoneFormat.write(new Tombstone(Hex128.random(repo.random), Map.of(Repo.VOLUME, 7L), packs(2)));
    Hex128 id = new Hex128(0, 0);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> TombstoneFormat.readTombstone("place", id, cut)).isInstanceOf(UnreadableException.Damaged.class);
    }
    byte[] more = Arrays.copyOf(whole, whole.length + 1);
    assertThatThrownBy(() -> TombstoneFormat.readTombstone("place", id, more)).isInstanceOf(UnreadableException.Damaged.class);
    whole[0] = 2;
    assertThatThrownBy(() -> TombstoneFormat.readTombstone("place", id, whole)).isInstanceOf(UnreadableException.Newer.class);
  }

  @Test
  void aSetOfPacksIsASet() {
    Random random = new Random(7);
    Map<PackName, Long> expected = new HashMap<>();
    PackSet packs = new PackSet();
    for (int i = 0; i < 20_000; i++) {
      // Few different bits, so that many collide, and the id of zeros is among them.
      PackName pack = new PackName(new SessionId(new Hex128(0, random.nextInt(64))), new Hex128(random.nextInt(4), random.nextInt(64)));
      assertThat(packs.contains(pack)).isEqualTo(expected.containsKey(pack));
      long bytes = random.nextInt(100);
      packs.add(pack, bytes);
      expected.putIfAbsent(pack, bytes);
      assertThat(packs.bytes(pack)).isEqualTo(expected.get(pack));
    }
    assertThat(names(packs)).isEqualTo(expected.keySet());
    assertThat(packs.size()).isEqualTo(expected.size());
    assertThat(packs.bytes()).isEqualTo(expected.values().stream().mapToLong(each -> each).sum());
  }
}
