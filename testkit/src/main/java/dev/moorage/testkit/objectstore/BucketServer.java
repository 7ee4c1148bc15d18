package dev.moorage.testkit.objectstore;

import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.StoreLocation;
import java.io.IOException;
import java.nio.file.Path;

/** A real object store of another maker, with one empty bucket, that can be killed and started again. For one thread. */
public interface BucketServer extends AutoCloseable {

  /** Where tests of one machine find a server. */
  String LOOPBACK = "127.0.0.1";

  /** The process. */
  StoreServer server();

  /** A part of its bucket; credentials are in a file that the options name. */
  StoreLocation location(String prefix) throws ObjectStoreException.Invalid;

  @Override
  void close();

  /** Whose server. */
  enum Kind {
    VERSITYGW,
    MINIO,
    /** fake-gcs-server, which speaks the language of Google Cloud Storage. */
    GCS,
    /** Azurite, which speaks that of Azure Blob Storage. */
    AZURE;

    /** Starts one whose data lie in the directory and that listens at this address of the machine. */
    public BucketServer start(Path directory, String address) throws IOException {
      return switch (this) {
        case VERSITYGW -> S3Server.start(S3Server.Kind.VERSITYGW, directory, address);
        case MINIO -> S3Server.start(S3Server.Kind.MINIO, directory, address);
        case GCS -> GcsServer.start(directory, address);
        case AZURE -> AzureServer.start(directory, address);
      };
    }
  }
}
