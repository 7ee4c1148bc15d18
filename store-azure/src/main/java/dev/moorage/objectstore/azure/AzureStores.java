package dev.moorage.objectstore.azure;

import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStores;
import dev.moorage.objectstore.StoreLocation;

/** Opens containers of Azure Blob Storage as object stores. Naming this class loads nothing of Microsoft's client. */
public final class AzureStores implements ObjectStores.Factory {

  /** Found by its name in the table of stores. */
  public AzureStores() {}

  /**
   * Opens {@code azure://CONTAINER/PREFIX}; nothing is sent before the first call.
   *
   * @throws ObjectStoreException.Invalid when an option or the address cannot be right
   * @throws ObjectStoreException.Denied when there are no credentials
   */
  @Override
  public ObjectStore open(StoreLocation location) throws ObjectStoreException {
    AzureOptions options = AzureOptions.of(location);
    return new AzureObjectStore(AzureClients.open(location, options), options, location.toString());
  }
}
