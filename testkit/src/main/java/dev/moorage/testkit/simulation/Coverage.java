package dev.moorage.testkit.simulation;

import java.util.EnumMap;
import java.util.Map;

/** What happened in many schedules: a simulation that never comes to an event proves nothing about it. */
public final class Coverage {

  private final Map<Event, Long> counts = new EnumMap<>(Event.class);

  /** Starts with nothing. */
  public Coverage() {
    for (Event event : Event.values()) {
      counts.put(event, 0L);
    }
  }

  /** What is counted. */
  public enum Event {
    COMMITTED,
    COMMIT_FOUND_DONE,
    FENCED,
    ANOTHER_WRITER,
    RESUMED,
    REUSED_EARLIER_PACK,
    BUILT_UPON_RELATIVE,
    FOUND_BY_SEARCH,
    FORGOTTEN,
    RESTORED,
    COLLECTED,
    COLLECTION_WAITS,
    RESCUED,
    DELETED,
    KILLED,
    ANSWER_LOST,
    ARRIVED_LATE,
    TIME_JUMPED
  }

  void add(Event event, long count) {
    counts.merge(event, count, Long::sum);
  }

  /** How often it happened. */
  public long of(Event event) {
    return counts.getOrDefault(event, 0L);
  }

  /** All counts, for people. */
  @Override
  public String toString() {
    return counts.toString();
  }
}
