package dev.moorage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.objectstore.StoreLocation;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.Scratch;
import dev.moorage.testkit.objectstore.BucketServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Docker on host alpha writes a database and cuts snapshots under load to a store; on host beta, with another engine, pool and network,
 * {@code from=} makes volumes of them: bit for bit what was cut, and each a whole database.
 */
@Tag("engine")
@ExtendWith(LeakCheck.class)
final class HostToHostTest {

  private static final int SNAPSHOTS = 10;
  private static final int SNAPSHOTS_OF_OTHERS = 2;

  @SuppressWarnings("NullAway.Init")
  private static Network network;

  @SuppressWarnings("NullAway.Init")
  private static Machine alpha;

  @SuppressWarnings("NullAway.Init")
  private static Machine beta;

  @BeforeAll
  static void startHosts() throws IOException {
    network = Network.open();
    alpha = Machine.start(network, "alpha", Images.POSTGRES);
    beta = Machine.start(network, "beta", Images.POSTGRES);
  }

  @AfterAll
  static void stopHosts() throws IOException {
    try (Network _ = network; Machine _ = alpha; Machine _ = beta) {
      assertThat(alpha.moorage.serve().stop()).isZero();
      assertThat(beta.moorage.serve().stop()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(BucketServer.Kind.class)
  void everySnapshotOfADatabaseUnderLoadIsAWholeDatabaseOnAnotherHost(BucketServer.Kind kind) throws Exception {
    Path directory = Scratch.directory("store");
    String name = kind.name().toLowerCase(Locale.ROOT);
    try (BucketServer server = kind.start(directory, network.address())) {
      StoreLocation location = server.location("hosts");
      Path key = directory.resolve("key");
      alpha.createRepository(name, location, key);
      List<Long> committed = cutUnderLoad(name, kind == BucketServer.Kind.VERSITYGW ? SNAPSHOTS : SNAPSHOTS_OF_OTHERS);
      beta.addRepository(name, location, key);
      demandAllWhole(name, committed);
      alpha.cli("repository", "remove", name);
      beta.cli("repository", "remove", name);
    } catch (IOException | AssertionError e) {
      throw new AssertionError(e.getMessage() + alpha.lastWords() + beta.lastWords(), e);
    } finally {
      Scratch.remove(directory);
    }
  }

  /** Cuts and uploads; for each snapshot, the transactions that were known before it was asked for. */
  private static List<Long> cutUnderLoad(String name, int snapshots) throws IOException {
    alpha.docker("volume", "create", "-d", "moorage", "-o", "size=512M", name);
    Bank bank = Bank.open(alpha.engine, name).found();
    bank.trade();
    List<Long> committed = new ArrayList<>();
    for (int i = 0; i < snapshots; i++) {
      committed.add(bank.transactionsBeyond(committed.isEmpty() ? 50 : committed.getLast() + 50));
      alpha.cli("snapshot", "create", "docker/" + name, "s" + i, "--to", name);
    }
    bank.close();
    for (int i = 0; i < snapshots; i++) {
      alpha.cli("snapshot", "upload", "docker/" + name + "@s" + i, "--to", name, "--wait");
    }
    return committed;
  }

  private static void demandAllWhole(String name, List<Long> committed) throws IOException {
    for (int i = 0; i < committed.size(); i++) {
      beta.createFrom(name + "@s" + i, name + "-" + i);
    }
    List<Bank> banks = new ArrayList<>();
    for (int i = 0; i < committed.size(); i++) {
      String volume = name + "-" + i;
      beta.awaitRestored(volume);
      assertThat(Files.mismatch(beta.imageOfVolume(volume), alpha.imageOfSnapshot(name, "s" + i))).as("first other byte of %s", volume)
          .isEqualTo(-1);
      banks.add(Bank.opening(beta.engine, volume));
    }
    long before = 0;
    for (int i = 0; i < committed.size(); i++) {
      Bank bank = banks.get(i).opened();
      bank.demandWhole();
      assertThat(bank.transactions()).as("transactions in %s-%d", name, i).isGreaterThanOrEqualTo(committed.get(i)).isGreaterThanOrEqualTo(before);
      before = bank.transactions();
      bank.close();
      beta.docker("volume", "rm", name + "-" + i);
    }
    assertThat(before).as("the load wrote between the cuts").isGreaterThan(committed.getFirst());
  }
}
