package dev.moorage.csi;

import dev.moorage.process.Command;
import dev.moorage.testkit.DevScript;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** csi-sanity as a program. */
public final class Sanity {

  private static final Pattern RAN = Pattern.compile("Ran (\\d+) of 96 Specs");
  private static final Duration DEADLINE = Duration.ofMinutes(3);

  private Sanity() {}

  /** Builds it, unless that was done before; its path. */
  public static String build() throws IOException {
    return DevScript.run("servers/csi-sanity.sh");
  }

  /** Runs it against a driver at a socket, with mounts beside {@code work}; what it printed. It must succeed. */
  public static String run(Path socket, Path work, String... more) throws IOException {
    List<String> argv = new ArrayList<>(List.of(build(), "--ginkgo.no-color", "--csi.endpoint=unix://" + socket,
        "--csi.mountdir=" + work + "-mount", "--csi.stagingdir=" + work + "-staging", "--csi.testvolumesize=67108864",
        "--csi.testvolumeexpandsize=134217728"));
    argv.addAll(List.of(more));
    return Command.of(argv.toArray(String[]::new)).within(DEADLINE).run();
  }

  /** How many cases ran; it is silent on those that it leaves out. */
  public static int ran(String output) {
    Matcher ran = RAN.matcher(output);
    return ran.find() ? Integer.parseInt(ran.group(1)) : 0;
  }
}
