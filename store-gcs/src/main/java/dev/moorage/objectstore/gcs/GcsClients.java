package dev.moorage.objectstore.gcs;

import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpRequestInitializer;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.storage.Storage;
import com.google.api.services.storage.StorageScopes;
import com.google.auth.http.HttpCredentialsAdapter;
import com.google.auth.oauth2.GoogleCredentials;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.StoreLocation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Makes Google's client as the options say. */
final class GcsClients {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private GcsClients() {}

  static Storage open(StoreLocation location, GcsOptions options) throws ObjectStoreException {
    HttpRequestInitializer credentials = options.anonymous() ? request -> {} : new HttpCredentialsAdapter(credentials(location, options));
    Storage.Builder builder = new Storage.Builder(new NetHttpTransport(), GsonFactory.getDefaultInstance(),
        request -> prepare(request, credentials, options)).setApplicationName("moorage");
    options.endpoint().ifPresent(builder::setRootUrl);
    return builder.build();
  }

  private static void prepare(HttpRequest request, HttpRequestInitializer credentials, GcsOptions options) throws IOException {
    credentials.initialize(request);
    request.setConnectTimeout((int) CONNECT_TIMEOUT.toMillis());
    request.setReadTimeout((int) options.timeout().toMillis());
    // Repeated is a request by those above only, who know what a lost answer means; a token that has expired is the one exception.
    request.setNumberOfRetries(1);
    request.setIOExceptionHandler(null);
    request.setLoggingEnabled(false);
    request.setCurlLoggingEnabled(false);
  }

  /** A file that is named, else what Google calls the application's default credentials. */
  private static GoogleCredentials credentials(StoreLocation location, GcsOptions options) throws ObjectStoreException {
    try {
      return (options.credentialsFile().isPresent() ? read(options.credentialsFile().get()) : GoogleCredentials.getApplicationDefault())
          .createScoped(List.of(StorageScopes.DEVSTORAGE_READ_WRITE));
    } catch (IOException e) {
      // Its message is left out: it may quote the file.
      throw new ObjectStoreException.Denied("open " + location, "no usable credentials were found",
          "docs/object-stores.md lists where they come from", null);
    }
  }

  private static GoogleCredentials read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return GoogleCredentials.fromStream(in);
    }
  }
}
