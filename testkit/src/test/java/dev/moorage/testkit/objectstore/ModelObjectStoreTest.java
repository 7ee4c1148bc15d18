package dev.moorage.testkit.objectstore;

import dev.moorage.objectstore.ObjectStore;

class ModelObjectStoreTest extends ObjectStoreContract {

  private final ModelObjectStore model = new ModelObjectStore();

  @Override
  protected ObjectStore open() {
    return model;
  }
}
