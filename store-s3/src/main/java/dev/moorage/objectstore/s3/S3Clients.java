package dev.moorage.objectstore.s3;

import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.StoreLocation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Makes Amazon's client as the options say. */
final class S3Clients {

  private static final String KEPT_CONNECTIONS = "http.maxConnections";
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private S3Clients() {}

  static S3Client open(StoreLocation location, S3Options options) throws ObjectStoreException {
    keepConnections();
    UrlConnectionHttpClient.Builder http = UrlConnectionHttpClient.builder()
        .connectionTimeout(CONNECT_TIMEOUT)
        .socketTimeout(options.timeout());
    if (options.caFile().isPresent()) {
      TrustManager[] trusted = trusting(location, options.caFile().get());
      http.tlsTrustManagersProvider(() -> trusted);
    }
    try {
      S3ClientBuilder builder = S3Client.builder()
          .httpClient(new AbortingHttpClient(http.build()))
          .credentialsProvider(credentials(options))
          .forcePathStyle(options.pathStyle())
          // Bodies in signed chunks, for which the client makes a new array every 128 KiB, are not what every server knows.
          .serviceConfiguration(s3 -> s3.chunkedEncodingEnabled(false))
          // The client's own retries would repeat a conditional write whose answer was lost, and report our own object as another's.
          .overrideConfiguration(override -> override.retryStrategy(AwsRetryStrategy.doNotRetry()))
          // What is stored is authenticated by those above; what is sent carries the checksum that the content came with.
          .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
          .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
      options.knownRegion().ifPresent(region -> builder.region(Region.of(region)));
      options.endpoint().ifPresent(builder::endpointOverride);
      return builder.build();
    } catch (SdkClientException e) {
      throw new ObjectStoreException.Invalid("open " + location, "the client cannot be made: " + e.getMessage(),
          "Name the bucket's region by the option region", e);
    }
  }

  /** The JDK keeps five idle connections to a host, unless it is told otherwise before its first request: fewer than we have at work. */
  private static void keepConnections() {
    if (System.getProperty(KEPT_CONNECTIONS) == null) {
      System.setProperty(KEPT_CONNECTIONS, "64");
    }
  }

  /**
   * Looks, in this order, at the environment, a web identity's token file, the profile in the credentials and configuration files, and
   * the container's or machine's own service.
   */
  private static AwsCredentialsProvider credentials(S3Options options) {
    DefaultCredentialsProvider.Builder builder = DefaultCredentialsProvider.builder();
    options.profile().ifPresent(builder::profileName);
    options.credentialsFile().ifPresent(file ->
        builder.profileFile(() -> ProfileFile.builder().content(file).type(ProfileFile.Type.CREDENTIALS).build()));
    return builder.build();
  }

  private static TrustManager[] trusting(StoreLocation location, Path caFile) throws ObjectStoreException.Invalid {
    try (InputStream in = Files.newInputStream(caFile)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("ca-" + number++, each);
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return factory.getTrustManagers();
    } catch (IOException | GeneralSecurityException e) {
      throw location.invalidOption("ca-file", "names no readable certificates in PEM (" + e.getMessage() + ")");
    }
  }
}
