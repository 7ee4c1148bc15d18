package dev.moorage.csi.router;

import dev.moorage.csi.CsiSettings;
import dev.moorage.csi.Parameters;
import dev.moorage.csi.Request;
import dev.moorage.csi.SnapshotHandle;
import dev.moorage.csi.VolumeHandle;
import dev.moorage.csi.node.proto.FindVolumeRequest;
import dev.moorage.csi.node.proto.FindVolumeResponse;
import dev.moorage.csi.node.proto.InventoryGrpc;
import dev.moorage.csi.proto.CreateVolumeRequest;
import dev.moorage.csi.proto.Topology;
import dev.moorage.csi.proto.TopologyRequirement;
import dev.moorage.csi.proto.VolumeContentSource;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.VolumeException.NoSpace;
import dev.moorage.volume.VolumeException.NotFound;
import dev.moorage.volume.VolumeException.Unavailable;
import dev.moorage.volume.VolumeException;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * On which nodes a volume may be made, the best first. A name that some node knows already goes to that node, so that a repeated request
 * finds what the first one made; one that was sent to a node which is not there now waits for that. Safe for use by several threads.
 */
final class Placement {

  private static final Duration FIND = Duration.ofSeconds(2);

  private final Fleet fleet;
  private final Capacities capacities;
  private final Destinations destinations;

  Placement(Fleet fleet, Capacities capacities, Destinations destinations) {
    this.fleet = fleet;
    this.capacities = capacities;
    this.destinations = destinations;
  }

  /** At least one. */
  List<NodeLink> candidates(String action, CreateVolumeRequest asked) throws VolumeException {
    TopologyRequirement requirement = asked.getAccessibilityRequirements();
    List<NodeLink> allowed = fleet.present().stream().filter(link -> isAllowed(requirement, link.name())).toList();
    Source source = source(action, asked.getVolumeContentSource());
    if (source.only().isPresent()) {
      NodeLink only = source.only().get();
      if (!isAllowed(requirement, only.name())) {
        throw new NoSpace(action, "what it is to be made of is on node " + only.name() + " only", "Let the pod run there");
      }
      return List.of(only);
    }
    if (allowed.isEmpty()) {
      throw new Unavailable(action, "no node that it may be on is there: " + places(requirement),
          "See the pods with the label app.kubernetes.io/component=node");
    }
    Parameters parameters = Parameters.ofVolume(action, asked.getParametersMap());
    List<NodeLink> best = allowed.stream().sorted(Comparator.<NodeLink>comparingInt(link -> rank(requirement, link.name()))
        .thenComparing(link -> !source.best().equals(Optional.of(link.name())))
        .thenComparingLong(link -> -capacities.free(link, parameters))
        .thenComparing(NodeLink::name)).toList();
    return isFixed(requirement) ? best : settle(action, asked.getName(), requirement, best);
  }

  /** Whether there is only one place, so that nobody need remember which. */
  static boolean isFixed(TopologyRequirement requirement) {
    return requirement.getRequisiteCount() == 1;
  }

  /** Notes where a name goes, before it goes there. */
  void send(String action, CreateVolumeRequest asked, NodeLink node) throws Unavailable {
    if (!isFixed(asked.getAccessibilityRequirements())) {
      destinations.note(action, asked.getName(), node.name());
    }
  }

  /** The node could not take it, and keeps nothing of it. */
  void refused(CreateVolumeRequest asked) {
    if (!isFixed(asked.getAccessibilityRequirements())) {
      destinations.forget(asked.getName());
    }
  }

  /** The node that has the name already, or all of them when none has. */
  private List<NodeLink> settle(String action, String name, TopologyRequirement requirement, List<NodeLink> best) throws Unavailable {
    Map<NodeLink, Boolean> answers = new ConcurrentHashMap<>();
    fleet.each(best, link -> ask(action, name, link).ifPresent(has -> answers.put(link, has)));
    for (NodeLink link : best) {
      if (answers.getOrDefault(link, false)) {
        return List.of(link);
      }
    }
    List<NodeLink> answering = best.stream().filter(answers::containsKey).toList();
    String before = destinations.of(action, name).orElse("");
    if (!before.isEmpty() && isAllowed(requirement, before) && !fleet.isLost(before)
        && answering.stream().noneMatch(link -> link.name().equals(before))) {
      throw new Unavailable(action, "it was sent to node " + before + ", which does not answer now",
          "Ask again when it is there, or declare it lost: docs/csi.md says how");
    }
    if (answering.isEmpty()) {
      throw new Unavailable(action, "none of the nodes that it may be on answers", "Ask again");
    }
    // What was sent there may be on its way still, and is then found by the same call only.
    return answering.stream().sorted(Comparator.comparing(link -> !link.name().equals(before))).toList();
  }

  private static Optional<Boolean> ask(String action, String name, NodeLink link) {
    try {
      FindVolumeResponse found = link.call(action, InventoryGrpc.getFindVolumeMethod(),
          FindVolumeRequest.newBuilder().setName(name).build(), FIND);
      return Optional.of(!found.getVolumeId().isEmpty());
    } catch (Unavailable | StatusRuntimeException e) {
      return Optional.empty();
    }
  }

  /** What the source says of the place: it can be on one node only, or is best on one. */
  private record Source(Optional<NodeLink> only, Optional<String> best) {}

  private Source source(String action, VolumeContentSource source) throws VolumeException {
    return switch (source.getTypeCase()) {
      case TYPE_NOT_SET -> new Source(Optional.empty(), Optional.empty());
      case VOLUME -> {
        String text = new Request(action).need("volume_id of the source", source.getVolume().getVolumeId());
        VolumeHandle handle = VolumeHandle.parse(text)
            .orElseThrow(() -> new NotFound(action, "there is no volume " + Request.shown(text), ""));
        yield new Source(Optional.of(only(action, handle.pool())), Optional.empty());
      }
      case SNAPSHOT -> {
        String text = new Request(action).need("snapshot_id of the source", source.getSnapshot().getSnapshotId());
        SnapshotHandle handle = SnapshotHandle.parse(text)
            .orElseThrow(() -> new NotFound(action, "there is no snapshot " + Request.shown(text), ""));
        yield handle.repository().isEmpty() ? new Source(Optional.of(only(action, handle.pool())), Optional.empty())
            : new Source(Optional.empty(), fleet.place(action, handle.pool()) instanceof Place.Here here
                ? Optional.of(here.node().name()) : Optional.empty());
      }
    };
  }

  private NodeLink only(String action, PoolId pool) throws VolumeException {
    return new Routes(fleet).node(action, pool);
  }

  static boolean isAllowed(TopologyRequirement requirement, String node) {
    return requirement.getRequisiteCount() == 0 || requirement.getRequisiteList().stream().anyMatch(place -> isAt(place, node));
  }

  private static int rank(TopologyRequirement requirement, String node) {
    List<Topology> preferred = requirement.getPreferredList();
    for (int i = 0; i < preferred.size(); i++) {
      if (isAt(preferred.get(i), node)) {
        return i;
      }
    }
    return preferred.size();
  }

  /** As a node itself sees it: keys in any case, and no key but ours. */
  static boolean isAt(Topology place, String node) {
    return place.getSegmentsMap().entrySet().stream()
        .allMatch(segment -> segment.getKey().equalsIgnoreCase(CsiSettings.TOPOLOGY_KEY) && segment.getValue().equals(node));
  }

  private static String places(TopologyRequirement requirement) {
    return requirement.getRequisiteCount() == 0 ? "there is none at all"
        : String.join(", ", requirement.getRequisiteList().stream().flatMap(place -> place.getSegmentsMap().values().stream())
            .distinct().sorted().toList());
  }
}
