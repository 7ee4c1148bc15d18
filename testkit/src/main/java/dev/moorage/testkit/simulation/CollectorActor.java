package dev.moorage.testkit.simulation;

import dev.moorage.objectstore.ObjectStore;
import dev.moorage.repository.gc.CollectionProgress;
import dev.moorage.repository.gc.CollectionReport;
import dev.moorage.repository.gc.CollectionSettings;
import dev.moorage.repository.gc.Collector;
import java.io.IOException;

/** Collects, again and again. */
final class CollectorActor extends Actor {

  private final CollectionSettings settings;
  private final Weakness weakness;
  private int runs;

  CollectorActor(World world, String name, ObjectStore store, int runs, CollectionSettings settings, Weakness weakness) {
    super(world, name, store);
    this.runs = runs;
    this.settings = settings;
    this.weakness = weakness;
  }

  @Override
  void live() throws IOException {
    while (runs > 0 && world.isBusy()) {
      runs--;
      idle(dice.below(30));
      collect(weakness);
    }
  }

  CollectionReport collect(Weakness weak) throws IOException {
    ObjectStore connection = WeakConnections.ofCollection(connection(), weak);
    CollectionReport report =
        new Collector(connection, world.sealed(connection), BlockMap.references(connection), settings, ids, world.clock())
            .run(CollectionProgress.NONE);
    world.happened(Coverage.Event.COLLECTED);
    world.happened(Coverage.Event.COLLECTION_WAITS, report.pending());
    world.happened(Coverage.Event.RESCUED, report.rescued().packs());
    world.happened(Coverage.Event.DELETED, report.deleted().packs());
    world.trace(name, "doomed " + report.doomed().packs() + ", deleted " + report.deleted().packs() + ", rescued "
        + report.rescued().packs() + ", pending " + report.pending(), "");
    return report;
  }
}
