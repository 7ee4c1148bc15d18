package dev.moorage.objectstore;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A store whose client is not on the class path of the product: its jars lie in {@code stores/NAME} beside the product's, and are opened
 * when the first of its stores is. On the class path they would be searched at every start, for each service that anybody looks up. Where
 * there is no such directory (in tests) the class path is used. Safe for use by several threads.
 */
final class StoreModule implements ObjectStores.Factory {

  private final String name;
  private final String factoryClass;
  private ObjectStores.@Nullable Factory factory;

  StoreModule(String name, String factoryClass) {
    this.name = name;
    this.factoryClass = factoryClass;
  }

  @Override
  public ObjectStore open(StoreLocation location) throws ObjectStoreException {
    return factory(location).open(location);
  }

  private synchronized ObjectStores.Factory factory(StoreLocation location) throws ObjectStoreException {
    ObjectStores.Factory loaded = factory;
    if (loaded == null) {
      try {
        loaded = load();
      } catch (ReflectiveOperationException | IOException e) {
        throw new ObjectStoreException.Invalid("open " + location, "the module store-" + name + " is not installed",
            "Install Moorage whole: lib/stores/" + name + " is missing", e);
      }
      factory = loaded;
    }
    return loaded;
  }

  /** The class loader stays open as long as the process: what it loaded is used until then. */
  private ObjectStores.Factory load() throws ReflectiveOperationException, IOException {
    ClassLoader loader = StoreModule.class.getClassLoader();
    Optional<Path> directory = directory();
    if (directory.isPresent()) {
      loader = new URLClassLoader("store-" + name, urls(directory.get()), loader);
    }
    return Class.forName(factoryClass, true, loader).asSubclass(ObjectStores.Factory.class).getConstructor().newInstance();
  }

  /**
   * Beside the jar that was started. What the class itself says of its origin is no use: with an ahead-of-time cache that is the place where
   * the cache was made, which is another one in an image, or after an installation.
   */
  private Optional<Path> directory() {
    String started = System.getProperty("java.class.path", "").split(File.pathSeparator, 2)[0];
    Path stores = Path.of(started).toAbsolutePath().resolveSibling("stores").resolve(name);
    return Files.isDirectory(stores) ? Optional.of(stores) : Optional.empty();
  }

  private static URL[] urls(Path directory) throws IOException {
    List<URL> urls = new ArrayList<>();
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(directory, "*.jar")) {
      for (Path jar : jars) {
        urls.add(url(jar));
      }
    }
    return urls.toArray(URL[]::new);
  }

  private static URL url(Path jar) throws MalformedURLException {
    return jar.toUri().toURL();
  }
}
