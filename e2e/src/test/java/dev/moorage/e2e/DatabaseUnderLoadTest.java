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
  private static final String SUMS = """
      select (select sum(abalance) from pgbench_accounts) = (select sum(bbalance) from pgbench_branches)
         and (select sum(abalance) from pgbench_accounts) = (select sum(tbalance) from pgbench_tellers)
         and (select coalesce(sum(delta), 0) from pgbench_history) = (select sum(bbalance) from pgbench_branches)""";

  @Test
  void everySnapshotOfADatabaseUnderLoadIsAWholeDatabase() throws Exception {
    try (Engine engine = Engine.start(Engines.INSTALLED).with(Images.POSTGRES)) {
      Moorage moorage = Moorage.start(engine);
      engine.docker("volume", "create", "-d", "moorage", "-o", "size=1G", "db");
      Postgres database = Postgres.run(engine, "db", "--volume", "db:" + Postgres.DATA);
      List<Long> rowsAtCut = cutUnderLoad(engine, moorage, database);
      engine.docker("rm", "-f", "db");
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
  private static List<Long> cutUnderLoad(Engine engine, Moorage moorage, Postgres database) throws IOException {
    database.exec("pgbench", "-i", "-q", "-s", "3", "postgres");
    engine.docker("exec", "-d", "db", "pgbench", "-c", "4", "-T", "300", "postgres");
    List<Long> rows = new ArrayList<>();
    for (int i = 0; i < SNAPSHOTS; i++) {
      long committed;
      long last = rows.isEmpty() ? 0 : rows.getLast();
      do {
        committed = Long.parseLong(database.sql("select count(*) from pgbench_history"));
      } while (committed < last + 50);
      rows.add(committed);
      moorage.cli("snapshot", "create", "db", "s" + i);
    }
    return rows;
  }

  private static long rowsOfWholeDatabase(Engine engine, String snapshot) throws IOException {
    String clone = "clone-" + snapshot;
    engine.docker("volume", "create", "-d", "moorage", "-o", "from=db@" + snapshot, clone);
    Postgres database = Postgres.run(engine, clone, "--volume", clone + ":" + Postgres.DATA);
    assertThat(database.check()).as("check of snapshot %s", snapshot).isEmpty();
    assertThat(database.sql(SUMS)).as("the sums agree in snapshot %s", snapshot).isEqualTo("t");
    long rows = Long.parseLong(database.sql("select count(*) from pgbench_history"));
    engine.docker("rm", "-f", clone);
    engine.docker("volume", "rm", clone);
    return rows;
  }
}
