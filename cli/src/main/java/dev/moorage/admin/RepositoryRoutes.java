package dev.moorage.admin;

import dev.moorage.repository.RepositoryHeader;
import dev.moorage.repository.gc.CollectionProgress;
import dev.moorage.repository.key.SlotKind;
import dev.moorage.storage.CreateRepository;
import dev.moorage.storage.ForgetPlan;
import dev.moorage.storage.RemoteName;
import dev.moorage.storage.Repositories;
import dev.moorage.storage.RepositoryRun;
import dev.moorage.storage.RepositorySettings;
import dev.moorage.storage.RotateKeys;
import dev.moorage.storage.SecretFile;
import dev.moorage.storage.SnapshotRef;
import dev.moorage.storage.Storage;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.DedupScope;
import dev.moorage.volume.RepositoryName;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.NotFound;
import dev.moorage.volume.VolumeException.Unavailable;
import jakarta.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Routes below {@code /v1/repositories}. A recovery key is the only secret that ever passes here, and is never logged. */
final class RepositoryRoutes {

  private static final int LABEL_CHARS_MAX = 200;
  private static final long WAIT_SECONDS_MAX = 60;

  private RepositoryRoutes() {}

  static void addTo(Routes routes) {
    routes.add("GET repositories", RepositoryRoutes::list);
    routes.add("POST repositories", RepositoryRoutes::create);
    routes.add("POST repositories:add", RepositoryRoutes::add);
    routes.add("GET repositories/*", RepositoryRoutes::inspect);
    routes.add("DELETE repositories/*", RepositoryRoutes::remove);
    routes.add("GET repositories/*:contents", RepositoryRoutes::contents);
    routes.add("POST repositories/*:confirm-key", RepositoryRoutes::confirmKey);
    routes.add("GET repositories/*:keys", RepositoryRoutes::keys);
    routes.add("POST repositories/*:add-key", RepositoryRoutes::addKey);
    routes.add("POST repositories/*:remove-key", RepositoryRoutes::removeKey);
    routes.add("POST repositories/*:rotate-keys", RepositoryRoutes::rotateKeys);
    routes.add("GET repositories/*:snapshots", RepositoryRoutes::snapshots);
    routes.add("POST repositories/*:forget", RepositoryRoutes::forget);
    routes.add("POST repositories/*:plan-forget", RepositoryRoutes::planForget);
    routes.add("GET repositories/*:usage", RepositoryRoutes::usage);
    routes.add("POST repositories/*:gc", RepositoryRoutes::collect);
    routes.add("GET repositories/*:gc", RepositoryRoutes::collection);
  }

  private static AdminAnswer list(Storage storage, AdminRequest request, String none) throws VolumeException {
    return AdminAnswer.of(Json.only("repositories", Json.array(storage.repositories().list(), RepositoryJson::repository)));
  }

  private static RepositoryName name(String action, String text) throws InvalidArgument {
    return Words.read(action, text, RepositoryName::new);
  }

  private static AdminAnswer inspect(Storage storage, AdminRequest request, String name) throws VolumeException {
    RepositoryName repository = name("inspect repository " + Words.shown(name, 128), name);
    return AdminAnswer.of(Json.only("repository", RepositoryJson.repository(storage.repositories().status(repository))));
  }

  private static AdminAnswer contents(Storage storage, AdminRequest request, String name) throws VolumeException {
    RepositoryName repository = name("inspect repository " + Words.shown(name, 128), name);
    return AdminAnswer.of(Json.only("contents", RepositoryJson.contents(storage.repositories().contents(repository))));
  }

  private static AdminAnswer create(Storage storage, AdminRequest request, String none) throws VolumeException {
    String action = "create a repository";
    RequestBody body = RequestBody.of(action, request);
    RepositoryName name = body.need("name", RepositoryName::new);
    Optional<Path> generated = body.read("generateKeyFile", Words::absolute);
    Optional<SecretFile> given = secret(action, body);
    int blockBytes = blockBytes(action, body.read("blockSize", ByteSize::parsePositive));
    String label = label(body, "this host's key");
    boolean singleWriter = body.flag("singleWriter");
    if (generated.isPresent() && given.isPresent()) {
      throw new InvalidArgument(action, "a key file is to be made and another secret is given", "Choose one of them");
    }
    SecretFile secret = given.orElseGet(() -> new SecretFile(SlotKind.KEY_FILE,
        generated.orElseGet(() -> storage.repositories().keyFile(name))));
    RepositorySettings settings = settings(body, name, secret);
    body.finish();
    Repositories.Created created = storage.repositories().create(Callers.of(action, request),
        new CreateRepository(settings, given.isEmpty(), blockBytes, label, singleWriter));
    return created(created);
  }

  private static AdminAnswer created(Repositories.Created created) {
    return AdminAnswer.of(Json.object()
        .add("repository", RepositoryJson.repository(created.status()))
        .add("recoveryKey", created.recoveryKey())
        .build());
  }

  private static int blockBytes(String action, Optional<ByteSize> size) throws InvalidArgument {
    long bytes = size.map(ByteSize::bytes).orElse((long) CreateRepository.BLOCK_BYTES);
    if (bytes < RepositoryHeader.BLOCK_BYTES_MIN || bytes > RepositoryHeader.BLOCK_BYTES_MAX || Long.bitCount(bytes) != 1) {
      throw new InvalidArgument(action, "a block has 16K, 32K, 64K, 128K, 256K, 512K or 1M", "");
    }
    return (int) bytes;
  }

  private static AdminAnswer add(Storage storage, AdminRequest request, String none) throws VolumeException {
    String action = "add a repository";
    RequestBody body = RequestBody.of(action, request);
    RepositoryName name = body.need("name", RepositoryName::new);
    Optional<SecretFile> secret = secret(action, body);
    if (secret.isEmpty()) {
      throw new InvalidArgument(action, "nothing is named that unlocks it", "Name a key file or a passphrase file");
    }
    RepositorySettings settings = settings(body, name, secret.get());
    boolean singleWriter = body.flag("singleWriter");
    body.finish();
    return AdminAnswer.of(Json.only("repository",
        RepositoryJson.repository(storage.repositories().add(Callers.of(action, request), settings, singleWriter))));
  }

  private static Optional<SecretFile> secret(String action, RequestBody body) throws InvalidArgument {
    Optional<Path> keyFile = body.read("keyFile", Words::absolute);
    Optional<Path> passphraseFile = body.read("passphraseFile", Words::absolute);
    if (keyFile.isPresent() && passphraseFile.isPresent()) {
      throw new InvalidArgument(action, "a key file and a passphrase file are given", "Choose one of them");
    }
    return keyFile.map(path -> new SecretFile(SlotKind.KEY_FILE, path))
        .or(() -> passphraseFile.map(path -> new SecretFile(SlotKind.PASSPHRASE, path)));
  }

  private static RepositorySettings settings(RequestBody body, RepositoryName name, SecretFile secret) throws InvalidArgument {
    Map<String, String> options = new LinkedHashMap<>();
    for (Map.Entry<String, String> option : body.readAll("options", RepositoryRoutes::option)) {
      options.put(option.getKey(), option.getValue());
    }
    return new RepositorySettings(name, body.need("location", text -> text), options, secret,
        body.read("uploadLimit", ByteSize::parsePositive), body.read("downloadLimit", ByteSize::parsePositive),
        body.read("dedup", DedupScope::parse).orElse(DedupScope.LINEAGE));
  }

  private static Map.Entry<String, String> option(String text) {
    int equals = text.indexOf('=');
    if (equals <= 0) {
      throw new IllegalArgumentException("an option is written KEY=VALUE");
    }
    return Map.entry(text.substring(0, equals), text.substring(equals + 1));
  }

  private static String label(RequestBody body, String fallback) throws InvalidArgument {
    return body.read("label", RepositoryRoutes::printable).orElse(fallback);
  }

  private static String printable(String text) {
    if (text.length() > LABEL_CHARS_MAX || text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("a label has at most " + LABEL_CHARS_MAX + " printable characters");
    }
    return text;
  }

  private static AdminAnswer remove(Storage storage, AdminRequest request, String name) throws VolumeException {
    String action = "remove repository " + Words.shown(name, 128);
    RepositoryName repository = name(action, name);
    JsonObject before = Json.only("repository", RepositoryJson.repository(storage.repositories().status(repository)));
    storage.repositories().remove(Callers.of(action, request), repository);
    return AdminAnswer.of(before);
  }

  private static AdminAnswer confirmKey(Storage storage, AdminRequest request, String name) throws VolumeException {
    String action = "confirm the recovery key of repository " + Words.shown(name, 128);
    RepositoryName repository = name(action, name);
    RequestBody body = RequestBody.of(action, request);
    String words = body.need("recoveryKey", text -> text);
    body.finish();
    return AdminAnswer.of(Json.only("repository",
        RepositoryJson.repository(storage.repositories().keys().confirmRecovery(Callers.of(action, request), repository, words))));
  }

  private static AdminAnswer keys(Storage storage, AdminRequest request, String name) throws VolumeException {
    RepositoryName repository = name("list the keys of repository " + Words.shown(name, 128), name);
    return AdminAnswer.of(Json.only("keys", Json.array(storage.repositories().keys().list(repository), RepositoryJson::key)));
  }

  private static AdminAnswer addKey(Storage storage, AdminRequest request, String name) throws VolumeException {
    String action = "add a key to repository " + Words.shown(name, 128);
    RepositoryName repository = name(action, name);
    RequestBody body = RequestBody.of(action, request);
    boolean recovery = body.flag("recovery");
    Optional<SecretFile> generated = body.read("generateKeyFile", Words::absolute).map(path -> new SecretFile(SlotKind.KEY_FILE, path));
    Optional<SecretFile> given = secret(action, body);
    String label = label(body, "");
    body.finish();
    if ((recovery ? 1 : 0) + generated.stream().count() + given.stream().count() != 1) {
      throw new InvalidArgument(action, "it is not clear which key is meant",
          "Name one of: a key file, a passphrase file, a key file to be made, a recovery key");
    }
    if (recovery) {
      return created(storage.repositories().keys().addRecovery(Callers.of(action, request), repository));
    }
    return AdminAnswer.of(Json.only("key", RepositoryJson.key(storage.repositories().keys().add(Callers.of(action, request), repository,
        given.or(() -> generated).orElseThrow(), generated.isPresent(), label))));
  }

  private static AdminAnswer removeKey(Storage storage, AdminRequest request, String name) throws VolumeException {
    String action = "remove a key of repository " + Words.shown(name, 128);
    RepositoryName repository = name(action, name);
    RequestBody body = RequestBody.of(action, request);
    String slot = body.need("id", text -> text);
    body.finish();
    storage.repositories().keys().remove(Callers.of(action, request), repository, slot);
    return AdminAnswer.of(Json.object().add("id", slot).build());
  }

  private static AdminAnswer rotateKeys(Storage storage, AdminRequest request, String name) throws VolumeException {
    String action = "rotate the keys of repository " + Words.shown(name, 128);
    RepositoryName repository = name(action, name);
    RequestBody body = RequestBody.of(action, request);
    List<SecretFile> kept = new ArrayList<>();
    kept.addAll(body.readAll("keyFiles", text -> new SecretFile(SlotKind.KEY_FILE, Words.absolute(text))));
    kept.addAll(body.readAll("passphraseFiles", text -> new SecretFile(SlotKind.PASSPHRASE, Words.absolute(text))));
    kept.addAll(body.readAll("recoveryKeyFiles", text -> new SecretFile(SlotKind.RECOVERY, Words.absolute(text))));
    Set<String> dropped = Set.copyOf(body.readAll("drop", text -> text));
    body.finish();
    return AdminAnswer.of(RepositoryJson.rotation(storage.repositories()
        .keys().rotate(Callers.of(action, request), repository, new RotateKeys(kept, dropped))).build());
  }

  private static AdminAnswer snapshots(Storage storage, AdminRequest request, String name) throws VolumeException {
    RepositoryName repository = name("list the snapshots of repository " + Words.shown(name, 128), name);
    return AdminAnswer.of(RepositoryJson.inventory(storage.repositories().inventory(repository, request.parameter("volume"))).build());
  }

  private static AdminAnswer forget(Storage storage, AdminRequest request, String name) throws VolumeException {
    String action = "forget a snapshot of repository " + Words.shown(name, 128);
    RepositoryName repository = name(action, name);
    RequestBody body = RequestBody.of(action, request);
    RemoteName remote = body.need("snapshot", RemoteName::parse);
    SnapshotRef snapshot = new SnapshotRef.Remote(Optional.of(repository.value()), remote);
    boolean damaged = body.flag("damaged");
    body.finish();
    if (damaged) {
      storage.repositories().giveUp(Callers.of(action, request), repository, remote.toString());
      return AdminAnswer.of(Json.object().addNull("snapshot").build());
    }
    return AdminAnswer.of(Json.only("snapshot",
        RepositoryJson.snapshot(storage.uploads().forget(Callers.of(action, request), snapshot))));
  }

  private static AdminAnswer planForget(Storage storage, AdminRequest request, String name) throws VolumeException {
    String action = "look what forgetting would free in repository " + Words.shown(name, 128);
    RepositoryName repository = name(action, name);
    RequestBody body = RequestBody.of(action, request);
    List<String> snapshots = body.readAll("snapshots", RepositoryRoutes::printable);
    body.finish();
    return AdminAnswer.of(UsageJson.plan(storage.repositories().use(action, repository, each -> ForgetPlan.of(action, each, snapshots))).build());
  }

  private static AdminAnswer usage(Storage storage, AdminRequest request, String name) throws VolumeException {
    String action = "look what takes the space of repository " + Words.shown(name, 128);
    RepositoryName repository = name(action, name);
    return AdminAnswer.of(Json.only("usage", UsageJson.usage(
        storage.repositories().use(action, repository, each -> each.accounting(CollectionProgress.NONE).usage()))));
  }

  private static AdminAnswer collect(Storage storage, AdminRequest request, String name) throws VolumeException {
    String action = "collect garbage of repository " + Words.shown(name, 128);
    RepositoryName repository = name(action, name);
    RequestBody.of(action, request).finish();
    return AdminAnswer.of(202, Json.only("run",
        RepositoryJson.run(storage.repositories().collect(Callers.of(action, request), repository))));
  }

  private static AdminAnswer collection(Storage storage, AdminRequest request, String name) throws VolumeException {
    String action = "look at the collection of repository " + Words.shown(name, 128);
    RepositoryName repository = name(action, name);
    Duration wait = Duration.ofSeconds(Math.min(ServiceRoutes.number(action, "wait", request), WAIT_SECONDS_MAX));
    try {
      Optional<RepositoryRun> run = storage.repositories().collection(repository, wait);
      if (run.isEmpty()) {
        throw new NotFound(action, "none has run since the service started", "Begin one: moorage repository gc " + repository);
      }
      return AdminAnswer.of(Json.only("run", RepositoryJson.run(run.get())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable(action, "the service is stopping", "The next collection goes on", e);
    }
  }
}
