package dev.moorage.objectstore.gcs;

import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStores;
import dev.moorage.objectstore.StoreLocation;

/** Opens buckets of Google Cloud Storage as object stores. Naming this class loads nothing of Google's client. */
public final class GcsStores implements ObjectStores.Factory {

  /** Found by its name in the table of stores. */
  public GcsStores() {}

  /**
   * Opens {@code gs://BUCKET/PREFIX}; nothing is sent before the first call.
   *
   * @throws ObjectStoreException.Invalid when an option or the address cannot be right
   */
  @Override
  public ObjectStore open(StoreLocation location) throws ObjectStoreException {
    GcsOptions options = GcsOptions.of(location);
    return new GcsObjectStore(GcsClients.open(location, options), options, location.toString());
  }
}
