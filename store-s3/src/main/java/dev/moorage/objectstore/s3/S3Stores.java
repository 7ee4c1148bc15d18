package dev.moorage.objectstore.s3;

import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStores;
import dev.moorage.objectstore.Pace;
import dev.moorage.objectstore.StoreLocation;

/** Opens buckets of S3 as object stores. Naming this class loads nothing of Amazon's client. */
public final class S3Stores implements ObjectStores.Factory {

  /** Found by its name in the table of stores. */
  public S3Stores() {}

  /**
   * Opens {@code s3://BUCKET/PREFIX}; nothing is sent before the first call.
   *
   * @throws ObjectStoreException.Invalid when an option or the address cannot be right
   */
  @Override
  public ObjectStore open(StoreLocation location) throws ObjectStoreException {
    S3Options options = S3Options.of(location);
    return new S3ObjectStore(S3Clients.open(location, options), options, location.toString(), Pace.real());
  }
}
