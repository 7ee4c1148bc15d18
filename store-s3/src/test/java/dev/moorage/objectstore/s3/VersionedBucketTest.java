package dev.moorage.objectstore.s3;

import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ObjectVersion;

/** A bucket that keeps older versions until somebody deletes them, which neither credential may. */
class VersionedBucketTest extends S3CredentialsContract {

  private static final String BUCKET = "moorage-versioned";

  @BeforeAll
  static void makeBucket() {
    root.createBucket(request -> request.bucket(BUCKET));
    root.putBucketVersioning(request -> request.bucket(BUCKET).versioningConfiguration(versions ->
        versions.status(BucketVersioningStatus.ENABLED)));
  }

  @Override
  String bucket() {
    return BUCKET;
  }

  @Override
  void bringBack(ObjectVersion overwritten) {
    root.deleteObject(request -> request.bucket(BUCKET).key(overwritten.key()).versionId(overwritten.versionId()));
  }
}
