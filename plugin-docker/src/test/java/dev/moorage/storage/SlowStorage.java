package dev.moorage.storage;

import dev.moorage.backend.Backends;
import dev.moorage.backend.VolumeBackend;
import dev.moorage.telemetry.Telemetry;
import dev.moorage.volume.VolumeException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;

/** A storage whose backend does not get a volume ready before it is told to. */
public final class SlowStorage {

  public final CountDownLatch waiting = new CountDownLatch(1);
  public final CountDownLatch goOn = new CountDownLatch(1);

  /** Opens it. */
  public Storage open(StorageSettings settings, Telemetry telemetry) throws VolumeException {
    return Storage.open(settings, telemetry, RepositorySource.none(), (kind, pool) -> slow(Backends.open(kind, pool)));
  }

  private VolumeBackend slow(VolumeBackend backend) {
    return (VolumeBackend) Proxy.newProxyInstance(SlowStorage.class.getClassLoader(), new Class<?>[] {VolumeBackend.class},
        (_, method, arguments) -> {
          if (method.getName().equals("attach")) {
            waiting.countDown();
            goOn.await();
          }
          return call(backend, method, arguments);
        });
  }

  private static Object call(VolumeBackend backend, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(backend, arguments);
    } catch (InvocationTargetException e) {
      throw e.getTargetException();
    }
  }
}
