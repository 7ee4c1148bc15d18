package dev.moorage.e2e;

import dev.moorage.testkit.Scratch;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One cluster for all classes of a test run, started by the first that asks and taken down at the end; with {@code -Dtest.cluster=DIRECTORY}
 * the one that {@code ./dev cluster up} started there. Tests that only use it may run beside each other and take {@link #LOCK} for reading;
 * those that end or replace parts of it, or all of this machine's breath, take it for themselves.
 */
final class ClusterOfTheRun implements BeforeAllCallback, ParameterResolver {

  /** The resource that tests with a part in it lock. */
  static final String LOCK = "the cluster of the run";

  private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(ClusterOfTheRun.class);

  /** What JUnit closes when the run ends. */
  private record Running(Cluster cluster, Path directory) implements AutoCloseable {

    static Running start() {
      String running = System.getProperty("test.cluster", "");
      Path directory = running.isEmpty() ? Scratch.root().resolve("cluster") : Path.of(running);
      try {
        if (!running.isEmpty()) {
          return new Running(Cluster.running(directory), directory);
        }
        return new Running(Cluster.start(directory), directory);
      } catch (IOException e) {
        throw new IllegalStateException("the cluster does not start: " + e.getMessage(), e);
      }
    }

    @Override
    public void close() throws IOException {
      cluster.close();
    }
  }

  private static Cluster cluster(ExtensionContext context) {
    return context.getRoot().getStore(NAMESPACE).computeIfAbsent("cluster", _ -> Running.start(), Running.class).cluster();
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    cluster(context);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Cluster.class;
  }

  @Override
  public Cluster resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return cluster(context);
  }
}
