package dev.moorage.csi.router;

import dev.moorage.csi.Pages;
import dev.moorage.csi.RepositoryOnly;
import dev.moorage.csi.SnapshotHandle;
import dev.moorage.csi.VolumeHandle;
import dev.moorage.csi.proto.ControllerGrpc;
import dev.moorage.csi.proto.ListSnapshotsRequest;
import dev.moorage.csi.proto.ListSnapshotsResponse;
import dev.moorage.csi.proto.ListVolumesRequest;
import dev.moorage.csi.proto.ListVolumesResponse;
import dev.moorage.csi.proto.Snapshot;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.Unavailable;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Lists over all nodes. Of a node that does not answer, what it told last is listed; when it is there and never told anything, there is no
 * list rather than one from which its entries are missing. Of lost nodes, the snapshots in the repositories are listed.
 */
final class Lists {

  private static final Duration LIST = Duration.ofSeconds(6);
  private static final int PAGE = 1000;

  private final Fleet fleet;
  private final Routes routes;
  private final SnapshotRoutes snapshots;
  private final RepositoryOnly repositories;
  private final Map<String, List<ListVolumesResponse.Entry>> volumes = new ConcurrentHashMap<>();
  private final Map<String, List<Snapshot>> cut = new ConcurrentHashMap<>();

  Lists(Fleet fleet, SnapshotRoutes snapshots, RepositoryOnly repositories) {
    this.fleet = fleet;
    this.routes = new Routes(fleet);
    this.snapshots = snapshots;
    this.repositories = repositories;
  }

  ListVolumesResponse volumes(ListVolumesRequest asked) throws VolumeException {
    String action = "list volumes";
    List<ListVolumesResponse.Entry> all = joined(action, volumes, Lists::pool, link -> volumesOf(action, link));
    all.sort(Comparator.comparing(Lists::handle));
    Pages<ListVolumesResponse.Entry> pages = Pages.of(action, all, Lists::handle, asked.getMaxEntries(), asked.getStartingToken());
    return ListVolumesResponse.newBuilder().addAllEntries(pages.page()).setNextToken(pages.next()).build();
  }

  private static String handle(ListVolumesResponse.Entry entry) {
    return entry.getVolume().getVolumeId();
  }

  private static String pool(ListVolumesResponse.Entry entry) {
    return VolumeHandle.parse(handle(entry)).map(each -> each.pool().toString()).orElse("");
  }

  private static String pool(Snapshot snapshot) {
    return SnapshotHandle.parse(snapshot.getSnapshotId()).map(each -> each.pool().toString()).orElse("");
  }

  private static List<ListVolumesResponse.Entry> volumesOf(String action, NodeLink link) throws VolumeException {
    List<ListVolumesResponse.Entry> all = new ArrayList<>();
    String token = "";
    do {
      ListVolumesResponse page = link.call(action, ControllerGrpc.getListVolumesMethod(),
          ListVolumesRequest.newBuilder().setMaxEntries(PAGE).setStartingToken(token).build(), LIST);
      all.addAll(page.getEntriesList());
      token = page.getNextToken();
    } while (!token.isEmpty());
    return all;
  }

  ListSnapshotsResponse snapshots(ListSnapshotsRequest asked) throws VolumeException {
    String action = "list snapshots";
    String source = asked.getSourceVolumeId();
    if (!asked.getSnapshotId().isEmpty()) {
      ListSnapshotsResponse.Builder response = ListSnapshotsResponse.newBuilder();
      snapshots.find(action, asked.getSnapshotId())
          .filter(found -> source.isEmpty() || found.getSourceVolumeId().equals(source))
          .ifPresent(found -> response.addEntries(ListSnapshotsResponse.Entry.newBuilder().setSnapshot(found)));
      return response.build();
    }
    if (!source.isEmpty() && VolumeHandle.parse(source).isEmpty()) {
      return ListSnapshotsResponse.getDefaultInstance();
    }
    if (!source.isEmpty() && fleet.place(action, VolumeHandle.parse(source).orElseThrow().pool()) instanceof Place.Here here) {
      return here.node().call(action, ControllerGrpc.getListSnapshotsMethod(), asked);
    }
    List<Snapshot> all = source.isEmpty() ? everywhere(action) : ofLost(action, VolumeHandle.parse(source).orElseThrow());
    all.sort(Comparator.comparing(Snapshot::getSnapshotId));
    Pages<Snapshot> pages = Pages.of(action, all, Snapshot::getSnapshotId, asked.getMaxEntries(), asked.getStartingToken());
    ListSnapshotsResponse.Builder response = ListSnapshotsResponse.newBuilder().setNextToken(pages.next());
    pages.page().forEach(each -> response.addEntries(ListSnapshotsResponse.Entry.newBuilder().setSnapshot(each)));
    return response.build();
  }

  private List<Snapshot> everywhere(String action) throws VolumeException {
    List<Snapshot> all = joined(action, cut, Lists::pool, link -> snapshotsOf(action, link));
    Set<String> lost = fleet.lostPools();
    if (!lost.isEmpty()) {
      all.addAll(repositories.of(action, lost.stream().map(PoolId::parse).collect(Collectors.toSet())));
    }
    return all;
  }

  /** Of a volume whose node is not there: of a lost one what is in the repositories. */
  private List<Snapshot> ofLost(String action, VolumeHandle volume) throws VolumeException {
    if (!(fleet.place(action, volume.pool()) instanceof Place.Lost)) {
      routes.node(action, volume.pool());
    }
    List<Snapshot> all = new ArrayList<>(repositories.of(action, Set.of(volume.pool())));
    all.removeIf(each -> !each.getSourceVolumeId().equals(volume.toString()));
    return all;
  }

  private static List<Snapshot> snapshotsOf(String action, NodeLink link) throws VolumeException {
    List<Snapshot> all = new ArrayList<>();
    String token = "";
    do {
      ListSnapshotsResponse page = link.call(action, ControllerGrpc.getListSnapshotsMethod(),
          ListSnapshotsRequest.newBuilder().setMaxEntries(PAGE).setStartingToken(token).build(), LIST);
      page.getEntriesList().forEach(entry -> all.add(entry.getSnapshot()));
      token = page.getNextToken();
    } while (!token.isEmpty());
    return all;
  }

  /** What one node lists. */
  private interface Of<T> {
    List<T> ask(NodeLink link) throws VolumeException;
  }

  private <T> List<T> joined(String action, Map<String, List<T>> last, Function<T, String> pool, Of<T> of) throws VolumeException {
    Optional<String> waits = fleet.waitsFor();
    if (waits.isPresent()) {
      throw new Unavailable(action, "the nodes are not known yet: " + waits.get(), "Ask again");
    }
    Map<String, String> silent = new ConcurrentHashMap<>();
    fleet.each(fleet.present(), link -> {
      try {
        last.put(link.name(), of.ask(link));
      } catch (VolumeException | StatusRuntimeException e) {
        silent.put(link.name(), String.valueOf(e.getMessage()));
      }
    });
    for (Map.Entry<String, String> each : silent.entrySet()) {
      if (!last.containsKey(each.getKey())) {
        throw new Unavailable(action, "node " + each.getKey() + " has not told yet what it has: " + each.getValue(), "Ask again");
      }
    }
    Set<String> lost = fleet.lostPools();
    return last.values().stream().flatMap(List::stream).filter(each -> !lost.contains(pool.apply(each)))
        .collect(Collectors.toCollection(ArrayList::new));
  }
}
