package dev.moorage.objectstore.azure;

import com.azure.storage.blob.models.BlobErrorCode;
import com.azure.storage.blob.models.BlobStorageException;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStoreException.Corrupt;
import dev.moorage.objectstore.ObjectStoreException.Denied;
import dev.moorage.objectstore.ObjectStoreException.Interrupted;
import dev.moorage.objectstore.ObjectStoreException.Invalid;
import dev.moorage.objectstore.ObjectStoreException.InvalidRange;
import dev.moorage.objectstore.ObjectStoreException.NoSpace;
import dev.moorage.objectstore.ObjectStoreException.NoSuchObject;
import dev.moorage.objectstore.ObjectStoreException.Throttled;
import dev.moorage.objectstore.ObjectStoreException.Unavailable;
import java.io.EOFException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says of a failure of Microsoft's client which kind of {@link ObjectStoreException} it is. */
final class AzureErrors {

  private AzureErrors() {}

  /** Whether a conditional write was not carried out because the condition does not hold. */
  static boolean isRefusal(Exception failure) {
    // A create that is refused answers 409, a replace 412; one of an object that is gone, 404 or 412.
    return answer(failure).filter(answer -> code(answer).equals(BlobErrorCode.BLOB_ALREADY_EXISTS.toString())
        || code(answer).equals(BlobErrorCode.BLOB_NOT_FOUND.toString()) || answer.getStatusCode() == 412).isPresent();
  }

  static boolean isAbsent(RuntimeException failure) {
    return answer(failure).filter(answer -> answer.getStatusCode() == 404
        && !code(answer).equals(BlobErrorCode.CONTAINER_NOT_FOUND.toString())).isPresent();
  }

  static ObjectStoreException translate(String action, Exception failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      ObjectStoreException known = byCause(action, each);
      if (known != null) {
        return known;
      }
    }
    return new Unavailable(action, "the request failed (" + shortened(failure.getMessage()) + ")", "", failure);
  }

  private static @Nullable ObjectStoreException byCause(String action, Throwable cause) {
    return switch (cause) {
      case ObjectStoreException known -> known;
      case BlobStorageException answer -> answered(action, answer);
      case InterruptedException _ -> new Interrupted(action, cause);
      case SSLException _ -> new Unavailable(action, "no secure connection can be made (" + shortened(cause.getMessage()) + ")", "", cause);
      case UnknownHostException _ -> new Unavailable(action, "there is no host " + shortened(cause.getMessage()), "Mend the endpoint", cause);
      case TimeoutException _ -> new Unavailable(action, "no answer came in time", "", cause);
      case HttpTimeoutException _ -> new Unavailable(action, "no answer came in time", "", cause);
      case EOFException _ -> new Corrupt(action, shortened(cause.getMessage()), "", cause);
      default -> null;
    };
  }

  private static ObjectStoreException answered(String action, BlobStorageException answer) {
    int status = answer.getStatusCode();
    String code = code(answer);
    String reason = "the store answered " + status + " " + code;
    return switch (status) {
      case 401, 403 -> code.contains("Quota")
          ? new NoSpace(action, reason, "Raise the quota", answer)
          : new Denied(action, reason, "docs/object-stores.md lists where credentials come from and what they must allow", answer);
      case 404 -> code.equals(BlobErrorCode.CONTAINER_NOT_FOUND.toString())
          ? new Invalid(action, "there is no such container", "Create it, or mend the address", answer)
          : new NoSuchObject(action, "there is no such object", "", answer);
      case 408 -> new Unavailable(action, reason, "", answer);
      case 416 -> new InvalidRange(action, "the object is shorter", "", answer);
      case 429 -> new Throttled(action, reason, Optional.empty(), answer);
      case 503 -> code.equals(BlobErrorCode.SERVER_BUSY.toString())
          ? new Throttled(action, reason, Optional.empty(), answer)
          : new Unavailable(action, reason, "", answer);
      default -> status >= 500 ? new Unavailable(action, reason, "", answer) : new Invalid(action, reason, "", answer);
    };
  }

  private static Optional<BlobStorageException> answer(Exception failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof BlobStorageException answer) {
        return Optional.of(answer);
      }
    }
    return Optional.empty();
  }

  private static String code(BlobStorageException answer) {
    return answer.getErrorCode() == null ? "" : answer.getErrorCode().toString();
  }

  /** One line of at most 200 printable characters, without a full stop. */
  private static String shortened(@Nullable String text) {
    String line = String.valueOf(text).replaceAll("[^\\x20-\\x7e]+", " ").strip().replaceAll("\\.+$", "");
    return line.length() <= 200 ? line : line.substring(0, 200) + "…";
  }
}
