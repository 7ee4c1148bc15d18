package dev.moorage.objectstore;

import dev.moorage.objectstore.file.FileStores;
import java.util.Map;
import java.util.TreeMap;

/**
 * The table of which store serves which scheme. {@code file} is always there; those whose clients live in modules of their own are
 * loaded when one is opened and not before. Immutable.
 */
public final class ObjectStores {

  /** Opens the stores of one scheme. */
  @FunctionalInterface
  public interface Factory {
    /**
     * Opens the store at the location.
     *
     * @throws ObjectStoreException.Invalid when the location cannot be one of this scheme
     */
    ObjectStore open(StoreLocation location) throws ObjectStoreException;
  }

  private final Map<String, Factory> factories;

  /** Every store of the product, loaded when it is opened. */
  public static ObjectStores installed() {
    return new ObjectStores(Map.of(
        "s3", new StoreModule("s3", "dev.moorage.objectstore.s3.S3Stores"),
        "gs", new StoreModule("gcs", "dev.moorage.objectstore.gcs.GcsStores"),
        "azure", new StoreModule("azure", "dev.moorage.objectstore.azure.AzureStores")));
  }

  /** {@code others} maps schemes in lower case. */
  public ObjectStores(Map<String, Factory> others) {
    Map<String, Factory> all = new TreeMap<>(others);
    all.put("file", FileStores::open);
    factories = Map.copyOf(all);
  }

  /** Opens the store, bare: what retries, limits and measures it is put around it by the caller. */
  public ObjectStore open(StoreLocation location) throws ObjectStoreException {
    Factory factory = factories.get(location.scheme());
    if (factory == null) {
      throw new ObjectStoreException.Invalid("open " + location, "there is no object store of scheme " + location.scheme(),
          "There are: " + String.join(", ", new TreeMap<>(factories).keySet()), null);
    }
    return factory.open(location);
  }
}
