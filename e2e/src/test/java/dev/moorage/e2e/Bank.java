package dev.moorage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;

/** The accounts of pgbench in a database: it moves money about, and keeps the sums of its tables equal at every moment. */
record Bank(Engine engine, String container, Postgres database) {

  private static final String SUMS = """
      select (select sum(abalance) from pgbench_accounts) = (select sum(bbalance) from pgbench_branches)
         and (select sum(abalance) from pgbench_accounts) = (select sum(tbalance) from pgbench_tellers)
         and (select coalesce(sum(delta), 0) from pgbench_history) = (select sum(bbalance) from pgbench_branches)""";

  /** Starts a server in a container of that name on a volume of that name, which holds a bank or nothing yet. */
  static Bank open(Engine engine, String name) throws IOException {
    return opening(engine, name).opened();
  }

  /** The same without waiting until the server answers. */
  static Bank opening(Engine engine, String name) throws IOException {
    return new Bank(engine, name, Postgres.start(engine, name, "--volume", name + ":" + Postgres.DATA));
  }

  /** Waits until the server answers. */
  Bank opened() throws IOException {
    database.awaitAnswer();
    return this;
  }

  /** Makes its tables. */
  Bank found() throws IOException {
    database.exec("pgbench", "-i", "-q", "-s", "3", "postgres");
    return this;
  }

  /** Lets customers come, for five minutes or until it is closed. */
  void trade() throws IOException {
    engine.docker("exec", "-d", container, "pgbench", "-c", "4", "-T", "300", "postgres");
  }

  /** How many transactions are committed. */
  long transactions() throws IOException {
    return Long.parseLong(database.sql("select count(*) from pgbench_history"));
  }

  /** Waits for more transactions; how many there are then. */
  long transactionsBeyond(long count) throws IOException {
    long now = transactions();
    while (now < count) {
      now = transactions();
    }
    return now;
  }

  /** Demands that every table and index passes the check, and that it is the state of one moment. */
  void demandWhole() throws IOException {
    assertThat(database.check()).as("check of %s", container).isEmpty();
    assertThat(database.sql(SUMS)).as("the sums agree in %s", container).isEqualTo("t");
  }

  /** As a power cut would; the volume stays. */
  void close() throws IOException {
    engine.docker("rm", "-f", container);
  }
}
