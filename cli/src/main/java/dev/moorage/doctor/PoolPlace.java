package dev.moorage.doctor;

import dev.moorage.config.PoolConfiguration;
import dev.moorage.volume.BackendKind;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.nio.file.Path;

/**
 * Where a pool is.
 *
 * @param name how findings call it
 * @param images whether it is to hold images, which need more of a filesystem than directories do
 */
record PoolPlace(String name, Path path, boolean images) {

  /** A pool that the running service has, as its admin API describes it. */
  static PoolPlace served(JsonObject pool) {
    boolean images = pool.getJsonArray("backends").getValuesAs(JsonString::getString).contains(BackendKind.IMAGE.word());
    return new PoolPlace("pool " + pool.getString("name"), Path.of(pool.getString("path")), images);
  }

  /** A pool that a service started now would have. */
  static PoolPlace configured(PoolConfiguration pool) {
    return new PoolPlace("pool " + pool.name() + ", as configured", pool.path(), pool.backends().contains(BackendKind.IMAGE));
  }
}
