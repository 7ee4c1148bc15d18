package dev.moorage.objectstore.gcs;

import com.google.api.client.http.HttpResponseException;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStoreException.Corrupt;
import dev.moorage.objectstore.ObjectStoreException.Denied;
import dev.moorage.objectstore.ObjectStoreException.Invalid;
import dev.moorage.objectstore.ObjectStoreException.InvalidRange;
import dev.moorage.objectstore.ObjectStoreException.NoSpace;
import dev.moorage.objectstore.ObjectStoreException.NoSuchObject;
import dev.moorage.objectstore.ObjectStoreException.Throttled;
import dev.moorage.objectstore.ObjectStoreException.Unavailable;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says of a failure of Google's client which kind of {@link ObjectStoreException} it is. */
final class GcsErrors {

  /** The first message and reason in an answer; what the client makes of it would quote the whole answer. */
  private static final Pattern MESSAGE = Pattern.compile("\"message\"\\s*:\\s*\"([^\"]{1,300})\"");

  private static final String NO_BUCKET = "bucket does not exist";

  private GcsErrors() {}

  /** Whether a conditional write was not carried out because the object is not of that generation. */
  static boolean isRefusal(IOException failure) {
    return failure instanceof HttpResponseException answer && answer.getStatusCode() == 412;
  }

  /** Whether there is no such object, in a bucket that there is. */
  static boolean isAbsent(IOException failure) {
    return failure instanceof HttpResponseException answer && answer.getStatusCode() == 404 && !message(answer).contains(NO_BUCKET);
  }

  static ObjectStoreException translate(String action, IOException failure) {
    return switch (failure) {
      case ObjectStoreException known -> known;
      case HttpResponseException answer -> answered(action, answer);
      case SocketTimeoutException _ -> new Unavailable(action, "no answer came in time", "", failure);
      case UnknownHostException _ -> new Unavailable(action, "there is no host " + shortened(failure.getMessage()), "Mend the endpoint", failure);
      case SSLException _ -> new Unavailable(action, "no secure connection can be made (" + shortened(failure.getMessage()) + ")", "", failure);
      case EOFException _ -> new Corrupt(action, shortened(failure.getMessage()), "", failure);
      default -> new Unavailable(action, "the connection failed (" + shortened(failure.getMessage()) + ")",
          "Check the store's address, and that it answers there", failure);
    };
  }

  private static ObjectStoreException answered(String action, HttpResponseException answer) {
    int status = answer.getStatusCode();
    String message = message(answer);
    String reason = "the store answered " + status + (message.isEmpty() ? "" : ": " + shortened(message));
    return switch (status) {
      case 400 -> message.toLowerCase(Locale.ROOT).contains("crc32c")
          ? new Corrupt(action, reason, "What was sent does not fit its checksum: look for a bad link or bad memory", answer)
          : new Invalid(action, reason, "", answer);
      case 401, 403 -> message.contains("quota")
          ? new NoSpace(action, reason, "Raise the quota", answer)
          : new Denied(action, reason, "docs/object-stores.md lists where credentials come from and what they must allow", answer);
      case 404 -> message.contains(NO_BUCKET)
          ? new Invalid(action, "there is no such bucket", "Create it, or mend the address", answer)
          : new NoSuchObject(action, "there is no such object", "", answer);
      case 408 -> new Unavailable(action, reason, "", answer);
      case 416 -> new InvalidRange(action, "the object is shorter", "", answer);
      case 429 -> new Throttled(action, reason, retryAfter(answer), answer);
      default -> status >= 500 ? new Unavailable(action, reason, "", answer) : new Invalid(action, reason, "", answer);
    };
  }

  static ObjectStoreException brokenOff(String action, IOException cause) {
    return cause instanceof ObjectStoreException known
        ? known
        : new Unavailable(action, "the answer broke off (" + shortened(cause.getMessage()) + ")", "", cause);
  }

  private static Optional<Duration> retryAfter(HttpResponseException answer) {
    return Optional.ofNullable(answer.getHeaders().getRetryAfter())
        .filter(text -> text.matches("\\d{1,4}"))
        .map(text -> Duration.ofSeconds(Long.parseLong(text)));
  }

  private static String message(HttpResponseException answer) {
    Matcher matcher = MESSAGE.matcher(String.valueOf(answer.getContent()));
    return matcher.find() ? matcher.group(1) : "";
  }

  /** One line of at most 200 printable characters, without a full stop. */
  private static String shortened(@Nullable String text) {
    String line = String.valueOf(text).replaceAll("[^\\x20-\\x7e]+", " ").strip().replaceAll("\\.+$", "");
    return line.length() <= 200 ? line : line.substring(0, 200) + "…";
  }
}
