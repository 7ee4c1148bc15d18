package dev.moorage.objectstore.azure;

import com.azure.core.credential.AzureSasCredential;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.common.StorageSharedKeyCredential;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.StoreLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;

/** Makes Microsoft's client as the options say. */
final class AzureClients {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final String SEE = "docs/object-stores.md lists where credentials come from";

  private AzureClients() {}

  static BlobContainerClient open(StoreLocation location, AzureOptions options) throws ObjectStoreException {
    BlobContainerClientBuilder builder = new BlobContainerClientBuilder()
        .containerName(options.container())
        .httpClient(new JdkHttpClientBuilder().connectionTimeout(CONNECT_TIMEOUT).readTimeout(options.timeout()).build())
        // One attempt: the client's own retries would repeat a conditional write whose answer was lost, and report our own object as
        // another's.
        .retryOptions(new RequestRetryOptions(RetryPolicyType.FIXED, 1, options.timeout(), null, null, null));
    options.endpoint().ifPresent(builder::endpoint);
    try {
      return authorized(location, options, builder, System.getenv()).buildClient();
    } catch (IllegalArgumentException | IllegalStateException | NullPointerException e) {
      // The client's message may quote what it could not read, so it is left out.
      throw new ObjectStoreException.Invalid("open " + location, "the credentials or the endpoint cannot be used", SEE, null);
    }
  }

  /** A file that is named, else the variables that Microsoft's own tools read: connection string, key, signature. */
  private static BlobContainerClientBuilder authorized(
      StoreLocation location, AzureOptions options, BlobContainerClientBuilder builder, Map<String, String> environment)
      throws ObjectStoreException {
    if (options.credentialsFile().isPresent()) {
      return builder.connectionString(line(location, options));
    }
    String connection = environment.getOrDefault("AZURE_STORAGE_CONNECTION_STRING", "");
    if (!connection.isEmpty()) {
      return builder.connectionString(connection);
    }
    String account = environment.getOrDefault("AZURE_STORAGE_ACCOUNT", "");
    if (options.endpoint().isEmpty() && !account.isEmpty()) {
      builder.endpoint("https://" + account + ".blob.core.windows.net");
    }
    String key = environment.getOrDefault("AZURE_STORAGE_KEY", "");
    if (!key.isEmpty() && !account.isEmpty()) {
      return builder.credential(new StorageSharedKeyCredential(account, key));
    }
    String signature = environment.getOrDefault("AZURE_STORAGE_SAS_TOKEN", "");
    if (!signature.isEmpty()) {
      return builder.credential(new AzureSasCredential(signature));
    }
    throw new ObjectStoreException.Denied("open " + location, "there are no credentials in a file or in the environment", SEE, null);
  }

  private static String line(StoreLocation location, AzureOptions options) throws ObjectStoreException {
    try {
      return Files.readString(options.credentialsFile().orElseThrow()).strip();
    } catch (IOException e) {
      throw location.invalidOption("credentials-file", "names no file that can be read");
    }
  }
}
