package dev.moorage.serve;

import dev.moorage.objectstore.ObjectStores;
import dev.moorage.objectstore.s3.S3Stores;
import java.util.Map;

/** The object stores of the product. The stores' own classes are linked when one is opened: until then they cost nothing. */
public final class Stores {

  private Stores() {}

  /** Which store serves which scheme. */
  public static ObjectStores all() {
    // Not a method reference: that would link the class as soon as this line runs.
    return new ObjectStores(Map.of("s3", location -> S3Stores.open(location)));
  }
}
