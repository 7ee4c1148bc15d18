package dev.moorage.objectstore;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What {@link ObjectStore#probe} found out. Immutable. */
public record ProbeReport(List<Finding> findings) {

  public ProbeReport {
    findings = List.copyOf(findings);
  }

  /** A promise of {@link ObjectStore}'s contract. */
  public enum Property {
    /** A second create is refused and changes nothing. */
    CREATE_ONLY("a second create is refused"),
    /** Of many that create one key at once, one wins. */
    ONE_CREATOR_WINS("of many creators one wins"),
    /** A replace succeeds on the expected version only. */
    COMPARE_AND_SWAP("a replace wants the expected version"),
    /** Of many that replace one version at once, one wins. */
    ONE_SWAPPER_WINS("of many swappers one wins"),
    /** What was written is read. */
    READ_AFTER_WRITE("what was written is read at once"),
    /** Part of it can be read. */
    RANGE_READ("a range can be read"),
    /** What was written is listed, what was deleted is not, in order. */
    LIST_AFTER_WRITE("what was written is listed at once"),
    /** This credential may delete; a node's need not. */
    DELETE("this credential may delete"),
    /** A write that was acknowledged outlives a crash of the store. */
    DURABILITY("what was acknowledged is durable"),
    /** The above also holds between hosts and regions. */
    OTHER_HOSTS("all this holds between hosts");

    private final String text;

    Property(String text) {
      this.text = text;
    }

    /** The promise in words. */
    public String text() {
      return text;
    }
  }

  /** How a trial ended. */
  public enum Verdict {
    HELD,
    BROKEN,
    NOT_PROBED
  }

  /** One promise, how its trial ended, and what was seen, for people. */
  public record Finding(Property property, Verdict verdict, String detail) {}

  /** What was found of a promise. */
  public Verdict verdict(Property property) {
    return byProperty().getOrDefault(property, Verdict.NOT_PROBED);
  }

  /** Whether many writers may share the store: everything but the right to delete that could be tried has held. */
  public boolean isFitForManyWriters() {
    return verdict(Property.CREATE_ONLY) == Verdict.HELD
        && verdict(Property.ONE_CREATOR_WINS) == Verdict.HELD
        && verdict(Property.COMPARE_AND_SWAP) == Verdict.HELD
        && verdict(Property.ONE_SWAPPER_WINS) == Verdict.HELD
        && isFitForOneWriter();
  }

  /** Whether a single declared writer can use it: reads and lists are consistent. */
  public boolean isFitForOneWriter() {
    return verdict(Property.READ_AFTER_WRITE) == Verdict.HELD
        && verdict(Property.RANGE_READ) == Verdict.HELD
        && verdict(Property.LIST_AFTER_WRITE) == Verdict.HELD;
  }

  /** The findings as lines for people. */
  public String text() {
    return findings.stream()
        .map(each -> each.verdict() + "  " + each.property().text() + (each.detail().isEmpty() ? "" : ": " + each.detail()))
        .collect(Collectors.joining("\n"));
  }

  private Map<Property, Verdict> byProperty() {
    Map<Property, Verdict> map = new EnumMap<>(Property.class);
    findings.forEach(each -> map.put(each.property(), each.verdict()));
    return map;
  }
}
