package dev.moorage.cli;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Iterator;
import java.util.Map;

/** JSON as scripts and people can both read it: two spaces of indent, fields in the order of the service. */
final class JsonText {

  private JsonText() {}

  static String of(JsonValue value) {
    StringBuilder text = new StringBuilder();
    append(text, value, "\n");
    return text.toString();
  }

  private static void append(StringBuilder text, JsonValue value, String newLine) {
    String inner = newLine + "  ";
    if (value instanceof JsonObject object && !object.isEmpty()) {
      Iterator<Map.Entry<String, JsonValue>> fields = object.entrySet().iterator();
      text.append('{');
      while (fields.hasNext()) {
        Map.Entry<String, JsonValue> field = fields.next();
        text.append(inner).append('"').append(field.getKey()).append("\": ");
        append(text, field.getValue(), inner);
        text.append(fields.hasNext() ? "," : newLine);
      }
      text.append('}');
    } else if (value instanceof JsonArray array && !array.isEmpty()) {
      Iterator<JsonValue> values = array.iterator();
      text.append('[');
      while (values.hasNext()) {
        text.append(inner);
        append(text, values.next(), inner);
        text.append(values.hasNext() ? "," : newLine);
      }
      text.append(']');
    } else {
      text.append(value);
    }
  }

  /** A text field, or the fallback when it is null or absent. */
  static String text(JsonObject object, String field, String fallback) {
    return object.get(field) instanceof JsonString string ? string.getString() : fallback;
  }
}
