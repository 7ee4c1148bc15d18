package dev.moorage.objectstore.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.repository.history.SnapshotEntry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** A bucket with object lock: what was stored cannot be destroyed by anybody for a day, whatever is deleted or overwritten. */
class ObjectLockTest extends S3CredentialsContract {

  private static final String BUCKET = "moorage-locked";

  @BeforeAll
  static void makeBucket() {
    root.createBucket(request -> request.bucket(BUCKET).objectLockEnabledForBucket(true));
    root.putObjectLockConfiguration(request -> request.bucket(BUCKET).objectLockConfiguration(lock ->
        lock.objectLockEnabled(ObjectLockEnabled.ENABLED).rule(rule -> rule.defaultRetention(retention ->
            retention.mode(ObjectLockRetentionMode.COMPLIANCE).days(1)))));
  }

  @Override
  String bucket() {
    return BUCKET;
  }

  /** The newer one is locked as well, so the older one is copied over it. */
  @Override
  void bringBack(ObjectVersion overwritten) {
    ObjectVersion older = versions(overwritten.key().substring(prefix.length() + 1)).get(1);
    root.copyObject(request -> request.sourceBucket(BUCKET).sourceKey(older.key()).sourceVersionId(older.versionId())
        .destinationBucket(BUCKET).destinationKey(older.key()));
  }

  @Test
  void whatAThiefOfTheMaintenanceCredentialForgotAndDeletedIsBroughtBack() throws Exception {
    Stored stored = store(node, "kept");
    maintenance.history().forget(stored.entry().seat(), "thief");
    assertThat(collect(maintenance).deleted().packs()).isPositive();
    try (ObjectStore thief = openAsMaintenance()) {
      for (ObjectKey key : keys("packs/")) {
        assertThat(thief.delete(key)).isTrue();
      }
    }
    assertThat(keys("packs/")).isEmpty();
    ObjectVersion pack = versions("packs/").getFirst();
    assertThatThrownBy(() -> root.deleteObject(request -> request.bucket(BUCKET).key(pack.key()).versionId(pack.versionId())))
        .as("for good").isInstanceOf(S3Exception.class).hasMessageContaining("WORM");
    bringBackPacks();
    for (ObjectVersion marker : versions("snaps/").stream().filter(each -> each.key().endsWith(".forgotten")).toList()) {
      root.deleteObject(request -> request.bucket(BUCKET).key(marker.key()));
    }
    assertThat(node.snapshots()).extracting(SnapshotEntry::label).containsExactly("kept@cut");
    assertThat(isSound()).isTrue();
    demandRestores(node, stored);
  }

  /** A deletion only laid a marker upon the object; without the marker it is there again. */
  private void bringBackPacks() {
    for (DeleteMarkerEntry marker : root.listObjectVersions(request -> request.bucket(BUCKET).prefix(prefix + "/packs/")).deleteMarkers()) {
      root.deleteObject(request -> request.bucket(BUCKET).key(marker.key()).versionId(marker.versionId()));
    }
  }
}
