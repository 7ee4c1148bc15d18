package dev.moorage.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JsonRecordTest {

  private static final Instant WHEN = Instant.parse("2026-08-23T10:15:30.123456Z");

  @TempDir private Path directory;

  private static JsonRecord record(String json) throws IOException {
    return JsonRecord.parse("volume.json", json.getBytes(UTF_8), 1);
  }

  @Test
  void everyTypeIsReadAsItWasWritten() throws IOException {
    Path file = directory.resolve("volume.json");
    Fields inner = new Fields().number("size", 1L << 40);
    Fields.ofFormat(1).text("id", "ä\"\n").text("absent", Optional.empty()).number("size", Long.MAX_VALUE).decimal("ratio", 1.5)
        .flag("sparse", true).instant("createdAt", WHEN).texts("labels", List.of("b", "a")).map("options", Map.of("k", "v"))
        .object("spec", inner).objects("consumers", List.of(new Fields().text("kind", "container"))).writeTo(file);
    JsonRecord read = JsonRecord.read(file, 1);
    assertThat(read.text("id")).isEqualTo("ä\"\n");
    assertThat(read.optionalText("absent")).isEmpty();
    assertThat(read.number("size")).isEqualTo(Long.MAX_VALUE);
    assertThat(read.decimal("ratio")).isEqualTo(1.5);
    assertThat(read.flag("sparse")).isTrue();
    assertThat(read.instant("createdAt")).isEqualTo(WHEN);
    assertThat(read.texts("labels")).containsExactly("b", "a");
    assertThat(read.map("options")).containsExactly(Map.entry("k", "v"));
    assertThat(read.object("spec").number("size")).isEqualTo(1L << 40);
    assertThat(read.objects("consumers").getFirst().text("kind")).isEqualTo("container");
  }

  @Test
  void theSameFieldsGiveTheSameBytes() {
    byte[] written = Fields.ofFormat(1).map("options", Map.of("b", "2", "a", "1", "c", "3")).texts("none", List.of()).toBytes();
    assertThat(new String(written, UTF_8)).isEqualTo("""
        {
            "format": 1,
            "options": {
                "a": "1",
                "b": "2",
                "c": "3"
            },
            "none": [
            ]
        }
        """);
  }

  @Test
  void anUnknownFieldOfTheSameFormatIsIgnored() throws IOException {
    assertThat(record("{\"format\": 1, \"id\": \"x\", \"colour\": {\"new\": []}}").text("id")).isEqualTo("x");
  }

  @Test
  void aRecordOfANewerMoorageIsRefused() {
    assertThatThrownBy(() -> record("{\"format\": 2}"))
        .isInstanceOf(NewerRecordException.class)
        .hasMessage("volume.json was written by a newer Moorage (format 2, this one knows up to 1)");
  }

  @Test
  void aMissingOrMistypedFieldIsNamedWithItsFile() throws IOException {
    JsonRecord read = record("{\"format\": 1, \"n\": 1.5, \"t\": 7, \"l\": [1], \"m\": {\"k\": 1}, \"o\": {\"x\": 1}, \"z\": null}");
    assertThatThrownBy(() -> read.text("id")).hasMessage("volume.json: field 'id' is missing");
    assertThatThrownBy(() -> read.text("t")).hasMessage("volume.json: field 't' must be text");
    assertThatThrownBy(() -> read.text("z")).hasMessage("volume.json: field 'z' must be text");
    assertThatThrownBy(() -> read.number("n")).hasMessageContaining("field 'n' must be a whole number");
    assertThatThrownBy(() -> read.flag("t")).hasMessage("volume.json: field 't' must be true or false");
    assertThatThrownBy(() -> read.texts("l")).hasMessage("volume.json: field 'l' must be a list of texts");
    assertThatThrownBy(() -> read.map("m")).hasMessage("volume.json: field 'm.k' must be text");
    assertThatThrownBy(() -> read.objects("l")).hasMessage("volume.json: field 'l' must be a list of objects");
    assertThatThrownBy(() -> read.object("o").text("x")).hasMessage("volume.json o: field 'x' must be text");
  }

  @Test
  void aValueThatItsParserRefusesIsAMalformedRecord() throws IOException {
    JsonRecord read = record("{\"format\": 1, \"id\": \"nope\", \"at\": \"yesterday\"}");
    assertThatThrownBy(() -> read.parsed("id", UUID::fromString))
        .isInstanceOf(MalformedRecordException.class)
        .hasMessageStartingWith("volume.json: field 'id' is wrong: ");
    assertThatThrownBy(() -> read.instant("at")).isInstanceOf(MalformedRecordException.class);
  }

  @Test
  void whatIsNotAnObjectWithAFormatIsRefused() {
    for (String text : List.of("", "{", "[]", "7", "{}", "{\"format\": 0}", "{\"format\": \"1\"}", "{\"format\": 1e400}",
        "{\"format\": 1, \"format\": 1}", "\0\0\0\0")) {
      assertThatThrownBy(() -> record(text)).as(text).isInstanceOf(MalformedRecordException.class);
    }
  }

  @Test
  void anAbsentFileIsToldApart() {
    assertThatThrownBy(() -> JsonRecord.read(directory.resolve("none.json"), 1)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void aFileOfAbsurdSizeIsRefusedUnread() throws IOException {
    Path file = Files.createFile(directory.resolve("huge.json"));
    try (var channel = java.nio.channels.FileChannel.open(file, java.nio.file.StandardOpenOption.WRITE)) {
      channel.write(java.nio.ByteBuffer.wrap(new byte[] {'}'}), 1L << 30);
    }
    assertThatThrownBy(() -> JsonRecord.read(file, 1)).isInstanceOf(MalformedRecordException.class);
  }
}
