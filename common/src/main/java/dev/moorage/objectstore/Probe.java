package dev.moorage.objectstore;

import dev.moorage.objectstore.ProbeReport.Finding;
import dev.moorage.objectstore.ProbeReport.Property;
import dev.moorage.objectstore.ProbeReport.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Tries a store out with objects of its own below {@code probe/}, which it deletes in the end if the credential may. */
final class Probe {

  private static final int RIVALS = 6;

  private final ObjectStore store;
  private final String home = "probe/" + HexFormat.of().toHexDigits(UUID.randomUUID().getMostSignificantBits());
  private final List<Finding> findings = new ArrayList<>();
  private final List<ObjectKey> made = new ArrayList<>();

  Probe(ObjectStore store) {
    this.store = store;
  }

  private interface Trial {
    /** Empty when the promise holds, otherwise what was seen. */
    Optional<String> run() throws ObjectStoreException;
  }

  ProbeReport run() throws ObjectStoreException {
    try {
      attempt(Property.CREATE_ONLY, this::createTwice);
      attempt(Property.ONE_CREATOR_WINS, this::createTogether);
      attempt(Property.COMPARE_AND_SWAP, this::swap);
      attempt(Property.ONE_SWAPPER_WINS, this::swapTogether);
      attempt(Property.READ_AFTER_WRITE, this::readBack);
      attempt(Property.RANGE_READ, this::readRange);
      attempt(Property.LIST_AFTER_WRITE, this::listBack);
    } finally {
      cleanUp();
    }
    found(Property.DURABILITY, Verdict.NOT_PROBED, "what a crash of the store leaves cannot be tried from here");
    found(Property.OTHER_HOSTS, Verdict.NOT_PROBED, "only this host took part");
    return new ProbeReport(findings);
  }

  private void attempt(Property property, Trial trial) throws ObjectStoreException {
    try {
      Optional<String> seen = trial.run();
      found(property, seen.isEmpty() ? Verdict.HELD : Verdict.BROKEN, seen.orElse(""));
    } catch (ObjectStoreException.ConditionsUnsupported | ObjectStoreException.NoSuchObject | ObjectStoreException.Corrupt
        | ObjectStoreException.InvalidRange e) {
      found(property, Verdict.BROKEN, e.reason());
    }
  }

  private void found(Property property, Verdict verdict, String detail) {
    findings.add(new Finding(property, verdict, detail));
  }

  private Optional<String> createTwice() throws ObjectStoreException {
    ObjectKey key = key("create");
    if (store.putIfAbsent(key, text("first")).isEmpty()) {
      return Optional.of("a key that was never used is said to be taken");
    }
    if (store.putIfAbsent(key, text("second")).isPresent()) {
      return Optional.of("the second create was accepted");
    }
    return expectText(key, "first");
  }

  private Optional<String> createTogether() throws ObjectStoreException {
    ObjectKey key = key("race");
    int winners = race(rival -> store.putIfAbsent(key, text("rival " + rival)));
    return winners == 1 ? Optional.empty() : Optional.of("of " + RIVALS + " creators " + winners + " were told that they won");
  }

  private Optional<String> swap() throws ObjectStoreException {
    ObjectKey key = key("swap");
    Optional<Version> first = store.putIfAbsent(key, text("first"));
    if (first.isEmpty()) {
      return Optional.of("a key that was never used is said to be taken");
    }
    Optional<Version> second = store.replaceIfMatch(key, first.get(), text("second"));
    if (second.isEmpty()) {
      return Optional.of("the version that is there was refused");
    }
    if (store.replaceIfMatch(key, first.get(), text("third")).isPresent()) {
      return Optional.of("a version that is no longer there was accepted");
    }
    if (store.replaceIfMatch(key("absent"), first.get(), text("fourth")).isPresent()) {
      return Optional.of("an object that does not exist was replaced");
    }
    return expectText(key, "second");
  }

  private Optional<String> swapTogether() throws ObjectStoreException {
    ObjectKey key = key("contest");
    Optional<Version> first = store.putIfAbsent(key, text("first"));
    if (first.isEmpty()) {
      return Optional.of("a key that was never used is said to be taken");
    }
    int winners = race(rival -> store.replaceIfMatch(key, first.get(), text("rival " + rival)));
    return winners == 1 ? Optional.empty() : Optional.of("of " + RIVALS + " swappers " + winners + " were told that they won");
  }

  private Optional<String> readBack() throws ObjectStoreException {
    ObjectKey key = key("read");
    if (store.head(key).isPresent()) {
      return Optional.of("an object that was never made has a head");
    }
    store.putIfAbsent(key, text("content"));
    if (store.head(key).filter(head -> head.size() == 7).isEmpty()) {
      return Optional.of("the head of a new object is absent or wrong");
    }
    return expectText(key, "content");
  }

  private Optional<String> readRange() throws ObjectStoreException {
    ObjectKey key = key("range");
    store.putIfAbsent(key, text("0123456789"));
    String seen = read(store.getRange(key, 3, 4));
    return seen.equals("3456") ? Optional.empty() : Optional.of("another range than the one asked for came back");
  }

  private Optional<String> listBack() throws ObjectStoreException {
    List<ObjectKey> keys = List.of(key("list-1"), key("list-2"), key("list-3"));
    for (ObjectKey key : keys) {
      store.putIfAbsent(key, text("listed"));
    }
    Optional<String> seen = expectList(keys);
    if (seen.isPresent() || !mayDelete(keys.get(1))) {
      return seen;
    }
    return expectList(List.of(keys.get(0), keys.get(2)));
  }

  private Optional<String> expectList(List<ObjectKey> keys) throws ObjectStoreException {
    List<ObjectKey> listed = new ArrayList<>();
    Optional<String> after = Optional.empty();
    do {
      Listing page = store.list(home + "/list-", after, 2);
      page.objects().forEach(entry -> listed.add(entry.key()));
      after = page.next();
    } while (after.isPresent());
    return listed.equals(keys) ? Optional.empty() : Optional.of("of " + keys + " " + listed + " were listed");
  }

  /** Deletes the object when the credential may; a node's need not. */
  private boolean mayDelete(ObjectKey key) throws ObjectStoreException {
    try {
      store.delete(key);
      return true;
    } catch (ObjectStoreException.Denied e) {
      return false;
    }
  }

  private Optional<String> expectText(ObjectKey key, String expected) throws ObjectStoreException {
    String seen = read(store.get(key));
    return seen.equals(expected) ? Optional.empty() : Optional.of("not what was written came back");
  }

  private interface Rival {
    Optional<Version> attempt(int number) throws ObjectStoreException;
  }

  /** How many of several threads that do the same at once are told that they succeeded. */
  private static int race(Rival rival) throws ObjectStoreException {
    CountDownLatch start = new CountDownLatch(1);
    List<Future<Boolean>> attempts = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(RIVALS)) {
      for (int i = 0; i < RIVALS; i++) {
        int number = i;
        Callable<Boolean> attempt = () -> {
          start.await();
          return rival.attempt(number).isPresent();
        };
        attempts.add(threads.submit(attempt));
      }
      start.countDown();
      int winners = 0;
      for (Future<Boolean> attempt : attempts) {
        winners += attempt.get() ? 1 : 0;
      }
      return winners;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ObjectStoreException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ObjectStoreException.Interrupted("probe the object store", e);
    }
  }

  /** Every object is tried, whatever happened to those before. */
  private void cleanUp() {
    Verdict verdict = Verdict.HELD;
    String detail = "";
    for (ObjectKey key : List.copyOf(made)) {
      try {
        store.delete(key);
      } catch (ObjectStoreException e) {
        verdict = Verdict.BROKEN;
        detail = e.reason() + "; objects below " + home + " stay";
      }
    }
    found(Property.DELETE, verdict, detail);
  }

  private ObjectKey key(String name) {
    ObjectKey key = new ObjectKey(home + "/" + name);
    made.add(key);
    return key;
  }

  private static Content text(String text) {
    return Content.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String read(ObjectStream object) throws ObjectStoreException {
    try (object) {
      return new String(object.readAllBytes(), StandardCharsets.UTF_8);
    } catch (ObjectStoreException e) {
      throw e;
    } catch (IOException e) {
      throw new ObjectStoreException.Unavailable("probe the object store", e.toString(), "", e);
    }
  }
}
