package dev.moorage.testkit.guest;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClasspathRoots;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs every test tagged {@code guest} of some directories of compiled classes in this one process: a second Java machine would
 * take the emulated processor seconds to start. Prints each test as it ends and, last, the count in the words of Surefire, so that
 * {@code ./dev test} counts all tiers alike.
 */
public final class GuestTests {

  static final String TAG = "guest";

  private GuestTests() {}

  /**
   * Exits with 0 when tests ran and all of them succeeded. A test that was skipped or aborted has failed: what the guest lacks,
   * no other tier has.
   *
   * @param arguments a regular expression of the classes' names, then directories of compiled tests
   */
  public static void main(String[] arguments) {
    Set<Path> roots = new LinkedHashSet<>();
    Arrays.stream(arguments).skip(1).map(Path::of).forEach(roots::add);
    LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
        .selectors(selectClasspathRoots(roots))
        .filters(TagFilter.includeTags(TAG), ClassNameFilter.includeClassNamePatterns(arguments[0]))
        .build();
    // The audit lines of what works are many, and the console is slow.
    Logger.getLogger("").setLevel(Level.WARNING);
    TestLog log = new TestLog(System.out);
    LauncherFactory.create().execute(request, log);
    System.exit(log.closed() ? 0 : 1);
  }
}
