package dev.moorage.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tables, numbers for people, JSON for scripts. */
final class TableTest {

  @Test
  void columnsAreAsWideAsTheirWidestCellAndNumbersAreAtTheRight() {
    Table table = new Table(List.of("NAME", ">SIZE", "NOTE"));
    table.row(List.of("db", "10G", ""));
    table.row(List.of("a-long-name", "512M", "busy"));
    assertThat(table).hasToString("""
        NAME         SIZE  NOTE
        db            10G
        a-long-name  512M  busy
        """);
  }

  @Test
  void aCellCannotBreakOutOfItsLine() {
    Table table = new Table(List.of("A"));
    table.row(List.of("x\ny\u001b[31m"));
    assertThat(table).hasToString("A\nx?y?[31m\n");
  }

  @Test
  void aRowWithTooFewCellsIsABug() {
    assertThatThrownBy(() -> new Table(List.of("A", "B")).row(List.of("x"))).hasMessageStartingWith("BUG");
  }

  @Test
  void spansHaveOneUnit() {
    assertThat(Humans.span(Duration.ofSeconds(59))).isEqualTo("59s");
    assertThat(Humans.span(Duration.ofSeconds(3599))).isEqualTo("59m");
    assertThat(Humans.span(Duration.ofHours(23))).isEqualTo("23h");
    assertThat(Humans.span(Duration.ofHours(24))).isEqualTo("1d");
    assertThat(Humans.span(Duration.ofDays(729))).isEqualTo("729d");
    assertThat(Humans.span(Duration.ofDays(730))).isEqualTo("2y");
    assertThat(Humans.span(Duration.ofSeconds(-5))).isEqualTo("0s");
    assertThat(Humans.age("2026-01-01T00:00:00Z", Instant.parse("2026-01-01T00:05:09Z"))).isEqualTo("5m");
    assertThat(Humans.age("", Instant.EPOCH)).isEqualTo("-");
  }

  @Test
  void unknownSizesAreDashes() {
    assertThat(Humans.size(-1)).isEqualTo("-");
    assertThat(Humans.size(0)).isEqualTo("0B");
    assertThat(Humans.size(3L << 29)).isEqualTo("1.5G");
  }

  @Test
  void jsonIsIndentedAndKeepsItsOrder() {
    assertThat(JsonText.of(Json.createObjectBuilder()
        .add("b", Json.createArrayBuilder().add(1).add(Json.createObjectBuilder().add("x", "say \"hi\"\n")))
        .add("a", Json.createArrayBuilder())
        .add("c", Json.createObjectBuilder())
        .addNull("d").build())).isEqualTo("""
        {
          "b": [
            1,
            {
              "x": "say \\"hi\\"\\n"
            }
          ],
          "a": [],
          "c": {},
          "d": null
        }""");
  }
}
