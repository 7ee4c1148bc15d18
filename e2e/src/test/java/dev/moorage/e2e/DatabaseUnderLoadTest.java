package dev.moorage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testkit.LeakCheck;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A database on a volume is written to by pgbench while snapshots are cut. Each snapshot, cloned, must start as after a power cut, pass
 * the check of every table and index, and hold a state that is one moment: pgbench keeps the sums of its tables equal.
 */
@Tag("engine")
@ExtendWith(LeakCheck.class)
final class DatabaseUnderLoadTest {

  private static final int SNAPSHOTS = 20;
  @Test
  void everySnapshotOfADatabaseUnderLoadIsAWholeDatabase() throws Exception {
    try (Engine engine = Engine.start(Engines.INSTALLED).with(Images.POSTGRES)) {
      Moorage moorage = Moorage.start(engine);
      engine.docker("volume", "create", "-d", "moorage", "-o", "size=1G", "db");
      Bank bank = Bank.open(engine, "db").found();
      List<Long> rowsAtCut = cutUnderLoad(moorage, bank);
      bank.close();
      long before = 0;
      for (int i = 0; i < SNAPSHOTS; i++) {
        long rows = rowsOfWholeDatabase(engine, "s" + i);
        assertThat(rows).as("history in snapshot %d", i).isGreaterThanOrEqualTo(rowsAtCut.get(i)).isGreaterThanOrEqualTo(before);
        before = rows;
      }
      assertThat(before).as("the load wrote between the cuts").isGreaterThan(rowsAtCut.getFirst());
    }
  }

  /** Cuts the snapshots; for each, the committed transactions that were known before it was asked for. */
  private static List<Long> cutUnderLoad(Moorage moorage, Bank bank) throws IOException {
    bank.trade();
    List<Long> rows = new ArrayList<>();
    for (int i = 0; i < SNAPSHOTS; i++) {
      rows.add(bank.transactionsBeyond(rows.isEmpty() ? 50 : rows.getLast() + 50));
      moorage.cli("snapshot", "create", "db", "s" + i);
    }
    return rows;
  }

  private static long rowsOfWholeDatabase(Engine engine, String snapshot) throws IOException {
    String clone = "clone-" + snapshot;
    engine.docker("volume", "create", "-d", "moorage", "-o", "from=db@" + snapshot, clone);
    Bank bank = Bank.open(engine, clone);
    bank.demandWhole();
    long rows = bank.transactions();
    bank.close();
    engine.docker("volume", "rm", clone);
    return rows;
  }
}
