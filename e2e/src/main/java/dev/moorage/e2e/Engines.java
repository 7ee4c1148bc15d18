package dev.moorage.e2e;

import dev.moorage.testkit.DevScript;
import java.io.IOException;
import java.nio.file.Path;

/** Which Docker Engine: this machine's own, or that of a later Debian suite, unpacked beside it. */
public enum Engines {
  /** What the package docker.io of this machine's release installed: 20.10 on Debian 12. */
  INSTALLED("", "trixie"),
  /** 26.1, of Debian 13. */
  TRIXIE("trixie", "trixie"),
  /** 28.5 or later, of Debian unstable. */
  SID("sid", "sid");

  private static final String SYSTEM_PATH = "/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin:/usr/local/bin";

  private final String suite;
  /** Debian 12 has only the Compose of before, a program of its own that is maintained no more. */
  private final String composeSuite;

  Engines(String suite, String composeSuite) {
    this.suite = suite;
    this.composeSuite = composeSuite;
  }

  /** The search path that finds this engine's programs first; downloads them when they are not in the cache yet. */
  String searchPath() throws IOException {
    if (suite.isEmpty()) {
      return SYSTEM_PATH;
    }
    Path root = unpacked(suite);
    return root.resolve("usr/sbin") + ":" + root.resolve("usr/bin") + ":" + SYSTEM_PATH;
  }

  /** The Compose plugin of docker's command line: 2.26 of Debian 13, 2.40 or later of Debian unstable. */
  Path compose() throws IOException {
    return unpacked(composeSuite).resolve("usr/libexec/docker/cli-plugins/docker-compose");
  }

  private static Path unpacked(String suite) throws IOException {
    return Path.of(script("engines/unpack.sh", suite));
  }

  /** Runs a script of dev.d; the last line that it prints. */
  static String script(String name, String... arguments) throws IOException {
    return DevScript.run(name, arguments);
  }

  /** The root of the repository: tests run in the directory of a module. */
  static Path repository() throws IOException {
    return DevScript.repository();
  }
}
