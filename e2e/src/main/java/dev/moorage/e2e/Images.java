package dev.moorage.e2e;

import java.io.IOException;

/** Images made of Debian's packages, since no registry is asked. Each has a name that tests give to {@code docker run}. */
public enum Images {
  /** A shell and its tools; /data holds a file {@code seed} that belongs to user 1000. */
  BUSYBOX("busybox", "root", "/bin/sh"),
  /** A server (the default command), psql, pgbench, pg_amcheck; data in /var/lib/postgresql/data. */
  POSTGRES("postgres", "postgres", "database");

  private static final String SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private final String image;
  private final String user;
  private final String command;

  Images(String image, String user, String command) {
    this.image = image;
    this.user = user;
    this.command = command;
  }

  /** The name of the image. */
  public String image() {
    return image;
  }

  /** Makes the image known to the engine; it is cached as a tar on this machine. */
  void importInto(Engine engine) throws IOException {
    engine.docker("import", "--change", "ENV PATH=" + SEARCH_PATH, "--change", "USER " + user,
        "--change", "CMD [\"" + command + "\"]", Engines.script("images/" + image + ".sh"), image);
  }
}
