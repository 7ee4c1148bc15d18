package dev.moorage.e2e;

import dev.moorage.process.CommandFailed;
import dev.moorage.testkit.Until;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A PostgreSQL server in a container of {@link Images#POSTGRES}. For one test thread. */
public final class Postgres {

  /** Its data directory: give it a volume. */
  public static final String DATA = "/var/lib/postgresql/data";

  private static final Duration START_DEADLINE = Duration.ofSeconds(60);

  private final Engine engine;
  private final String container;

  private Postgres(Engine engine, String container) {
    this.engine = engine;
    this.container = container;
  }

  /** Runs a server in a container of that name, with more words for {@code docker run}; returns when it answers. */
  public static Postgres run(Engine engine, String name, String... words) throws IOException {
    Postgres database = start(engine, name, words);
    database.awaitAnswer();
    return database;
  }

  /** The same without waiting for the answer. */
  public static Postgres start(Engine engine, String name, String... words) throws IOException {
    List<String> argv = new ArrayList<>(List.of("run", "--detach", "--name", name));
    argv.addAll(List.of(words));
    argv.add(Images.POSTGRES.image());
    engine.docker(argv.toArray(String[]::new));
    return new Postgres(engine, name);
  }

  /** Waits until it answers, for instance after {@code docker start}. */
  public void awaitAnswer() throws IOException {
    boolean answers = Until.holds(START_DEADLINE, this::answersOrEnded);
    if (!answers || !isRunning()) {
      throw new IOException("the database does not answer; its log says:\n" + log());
    }
  }

  /** What the server has said so far. */
  public String log() throws IOException {
    return engine.namespace().run("sh", "-c", "docker logs " + container + " 2>&1");
  }

  private boolean answersOrEnded() throws IOException {
    try {
      sql("select 1");
      return true;
    } catch (CommandFailed notYet) {
      return !isRunning();
    }
  }

  private boolean isRunning() throws IOException {
    return engine.docker("inspect", "--format", "{{.State.Running}}", container).equals("true");
  }

  /** Runs statements; the rows of the last one, columns parted by '|'. */
  public String sql(String statements) throws IOException {
    return exec("psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1",
        "--command=" + statements, "postgres");
  }

  /** Checks every table and index of the whole server (heap and B-tree); what is wrong, empty when nothing is. */
  public String check() throws IOException {
    sql("create extension if not exists amcheck");
    try {
      return exec("pg_amcheck", "--all", "--install-missing", "--heapallindexed", "--parent-check");
    } catch (CommandFailed found) {
      return found.getMessage() + "\n" + found.errorOutput();
    }
  }

  /** Runs a program in its container; what it printed. */
  public String exec(String... words) throws IOException {
    List<String> argv = new ArrayList<>(List.of("exec", container));
    argv.addAll(List.of(words));
    return engine.docker(argv.toArray(String[]::new));
  }
}
