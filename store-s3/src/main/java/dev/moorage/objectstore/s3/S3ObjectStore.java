package dev.moorage.objectstore.s3;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.ExactStream;
import dev.moorage.objectstore.KeyPrefix;
import dev.moorage.objectstore.Listing;
import dev.moorage.objectstore.ObjectHead;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.objectstore.Pace;
import dev.moorage.objectstore.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Objects of one bucket below one prefix. An object's version is its entity tag; creating is {@code If-None-Match: *}, replacing is
 * {@code If-Match}. One request per call and no retries, but for a conditional write that met another one under way (409), which the
 * service did not carry out.
 */
final class S3ObjectStore implements ObjectStore {

  private static final String BINARY = "application/octet-stream";
  private static final int CONFLICTS_MAX = 8;
  private static final Duration CONFLICT_PAUSE = Duration.ofMillis(25);

  private final S3Client client;
  private final S3Options options;
  private final KeyPrefix prefix;
  private final String name;
  private final Pace pace;

  S3ObjectStore(S3Client client, S3Options options, String name, Pace pace) {
    this.client = client;
    this.options = options;
    this.prefix = options.prefix();
    this.name = name;
    this.pace = pace;
  }

  @Override
  public Optional<Version> putIfAbsent(ObjectKey key, Content content) throws ObjectStoreException {
    String action = action("create", key);
    if (!options.conditions()) {
      return head(key).isPresent() ? Optional.empty() : put(action, put(key, content).build(), content);
    }
    return put(action, put(key, content).ifNoneMatch("*").build(), content);
  }

  @Override
  public Optional<Version> replaceIfMatch(ObjectKey key, Version expected, Content content) throws ObjectStoreException {
    String action = action("replace", key);
    if (!options.conditions()) {
      boolean matches = head(key).filter(head -> head.version().equals(expected)).isPresent();
      return matches ? put(action, put(key, content).build(), content) : Optional.empty();
    }
    return put(action, put(key, content).ifMatch(expected.value()).build(), content);
  }

  private PutObjectRequest.Builder put(ObjectKey key, Content content) {
    PutObjectRequest.Builder request = PutObjectRequest.builder().bucket(options.bucket()).key(prefix.inBucket(key.value()));
    options.storageClass().ifPresent(request::storageClass);
    if (options.checksums()) {
      byte[] crc = ByteBuffer.allocate(Integer.BYTES).putInt(content.crc32c()).array();
      request.checksumCRC32C(Base64.getEncoder().encodeToString(crc));
    }
    return request;
  }

  /** Empty when a condition did not hold. */
  private Optional<Version> put(String action, PutObjectRequest request, Content content) throws ObjectStoreException {
    boolean conditional = request.ifNoneMatch() != null || request.ifMatch() != null;
    for (int attempt = 1; ; attempt++) {
      try {
        RequestBody body = RequestBody.fromContentProvider(() -> new BodyStream(open(content), content.length()), content.length(), BINARY);
        return Optional.of(new Version(client.putObject(request, body).eTag()));
      } catch (SdkException e) {
        switch (S3Errors.refusal(e, conditional)) {
          case CONDITION -> {
            return Optional.empty();
          }
          case CONFLICT -> pauseOrGiveUp(action, attempt, e);
          case NONE -> throw S3Errors.translate(action, e, conditional);
        }
      } catch (RuntimeException e) {
        // While the request is signed, for which the content is read before anything is sent.
        throw S3Errors.unreadable(action, e);
      }
    }
  }

  private static InputStream open(Content content) {
    try {
      return content.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void pauseOrGiveUp(String action, int attempt, SdkException conflict) throws ObjectStoreException {
    if (attempt == CONFLICTS_MAX) {
      throw S3Errors.conflict(action, conflict);
    }
    try {
      pace.pause(CONFLICT_PAUSE.multipliedBy(attempt));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ObjectStoreException.Interrupted(action, e);
    }
  }

  @Override
  public ObjectStream get(ObjectKey key) throws ObjectStoreException {
    String action = action("read", key);
    ResponseInputStream<GetObjectResponse> in = send(action, request(key).build());
    return stream(action, in, in.response().contentLength());
  }

  @Override
  public ObjectStream getRange(ObjectKey key, long offset, int length) throws ObjectStoreException {
    if (offset < 0 || length <= 0) {
      throw new IllegalArgumentException("a range of " + length + " bytes at " + offset);
    }
    String action = action("read " + length + " bytes at " + offset, key);
    ResponseInputStream<GetObjectResponse> in = send(action, request(key).range("bytes=" + offset + "-" + (offset + length - 1)).build());
    String range = in.response().contentRange();
    if (range == null || !range.startsWith("bytes " + offset + "-")) {
      in.abort();
      throw new ObjectStoreException.Corrupt(action, "the store sent another range than the one asked for", "", null);
    }
    if (in.response().contentLength() != length) {
      in.abort();
      throw new ObjectStoreException.InvalidRange(action, "the object ends within it (" + range + ")", "", null);
    }
    return stream(action, in, length);
  }

  private GetObjectRequest.Builder request(ObjectKey key) {
    return GetObjectRequest.builder().bucket(options.bucket()).key(prefix.inBucket(key.value()));
  }

  private ResponseInputStream<GetObjectResponse> send(String action, GetObjectRequest request) throws ObjectStoreException {
    try {
      return client.getObject(request);
    } catch (SdkException e) {
      throw S3Errors.translate(action, e, false);
    }
  }

  private static ObjectStream stream(String action, ResponseInputStream<GetObjectResponse> in, long length) {
    ExactStream exact = new ExactStream(new AnswerStream(in, length), length, cause -> S3Errors.brokenOff(action, cause));
    return new ObjectStream(exact, new Version(in.response().eTag()), length);
  }

  @Override
  public Optional<ObjectHead> head(ObjectKey key) throws ObjectStoreException {
    String action = action("look at", key);
    try {
      HeadObjectResponse head = client.headObject(request -> request.bucket(options.bucket()).key(prefix.inBucket(key.value())));
      return Optional.of(new ObjectHead(head.contentLength(), new Version(head.eTag()), head.lastModified()));
    } catch (SdkException e) {
      if (S3Errors.isAbsent(e)) {
        return Optional.empty();
      }
      throw S3Errors.translate(action, e, false);
    }
  }

  @Override
  public Listing list(String keyPrefix, Optional<String> after, int limit) throws ObjectStoreException {
    if (limit < 1 || limit > LIST_LIMIT_MAX) {
      throw new IllegalArgumentException("a page of " + limit);
    }
    ListObjectsV2Response page;
    try {
      page = client.listObjectsV2(request -> {
        request.bucket(options.bucket()).prefix(prefix.inBucket(keyPrefix)).maxKeys(limit);
        after.filter(text -> !text.isEmpty()).ifPresent(text -> request.startAfter(prefix.inBucket(text)));
      });
    } catch (SdkException e) {
      throw S3Errors.translate("list objects " + keyPrefix + "* of " + this, e, false);
    }
    List<Listing.Entry> found = new ArrayList<>();
    for (S3Object each : page.contents()) {
      prefix.key(each.key()).ifPresent(key -> found.add(new Listing.Entry(key, each.size(), each.lastModified())));
    }
    boolean more = Boolean.TRUE.equals(page.isTruncated()) && !page.contents().isEmpty();
    return new Listing(found, more ? Optional.of(prefix.text(page.contents().getLast().key())) : Optional.empty());
  }

  /** S3 does not tell whether there was something. */
  @Override
  public boolean delete(ObjectKey key) throws ObjectStoreException {
    try {
      client.deleteObject(request -> request.bucket(options.bucket()).key(prefix.inBucket(key.value())));
      return true;
    } catch (SdkException e) {
      if (S3Errors.isAbsent(e)) {
        return false;
      }
      throw S3Errors.translate(action("delete", key), e, false);
    }
  }

  @Override
  public void close() {
    client.close();
  }

  private String action(String verb, ObjectKey key) {
    return verb + " object " + key + " of " + this;
  }

  @Override
  public String toString() {
    return name;
  }
}
