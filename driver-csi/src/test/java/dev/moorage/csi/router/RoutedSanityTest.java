package dev.moorage.csi.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.csi.Sanity;
import dev.moorage.storage.PoolStatus;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.volume.ByteSize;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Goal: csi-sanity passes through the router, as many cases as with one driver alone. It unpublishes each volume at the one node that it
 * knows, so that node has more room than the other, and gets them all.
 */
@Tag("root")
@ExtendWith(LeakCheck.class)
final class RoutedSanityTest {

  private static final int WITH_SNAPSHOTS = 77;

  private static String controller(RoutedCluster cluster) {
    return "--csi.controllerendpoint=unix://" + cluster.socket();
  }

  private static void demandNothingLeft(RoutedCluster cluster) {
    assertThat(cluster.first.storage.volumes().list(Optional.empty())).isEmpty();
    assertThat(cluster.second.storage.volumes().list(Optional.empty())).isEmpty();
    assertThat(cluster.second.storage.pools().list()).extracting(PoolStatus::snapshots).containsOnly(0);
  }

  @Test
  void allCasesPassWithTheNodeThatHasMoreRoom() throws Exception {
    try (RoutedCluster cluster = new RoutedCluster(ByteSize.ofGibibytes(4), ByteSize.ofGibibytes(1), List.of())) {
      String output = Sanity.run(cluster.first.directory().resolve("csi.sock"), cluster.directory.resolve("a"), controller(cluster));
      assertThat(Sanity.ran(output)).as(output).isEqualTo(WITH_SNAPSHOTS);
      demandNothingLeft(cluster);
    }
  }
}
