package dev.moorage.objectstore.s3;

import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStoreException.ConditionsUnsupported;
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
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;

/** Says of a failure of Amazon's client which kind of {@link ObjectStoreException} it is. */
final class S3Errors {

  private static final System.Logger LOG = System.getLogger(S3Errors.class.getName());
  private static final Set<String> THROTTLING =
      Set.of("SlowDown", "SlowDownRead", "SlowDownWrite", "TooManyRequests", "RequestLimitExceeded", "Throttling", "ThrottlingException");
  private static final Set<String> DAMAGED = Set.of("BadDigest", "InvalidDigest", "XAmzContentChecksumMismatch",
      "XAmzContentSHA256Mismatch", "IncompleteBody", "BadRequestChecksum", "ContentSHA256Mismatch");
  private static final Set<String> FULL = Set.of("QuotaExceeded", "InsufficientStorage", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded",
      "InsufficientCapacity");
  private static final Set<String> WRONG_REGION = Set.of("PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed",
      "IllegalLocationConstraintException");
  private static final Set<String> CREDENTIALS = Set.of("ExpiredToken", "TokenRefreshRequired", "InvalidToken", "InvalidAccessKeyId",
      "SignatureDoesNotMatch", "AccessDenied");

  private S3Errors() {}

  /** Why a conditional write was not carried out. */
  enum Refusal {
    NONE,
    /** The condition does not hold. */
    CONDITION,
    /** Another conditional write of the key was under way; whether the condition holds is not known. */
    CONFLICT
  }

  static Refusal refusal(SdkException failure, boolean conditional) {
    if (!conditional || !(failure instanceof AwsServiceException answer)) {
      return Refusal.NONE;
    }
    return switch (answer.statusCode()) {
      case 412 -> Refusal.CONDITION;
      // If-Match on an object that is gone.
      case 404 -> code(answer).equals("NoSuchBucket") ? Refusal.NONE : Refusal.CONDITION;
      case 409 -> Refusal.CONFLICT;
      default -> Refusal.NONE;
    };
  }

  static Throttled conflict(String action, SdkException failure) {
    return new Throttled(action, "other writes of the same object are under way", Optional.empty(), failure);
  }

  /** Whether a HEAD or DELETE says that there is no such object; an answer without a body does not tell a bucket from a key. */
  static boolean isAbsent(SdkException failure) {
    return failure instanceof AwsServiceException answer && answer.statusCode() == 404 && !code(answer).equals("NoSuchBucket");
  }

  static ObjectStoreException translate(String action, SdkException failure, boolean conditional) {
    return failure instanceof AwsServiceException answer
        ? answered(action, answer, conditional)
        : unanswered(action, failure);
  }

  /** What is to be sent could not be read, which the client tells in several ways; anything else is a mistake, and thrown as it is. */
  static ObjectStoreException unreadable(String action, RuntimeException failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      String what = shortened(each.getMessage());
      switch (each) {
        case EOFException _ -> {
          return new Corrupt(action, what, "", failure);
        }
        case ClosedByInterruptException _ -> {
          return new Interrupted(action, failure);
        }
        case IOException _ -> {
          return new Unavailable(action, "what is to be sent cannot be read (" + what + ")",
              "Look at the disk of this host that holds it, and at the kernel's log", failure);
        }
        default -> { }
      }
    }
    throw failure;
  }

  private static ObjectStoreException answered(String action, AwsServiceException answer, boolean conditional) {
    String code = code(answer);
    String reason = reason(answer, code);
    int status = answer.statusCode();
    if (THROTTLING.contains(code) || status == 429) {
      return new Throttled(action, reason, retryAfter(answer), answer);
    }
    if (DAMAGED.contains(code) || (status == 400 && reason.contains("x-amz-checksum"))) {
      return new Corrupt(action, reason, "What was sent does not fit its checksum: look for a bad link or bad memory", answer);
    }
    if (FULL.contains(code) || status == 507) {
      return new NoSpace(action, reason, "Raise the quota or enlarge the store", answer);
    }
    if (WRONG_REGION.contains(code) || status == 301 || status == 307) {
      return new Invalid(action, reason, "Name the bucket's region by the option region", answer);
    }
    if (answer.isClockSkewException() || (status == 403 && code.isEmpty() && Skew.isRefused(answer))) {
      // To be tried again: the client may know now, and sign by the store's clock from then on; else somebody sets the clock.
      LOG.log(System.Logger.Level.WARNING, "cannot " + action + " at once: " + reason + Skew.text(answer));
      return new Unavailable(action, reason + Skew.text(answer), "Set the clock of this host, and keep it right by NTP", answer);
    }
    if (CREDENTIALS.contains(code) || status == 401 || status == 403) {
      return denied(action, code, reason, answer);
    }
    return byStatus(action, code, reason, answer, conditional);
  }

  private static ObjectStoreException byStatus(String action, String code, String reason, AwsServiceException answer, boolean conditional) {
    int status = answer.statusCode();
    return switch (status) {
      case 404 -> code.equals("NoSuchBucket")
          ? new Invalid(action, "there is no such bucket", "Create it, or mend the address", answer)
          : new NoSuchObject(action, "there is no such object", "", answer);
      case 416 -> new InvalidRange(action, "the object is shorter", "", answer);
      case 408 -> new Unavailable(action, reason, "", answer);
      case 501 -> conditional
          ? new ConditionsUnsupported(action, reason, "Use a store with conditional writes, or declare a single writer", answer)
          : new Invalid(action, reason, "The store lacks what is needed", answer);
      default -> status >= 500 || code.equals("RequestTimeout")
          ? new Unavailable(action, reason, "", answer)
          : new Invalid(action, reason, "", answer);
    };
  }

  private static ObjectStoreException denied(String action, String code, String reason, AwsServiceException answer) {
    return switch (code) {
      case "InvalidObjectState" -> new Invalid(action, reason, "The object is archived: bring it back first", answer);
      default -> new Denied(action, reason, "docs/object-stores.md lists where credentials come from and what they must allow", answer);
    };
  }

  private static ObjectStoreException unanswered(String action, SdkException failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      ObjectStoreException known = byCause(action, each, failure);
      if (known != null) {
        return known;
      }
    }
    if (String.valueOf(failure.getMessage()).contains("credentials")) {
      return new Denied(action, "no usable credentials were found in the environment, a web identity, a profile or the machine",
          "docs/object-stores.md lists where credentials come from", failure);
    }
    return new Unavailable(action, "the request failed (" + shortened(failure.getMessage()) + ")", "", failure);
  }

  private static @Nullable ObjectStoreException byCause(String action, Throwable cause, SdkException failure) {
    return switch (cause) {
      case ObjectStoreException known -> known;
      case AbortedException _ -> new Interrupted(action, failure);
      case SSLException _ -> insecure(action, cause, failure);
      case UnknownHostException _ -> new Unavailable(action, "there is no host " + shortened(cause.getMessage()), "Mend the endpoint or region",
          failure);
      case SocketTimeoutException _ -> new Unavailable(action, "no answer came in time", "", failure);
      case EOFException _ -> new Corrupt(action, shortened(cause.getMessage()), "", failure);
      case IOException _ -> new Unavailable(action, "the connection failed (" + shortened(cause.getMessage()) + ")",
          "Check the store's address, and that it answers there", failure);
      default -> null;
    };
  }

  private static Unavailable insecure(String action, Throwable cause, SdkException failure) {
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof CertificateNotYetValidException || each instanceof CertificateExpiredException) {
        return new Unavailable(action, "the store's certificate is not valid at " + Skew.now() + ", the time of this host ("
            + shortened(each.getMessage()) + ")", "Check the clock of this host; when it is right, the store needs a new certificate", failure);
      }
    }
    return new Unavailable(action, "no secure connection can be made (" + shortened(cause.getMessage()) + ")",
        "If the store has a certificate of its own, name it by the option ca-file", failure);
  }

  static ObjectStoreException brokenOff(String action, IOException cause) {
    return cause instanceof ObjectStoreException known
        ? known
        : new Unavailable(action, "the answer broke off (" + shortened(cause.getMessage()) + ")", "", cause);
  }

  private static Optional<Duration> retryAfter(AwsServiceException answer) {
    return Optional.ofNullable(answer.awsErrorDetails())
        .flatMap(details -> Optional.ofNullable(details.sdkHttpResponse()))
        .flatMap(response -> response.firstMatchingHeader("Retry-After"))
        .filter(text -> text.matches("\\d{1,4}"))
        .map(text -> Duration.ofSeconds(Long.parseLong(text)));
  }

  private static String code(AwsServiceException answer) {
    return answer.awsErrorDetails() == null || answer.awsErrorDetails().errorCode() == null ? "" : answer.awsErrorDetails().errorCode();
  }

  /** What the store said, with the request's number for its operator. Its messages name users and actions, never secrets. */
  private static String reason(AwsServiceException answer, String code) {
    String message = answer.awsErrorDetails() == null ? null : answer.awsErrorDetails().errorMessage();
    return "the store answered " + answer.statusCode() + (code.isEmpty() ? "" : " " + code)
        + (message == null || message.isBlank() ? "" : ": " + shortened(message))
        + (answer.requestId() == null ? "" : " (request " + shortened(answer.requestId()) + ")");
  }

  /** One line of at most 200 printable characters, without a full stop. */
  private static String shortened(@Nullable String text) {
    String line = String.valueOf(text).replaceAll("[^\\x20-\\x7e]+", " ").strip().replaceAll("\\.+$", "");
    return line.length() <= 200 ? line : line.substring(0, 200) + "…";
  }
}
