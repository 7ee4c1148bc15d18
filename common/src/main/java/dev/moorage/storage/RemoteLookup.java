package dev.moorage.storage;

import dev.moorage.storage.RepositorySearch.Result;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.NotFound;
import dev.moorage.volume.VolumeException.Unavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Finds what a user means by a remote snapshot, in all repositories at once. A repository that does not answer is an error, because it may
 * hold what is meant, or another thing of that name. For one look-up.
 */
final class RemoteLookup {

  private static final int CANDIDATES_MAX = 10;
  private static final int AT_ONCE = 8;
  /** Long enough for an edge site's link, and short enough for dockerd still to hear why. */
  private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(60);

  private final Core core;
  private final String action;
  private final long end;
  private final Duration deadline;

  RemoteLookup(Core core, String action) {
    this(core, action, ANSWERS_WITHIN);
  }

  /** {@code deadline} is what each repository has to answer in. */
  RemoteLookup(Core core, String action, Duration deadline) {
    this.core = core;
    this.action = action;
    this.deadline = deadline;
    this.end = System.nanoTime() + deadline.toNanos();
  }

  /** How a look-up ended. */
  sealed interface Answer {
    record Found(RemoteSnapshot snapshot) implements Answer {}

    /** The newest one was meant of a name that provably never had any, on no host and of no owner. */
    record NeverHadAny() implements Answer {}
  }

  /** The one that is meant; NotFound when there is none, InvalidArgument with the candidates when there are several. */
  RemoteSnapshot one(SnapshotRef ref) throws VolumeException {
    return switch (find(ref)) {
      case Answer.Found(RemoteSnapshot snapshot) -> snapshot;
      case Answer.NeverHadAny _ -> throw missing(ref, "");
    };
  }

  Answer find(SnapshotRef ref) throws VolumeException {
    RemoteName name = RemoteName.of(ref);
    Optional<String> only = ref instanceof SnapshotRef.Remote(var repository, var _) ? repository : Optional.empty();
    List<String> names = only.isPresent() ? List.of(only.get()) : core.repositories().names();
    if (names.isEmpty()) {
      throw Creation.missing(action, "snapshot " + ref);
    }
    List<Result> newest = ask(names, each -> new RepositorySearch(core, action, each, name).newest());
    if (newest.stream().anyMatch(each -> !each.found().isEmpty())) {
      return new Answer.Found(choose(ref, name, newest));
    }
    List<Result> everything = ask(names, each -> new RepositorySearch(core, action, each, name).everything());
    if (everything.stream().anyMatch(each -> !each.found().isEmpty())) {
      return new Answer.Found(choose(ref, name, everything));
    }
    for (Result each : everything) {
      if (each.damage().isPresent()) {
        throw each.damage().get();
      }
    }
    boolean others = everything.stream().anyMatch(Result::others);
    Set<String> namesakes = everything.stream().flatMap(each -> each.namesakes().stream()).collect(Collectors.toCollection(TreeSet::new));
    // Who named a host or an owner and missed a letter must not get an empty volume.
    if (name.isLatest() && !others && namesakes.isEmpty()) {
      return new Answer.NeverHadAny();
    }
    throw missing(ref, others ? "; those of that volume are forgotten or have other names"
        : namesakes.isEmpty() ? "" : "; there are some of " + namesakes.stream().limit(CANDIDATES_MAX).collect(Collectors.joining(", ")));
  }

  private interface Question {
    Result ask(String repository) throws VolumeException;
  }

  /**
   * Asks all at once. Each must answer: an error, or no answer in time, is the answer of the whole. A thread that still waits for a store
   * then ends by itself when the store's client gives up.
   */
  private List<Result> ask(List<String> names, Question question) throws VolumeException {
    ExecutorService threads = Executors.newFixedThreadPool(Math.min(names.size(), AT_ONCE),
        Thread.ofPlatform().daemon().name("moorage-lookup-", 1).factory());
    try {
      List<Future<Result>> asked = names.stream().map(each -> threads.submit(() -> question.ask(each))).toList();
      List<Result> results = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        results.add(answer(names.get(i), asked.get(i)));
      }
      return results;
    } finally {
      threads.shutdown();
    }
  }

  private Result answer(String name, Future<Result> asked) throws VolumeException {
    try {
      return asked.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new Unavailable(action, "repository " + name + " did not answer within " + deadline.toSeconds()
          + " s, and may hold what is meant", "Try again, or say in which other repository it is: REPOSITORY:VOLUME@SNAPSHOT", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable(action, "the caller was interrupted", "Try again", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof VolumeException failure) {
        throw failure;
      }
      throw new IllegalStateException("a look-up failed unexpectedly", e.getCause());
    }
  }

  private NotFound missing(SnapshotRef ref, String more) throws VolumeException {
    return new NotFound(action, "there is no snapshot " + ref + ", neither here nor in repository "
        + String.join(", ", core.repositories().names()) + more, "moorage repository snapshots shows what is there");
  }

  private RemoteSnapshot choose(SnapshotRef ref, RemoteName name, List<Result> results) throws VolumeException {
    // A copy of the same snapshot in a second repository is no other candidate.
    List<RemoteSnapshot> distinct = List.copyOf(results.stream().flatMap(each -> each.found().stream())
        .collect(Collectors.toMap(each -> each.entry().snapshot(), Function.identity(), (one, _) -> one, LinkedHashMap::new)).values());
    List<RemoteSnapshot> exact = distinct.stream().filter(each -> name.fitsTag(each.entry())).toList();
    List<RemoteSnapshot> candidates = exact.isEmpty() ? distinct : exact;
    Set<String> groups = candidates.stream().map(RemoteSnapshot::group).collect(Collectors.toCollection(TreeSet::new));
    if (groups.size() > 1) {
      throw ambiguous(ref, candidates, RemoteSnapshot::text);
    }
    if (exact.size() > 1) {
      throw ambiguous(ref, candidates, RemoteSnapshot::textById);
    }
    return candidates.stream().max(Comparator.comparing(each -> each.entry().cutAt())).orElseThrow();
  }

  private InvalidArgument ambiguous(SnapshotRef ref, List<RemoteSnapshot> candidates, Function<RemoteSnapshot, String> text) {
    String more = candidates.size() > CANDIDATES_MAX ? ", and " + (candidates.size() - CANDIDATES_MAX) + " more" : "";
    return new InvalidArgument(action, "snapshot " + ref + " could mean several",
        "Name one of: " + candidates.stream().map(text).sorted().limit(CANDIDATES_MAX).collect(Collectors.joining(", ")) + more);
  }
}
