package dev.moorage.telemetry;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The newest events, numbered from 1 without a gap. Safe for use by several threads. */
final class EventRing {

  private final int max;
  private final Deque<Event> events = new ArrayDeque<>();
  private long newest;

  EventRing(int max) {
    this.max = max;
  }

  synchronized Event add(
      Instant at, String door, String verb, String subject, String outcome, long millis, String detail) {
    newest++;
    Event event = new Event(newest, at, door, verb, subject, outcome, millis, detail);
    if (events.size() == max) {
      events.removeFirst();
    }
    events.addLast(event);
    return event;
  }

  synchronized List<Event> after(long number) {
    return events.stream().filter(event -> event.number() > number).toList();
  }
}
