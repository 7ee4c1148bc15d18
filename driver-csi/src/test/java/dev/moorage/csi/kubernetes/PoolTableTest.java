package dev.moorage.csi.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Goal: what is remembered of pools is never forgotten, and lost is only what somebody has declared and nobody has. */
final class PoolTableTest {

  private static PoolTable declared(Map<String, String> data, String nodes) {
    ConfigMap map = new ConfigMapBuilder().withNewMetadata().withName(PoolTable.NAME).addToAnnotations(PoolTable.LOST, nodes).endMetadata()
        .withData(data).build();
    return PoolTable.of(map);
  }

  @Test
  void poolsAreAddedAndMovedAndNeverForgotten() {
    PoolTable table = PoolTable.empty().with(Map.of("a", "node-1", "b", "node-2"));
    assertThat(table.with(Map.of())).isEqualTo(table);
    PoolTable moved = table.with(Map.of("b", "node-3"));
    assertThat(moved.nodes()).isEqualTo(Map.of("a", "node-1", "b", "node-3"));
    assertThat(moved.lost()).isEmpty();
  }

  @Test
  void theNodeThatIsDeclaredLostLosesThePoolsThatNobodyHas() {
    PoolTable table = declared(Map.of("a", "node-1", "b", "node-2", "c", "node-2"), " node-2, node-9,");
    assertThat(table.declared()).containsExactlyInAnyOrder("node-2", "node-9");
    PoolTable next = table.with(Map.of("a", "node-1", "c", "node-3"));
    assertThat(next.lost()).containsExactly("b");
    assertThat(next.nodes()).isEqualTo(Map.of("a", "node-1", "b", "node-2", "c", "node-3"));
    assertThat(next).isNotEqualTo(table);
    assertThat(next.with(Map.of("d", "node-2")).lost()).as("a new disk in a machine of the old name").containsExactly("b");
    assertThat(next.with(Map.of("b", "node-2")).lost()).as("it has come back after all").isEmpty();
  }

  @Test
  void aNodeThatIsThereCannotBeLost() {
    PoolTable table = declared(Map.of("a", "node-1"), "node-1");
    assertThat(table.declaredButThere(Set.of("node-1", "node-2"))).containsExactly("node-1");
    PoolTable next = table.with(Map.of("a", "node-1"));
    assertThat(next.lost()).isEmpty();
    assertThat(next.declared()).isEmpty();
    assertThat(next).as("so that the declaration is taken away").isNotEqualTo(table);
  }

  /** A pod that was just deleted is told of for some moments: neither may that undo the declaration, nor what was entered. */
  @Test
  void nodesThatAreLostAndToldOfAreDoubtful() {
    PoolTable table = declared(Map.of("a", "node-1", "b", "node-2", "c", "node-3 (lost)"), "node-2");
    assertThat(table.doubtful(Map.of("a", "node-1"))).isEmpty();
    assertThat(table.doubtful(Map.of("a", "node-1", "b", "node-2", "c", "node-3"))).containsExactlyInAnyOrder("node-2", "node-3");
    assertThat(table.doubtful(Map.of("c", "node-4"))).as("a disk that was moved").containsExactly("node-4");
  }

  @Test
  void theDeclarationIsTakenAwayWhenItIsEntered() {
    ConfigMap map = new ConfigMapBuilder().withNewMetadata().withName(PoolTable.NAME).addToAnnotations(PoolTable.LOST, "node-1")
        .addToAnnotations("somebody", "else").withResourceVersion("7").endMetadata().withData(Map.of("a", "node-1")).build();
    ConfigMap written = PoolTable.of(map).with(Map.of()).in(map);
    assertThat(written.getData()).isEqualTo(Map.of("a", "node-1 (lost)"));
    assertThat(written.getMetadata().getAnnotations()).isEqualTo(Map.of("somebody", "else"));
    assertThat(written.getMetadata().getResourceVersion()).isEqualTo("7");
    assertThat(PoolTable.of(written).lost()).containsExactly("a");
  }
}
