package dev.moorage.objectstore.gcs;

import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.InputStreamContent;
import com.google.api.services.storage.Storage;
import com.google.api.services.storage.model.Objects;
import com.google.api.services.storage.model.StorageObject;
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
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Objects of one bucket below one prefix. An object's version is its generation; creating expects generation 0, replacing the one that
 * is known. One request per call and no retries.
 */
final class GcsObjectStore implements ObjectStore {

  private static final String BINARY = "application/octet-stream";
  private static final long ABSENT = 0;

  private final Storage client;
  private final GcsOptions options;
  private final KeyPrefix prefix;
  private final String name;

  GcsObjectStore(Storage client, GcsOptions options, String name) {
    this.client = client;
    this.options = options;
    this.prefix = options.prefix();
    this.name = name;
  }

  @Override
  public Optional<Version> putIfAbsent(ObjectKey key, Content content) throws ObjectStoreException {
    return put(action("create", key), key, ABSENT, content);
  }

  @Override
  public Optional<Version> replaceIfMatch(ObjectKey key, Version expected, Content content) throws ObjectStoreException {
    return put(action("replace", key), key, Long.parseLong(expected.value()), content);
  }

  /** Empty when the object is not of that generation. */
  private Optional<Version> put(String action, ObjectKey key, long generation, Content content) throws ObjectStoreException {
    StorageObject object = new StorageObject().setName(prefix.inBucket(key.value())).setCrc32c(
        Base64.getEncoder().encodeToString(ByteBuffer.allocate(Integer.BYTES).putInt(content.crc32c()).array()));
    options.storageClass().ifPresent(object::setStorageClass);
    try (InputStream in = content.open()) {
      InputStreamContent body = new InputStreamContent(BINARY, in).setLength(content.length());
      Storage.Objects.Insert insert = client.objects().insert(options.bucket(), object, body);
      insert.setIfGenerationMatch(generation).setFields("generation,size");
      // One request, not a session of several.
      insert.getMediaHttpUploader().setDirectUploadEnabled(true);
      insert.setDisableGZipContent(true);
      return Optional.of(new Version(insert.execute().getGeneration().toString()));
    } catch (IOException e) {
      if (GcsErrors.isRefusal(e)) {
        return Optional.empty();
      }
      throw GcsErrors.translate(action, e);
    }
  }

  @Override
  public ObjectStream get(ObjectKey key) throws ObjectStoreException {
    String action = action("read", key);
    return send(action, key, Optional.empty(), -1);
  }

  @Override
  public ObjectStream getRange(ObjectKey key, long offset, int length) throws ObjectStoreException {
    if (offset < 0 || length <= 0) {
      throw new IllegalArgumentException("a range of " + length + " bytes at " + offset);
    }
    String action = action("read " + length + " bytes at " + offset, key);
    return send(action, key, Optional.of("bytes=" + offset + "-" + (offset + length - 1)), length);
  }

  private ObjectStream send(String action, ObjectKey key, Optional<String> range, long wanted) throws ObjectStoreException {
    try {
      Storage.Objects.Get get = client.objects().get(options.bucket(), prefix.inBucket(key.value()));
      get.setReturnRawInputStream(true);
      get.getRequestHeaders().setAcceptEncoding("identity");
      range.ifPresent(get.getRequestHeaders()::setRange);
      HttpResponse answer = get.executeMedia();
      return stream(action, answer, wanted);
    } catch (IOException e) {
      throw GcsErrors.translate(action, e);
    }
  }

  private static ObjectStream stream(String action, HttpResponse answer, long wanted) throws IOException {
    Long length = answer.getHeaders().getContentLength();
    String generation = answer.getHeaders().getFirstHeaderStringValue("x-goog-generation");
    boolean partial = answer.getStatusCode() == 206;
    if (length == null || generation == null || partial != (wanted >= 0)) {
      answer.disconnect();
      throw new ObjectStoreException.Corrupt(action, "the store sent something else than what was asked for", "", null);
    }
    if (partial && length != wanted) {
      answer.disconnect();
      throw new ObjectStoreException.InvalidRange(action, "the object ends within it", "", null);
    }
    InputStream body = new Body(answer);
    ExactStream exact = new ExactStream(body, length, cause -> GcsErrors.brokenOff(action, cause));
    return new ObjectStream(exact, new Version(generation), length);
  }

  /** The body of an answer; closing it gives the connection up. */
  private static final class Body extends FilterInputStream {

    private final HttpResponse answer;

    Body(HttpResponse answer) throws IOException {
      super(content(answer));
      this.answer = answer;
    }

    private static InputStream content(HttpResponse answer) throws IOException {
      InputStream content = answer.getContent();
      return content == null ? InputStream.nullInputStream() : content;
    }

    @Override
    public void close() throws IOException {
      super.close();
      answer.disconnect();
    }
  }

  @Override
  public Optional<ObjectHead> head(ObjectKey key) throws ObjectStoreException {
    try {
      StorageObject object = client.objects().get(options.bucket(), prefix.inBucket(key.value()))
          .setFields("size,generation,updated").execute();
      return Optional.of(new ObjectHead(object.getSize().longValueExact(), new Version(object.getGeneration().toString()), updated(object)));
    } catch (IOException e) {
      if (GcsErrors.isAbsent(e)) {
        return Optional.empty();
      }
      throw GcsErrors.translate(action("look at", key), e);
    }
  }

  private static Instant updated(StorageObject object) {
    return Instant.ofEpochMilli(object.getUpdated().getValue());
  }

  @Override
  public Listing list(String keyPrefix, Optional<String> after, int limit) throws ObjectStoreException {
    if (limit < 1 || limit > LIST_LIMIT_MAX) {
      throw new IllegalArgumentException("a page of " + limit);
    }
    try {
      Storage.Objects.List list = client.objects().list(options.bucket()).setPrefix(prefix.inBucket(keyPrefix))
          .setMaxResults((long) limit).setFields("items(name,size,updated),nextPageToken");
      // The service begins with the name itself; no name lies between a text and the same text with the least character behind it.
      after.filter(text -> !text.isEmpty()).ifPresent(text -> list.setStartOffset(prefix.inBucket(text) + '\u0001'));
      return page(list.execute());
    } catch (IOException e) {
      throw GcsErrors.translate("list objects " + keyPrefix + "* of " + this, e);
    }
  }

  private Listing page(Objects page) {
    List<StorageObject> items = page.getItems() == null ? List.of() : page.getItems();
    List<Listing.Entry> found = new ArrayList<>();
    for (StorageObject each : items) {
      prefix.key(each.getName()).ifPresent(key -> found.add(new Listing.Entry(key, each.getSize().longValueExact(), updated(each))));
    }
    boolean more = page.getNextPageToken() != null && !items.isEmpty();
    return new Listing(found, more ? Optional.of(prefix.text(items.getLast().getName())) : Optional.empty());
  }

  @Override
  public boolean delete(ObjectKey key) throws ObjectStoreException {
    try {
      client.objects().delete(options.bucket(), prefix.inBucket(key.value())).execute();
      return true;
    } catch (IOException e) {
      if (GcsErrors.isAbsent(e)) {
        return false;
      }
      throw GcsErrors.translate(action("delete", key), e);
    }
  }

  @Override
  public void close() {
    // The client holds idle connections of the JDK only, which end by themselves.
  }

  private String action(String verb, ObjectKey key) {
    return verb + " object " + key + " of " + this;
  }

  @Override
  public String toString() {
    return name;
  }
}
