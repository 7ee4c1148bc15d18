package dev.moorage.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** The same calls to a node's own socket and to a router that sends them there, in turns. Prints {@link Timings}. */
final class CsiRouting {

  /** So many cheap calls for each that writes to the disk. */
  private static final int CHEAP = 5;

  private final Timings timings = new Timings();
  private final Map<String, CsiClient> ways;

  private CsiRouting(Map<String, CsiClient> ways) {
    this.ways = ways;
  }

  /** Arguments: the node's socket, the router's socket, rounds to warm up, rounds. */
  public static void main(String[] arguments) throws Exception {
    try (CsiClient node = new CsiClient(Path.of(arguments[0]), false);
        CsiClient router = new CsiClient(Path.of(arguments[1]), false)) {
      CsiRouting routing = new CsiRouting(Map.of("node", node, "router", router));
      String volume = node.create("kept");
      routing.rounds("warm", volume, Integer.parseInt(arguments[2]));
      routing.timings.forget();
      routing.rounds("round", volume, Integer.parseInt(arguments[3]));
      node.delete(volume);
      routing.timings.print();
    }
  }

  private void rounds(String name, String volume, int number) throws Exception {
    for (int i = 0; i < number; i++) {
      String fresh = name + "-" + i;
      // Now the one first, now the other.
      for (String way : i % 2 == 0 ? List.of("node", "router") : List.of("router", "node")) {
        CsiClient client = ways.get(way);
        String made = timings.take(way + " create", () -> client.create(fresh + way));
        timings.take(way + " delete", () -> client.delete(made));
      }
      for (int j = 0; j < CHEAP; j++) {
        turns("validate", client -> client.validate(volume));
        turns("get", client -> client.volume(volume));
        turns("capacity", CsiClient::capacity);
      }
    }
  }

  /** A call that changes nothing. */
  private interface Call {
    Object by(CsiClient client);
  }

  private void turns(String what, Call call) throws Exception {
    for (Map.Entry<String, CsiClient> way : ways.entrySet()) {
      Callable<Object> step = () -> call.by(way.getValue());
      timings.take(way.getKey() + " " + what, step);
    }
  }
}
