package dev.moorage.cli;

import dev.moorage.client.AdminClient;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.PrintStream;
import java.util.List;

/** Prints results in the form that was asked for. */
final class Results {

  private final PrintStream out;
  private final Output output;

  Results(PrintStream out, Output output) {
    this.out = out;
    this.output = output;
  }

  /** A list of things: a table, a JSON array or names. An empty table says {@code nothing}. */
  void list(List<JsonObject> things, View view, String nothing) {
    switch (output) {
      case json -> out.println(JsonText.of(array(things)));
      case name -> names(things, view);
      case table -> out.print(things.isEmpty() ? nothing + "\n" : table(things, view));
    }
  }

  /** What a change made: a sentence, the thing as a JSON object, or its name. */
  void changed(JsonObject thing, View view, String sentence) {
    switch (output) {
      case json -> out.println(JsonText.of(thing));
      case name -> names(List.of(thing), view);
      case table -> out.println(sentence);
    }
  }

  /** What a change of several things made: one sentence each, a JSON array, or names. */
  void changed(List<JsonObject> things, View view, List<String> sentences) {
    switch (output) {
      case json -> out.println(JsonText.of(array(things)));
      case name -> names(things, view);
      case table -> sentences.forEach(out::println);
    }
  }

  /** Things looked at closely: paragraphs, one JSON object or, when several were asked for, an array, or names. */
  void details(boolean several, List<JsonObject> things, View view, List<String> paragraphs) {
    switch (output) {
      case json -> out.println(JsonText.of(several ? array(things) : things.getFirst()));
      case name -> names(things, view);
      case table -> out.print(String.join("\n", paragraphs));
    }
  }

  private void names(List<JsonObject> things, View view) {
    things.forEach(thing -> out.println(view.name().apply(thing)));
  }

  private static JsonValue array(List<JsonObject> things) {
    JsonArrayBuilder array = AdminClient.json().createArrayBuilder();
    things.forEach(array::add);
    return array.build();
  }

  private static String table(List<JsonObject> things, View view) {
    Table table = new Table(view.columns().stream().map(View.Column::title).toList());
    for (JsonObject thing : things) {
      table.row(view.columns().stream().map(column -> column.cell().apply(thing)).toList());
    }
    return table.toString();
  }
}
