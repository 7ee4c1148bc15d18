package dev.moorage.e2e;

import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStores;
import dev.moorage.objectstore.StoreLocation;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** Probes the store at an address, with options as NAME=VALUE, and prints the report or the failure; run with the shipped jars. */
final class ProbeAStore {

  private ProbeAStore() {}

  public static void main(String[] arguments) {
    Map<String, String> options = Arrays.stream(arguments).skip(1).map(word -> word.split("=", 2))
        .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
    try (ObjectStore store = ObjectStores.installed().open(StoreLocation.of(arguments[0], options))) {
      System.out.println(store.getClass().getClassLoader().getName());
      System.out.println(store.probe().text());
    } catch (ObjectStoreException e) {
      System.out.println(e.getMessage());
    }
  }
}
