package dev.moorage.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** How long each kind of step took, by its name. */
final class Timings {

  private final Map<String, List<Long>> taken = new LinkedHashMap<>();

  /** Runs a step and notes its time when it succeeds. Steps may hold other steps. */
  <T> T take(String name, Callable<T> step) throws Exception {
    long begun = System.nanoTime();
    T result = step.call();
    taken.computeIfAbsent(name, _ -> new ArrayList<>()).add((System.nanoTime() - begun) / 1000);
    return result;
  }

  /** The rounds so far were there to have everything loaded and compiled. */
  void forget() {
    taken.clear();
  }

  /** On each line a name, its median, its 99th percentile and its maximum in microseconds, and how many there were. */
  void print() {
    taken.forEach((name, times) -> {
      Collections.sort(times);
      int number = times.size();
      System.out.println(String.join("\t", name, text((times.get((number - 1) / 2) + times.get(number / 2)) / 2),
          text(times.get((int) Math.ceil(number * 0.99) - 1)), text(times.getLast()), text(number)));
    });
  }

  private static String text(long value) {
    return Long.toString(value);
  }
}
