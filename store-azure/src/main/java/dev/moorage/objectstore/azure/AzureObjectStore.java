package dev.moorage.objectstore.azure;

import com.azure.core.http.rest.PagedResponse;
import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.AccessTier;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobProperties;
import com.azure.storage.blob.models.BlobRange;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.azure.storage.blob.options.BlobInputStreamOptions;
import com.azure.storage.blob.options.BlockBlobSimpleUploadOptions;
import com.azure.storage.blob.specialized.BlobInputStream;
import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.ExactStream;
import dev.moorage.objectstore.KeyPrefix;
import dev.moorage.objectstore.Listing;
import dev.moorage.objectstore.ObjectHead;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.objectstore.Version;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Objects of one container below one prefix. An object's version is its entity tag; creating is {@code If-None-Match: *}, replacing is
 * {@code If-Match}. The service lists from a token of its own and not from a name, so the tokens of the newest pages are kept.
 */
final class AzureObjectStore implements ObjectStore {

  /** How much of an object one request of a stream asks for. */
  private static final int BLOCK_BYTES = 4 << 20;

  private final BlobContainerClient container;
  private final AzureOptions options;
  private final KeyPrefix prefix;
  private final String name;
  private final PageTokens tokens = new PageTokens();

  AzureObjectStore(BlobContainerClient container, AzureOptions options, String name) {
    this.container = container;
    this.options = options;
    this.prefix = options.prefix();
    this.name = name;
  }

  @Override
  public Optional<Version> putIfAbsent(ObjectKey key, Content content) throws ObjectStoreException {
    return put(action("create", key), key, new BlobRequestConditions().setIfNoneMatch("*"), content);
  }

  @Override
  public Optional<Version> replaceIfMatch(ObjectKey key, Version expected, Content content) throws ObjectStoreException {
    return put(action("replace", key), key, new BlobRequestConditions().setIfMatch(expected.value()), content);
  }

  /** Empty when the condition did not hold. */
  private Optional<Version> put(String action, ObjectKey key, BlobRequestConditions conditions, Content content) throws ObjectStoreException {
    try (InputStream in = new VerifiedStream(action, content)) {
      BlockBlobSimpleUploadOptions upload =
          new BlockBlobSimpleUploadOptions(BinaryData.fromStream(in, content.length())).setRequestConditions(conditions);
      options.accessTier().ifPresent(tier -> upload.setTier(AccessTier.fromString(tier)));
      return Optional.of(new Version(blob(key).getBlockBlobClient().uploadWithResponse(upload, null, Context.NONE).getValue().getETag()));
    } catch (IOException | RuntimeException e) {
      if (AzureErrors.isRefusal(e)) {
        return Optional.empty();
      }
      throw AzureErrors.translate(action, e);
    }
  }

  private BlobClient blob(ObjectKey key) {
    return container.getBlobClient(prefix.inBucket(key.value()));
  }

  @Override
  public ObjectStream get(ObjectKey key) throws ObjectStoreException {
    return open(action("read", key), key, 0, -1);
  }

  @Override
  public ObjectStream getRange(ObjectKey key, long offset, int length) throws ObjectStoreException {
    if (offset < 0 || length <= 0) {
      throw new IllegalArgumentException("a range of " + length + " bytes at " + offset);
    }
    return open(action("read " + length + " bytes at " + offset, key), key, offset, length);
  }

  /** The client reads in blocks, each of the version of the first one. A negative length is the whole object. */
  private ObjectStream open(String action, ObjectKey key, long offset, long wanted) throws ObjectStoreException {
    BlobInputStreamOptions request = new BlobInputStreamOptions().setBlockSize(BLOCK_BYTES);
    if (wanted >= 0) {
      request.setRange(new BlobRange(offset, wanted)).setBlockSize((int) Math.min(BLOCK_BYTES, wanted));
    }
    try {
      BlobInputStream in = blob(key).openInputStream(request);
      BlobProperties properties = in.getProperties();
      if (wanted >= 0 && offset > properties.getBlobSize() - wanted) {
        in.close();
        throw new ObjectStoreException.InvalidRange(action, "it has " + properties.getBlobSize() + " bytes", "", null);
      }
      long length = wanted >= 0 ? wanted : properties.getBlobSize();
      ExactStream exact = new ExactStream(new AnswerStream(in), length, cause -> AzureErrors.translate(action, cause));
      return new ObjectStream(exact, new Version(properties.getETag()), length);
    } catch (RuntimeException e) {
      throw AzureErrors.translate(action, e);
    }
  }

  @Override
  public Optional<ObjectHead> head(ObjectKey key) throws ObjectStoreException {
    try {
      BlobProperties properties = blob(key).getProperties();
      return Optional.of(new ObjectHead(properties.getBlobSize(), new Version(properties.getETag()),
          properties.getLastModified().toInstant()));
    } catch (RuntimeException e) {
      if (AzureErrors.isAbsent(e)) {
        return Optional.empty();
      }
      throw AzureErrors.translate(action("look at", key), e);
    }
  }

  @Override
  public Listing list(String keyPrefix, Optional<String> after, int limit) throws ObjectStoreException {
    if (limit < 1 || limit > LIST_LIMIT_MAX) {
      throw new IllegalArgumentException("a page of " + limit);
    }
    String start = after.orElse("");
    try {
      PageTokens.Place place = new PageTokens.Place(keyPrefix, start);
      ListBlobsOptions request = new ListBlobsOptions().setPrefix(prefix.inBucket(keyPrefix)).setMaxResultsPerPage(limit);
      PagedResponse<BlobItem> page = container.listBlobs(request, tokens.of(place).orElse(null), null).iterableByPage(limit).iterator().next();
      List<Listing.Entry> found = new ArrayList<>();
      String last = start;
      for (BlobItem each : page.getValue()) {
        last = prefix.text(each.getName());
        entry(each).filter(entry -> entry.key().value().compareTo(start) > 0).ifPresent(found::add);
      }
      String token = page.getContinuationToken();
      if (token == null || token.isEmpty()) {
        return new Listing(found, Optional.empty());
      }
      return new Listing(found, Optional.of(remember(keyPrefix, start, last, token)));
    } catch (RuntimeException e) {
      throw AzureErrors.translate("list objects " + keyPrefix + "* of " + this, e);
    }
  }

  /** Where the next page begins: behind what was listed, but never before what was asked for. */
  private String remember(String keyPrefix, String start, String last, String token) {
    String next = last.compareTo(start) > 0 ? last : start;
    tokens.put(new PageTokens.Place(keyPrefix, next), token);
    return next;
  }

  private Optional<Listing.Entry> entry(BlobItem item) {
    return prefix.key(item.getName()).map(key -> new Listing.Entry(key, item.getProperties().getContentLength(),
        item.getProperties().getLastModified().toInstant()));
  }

  @Override
  public boolean delete(ObjectKey key) throws ObjectStoreException {
    try {
      blob(key).delete();
      return true;
    } catch (RuntimeException e) {
      if (AzureErrors.isAbsent(e)) {
        return false;
      }
      throw AzureErrors.translate(action("delete", key), e);
    }
  }

  @Override
  public void close() {
    // The JDK's HTTP client ends with the last reference to it.
  }

  private String action(String verb, ObjectKey key) {
    return verb + " object " + key + " of " + this;
  }

  @Override
  public String toString() {
    return name;
  }
}
