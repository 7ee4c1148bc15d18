package dev.moorage.objectstore.s3;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** By how much the clock of this host differs from a store's, in words. */
final class Skew {

  private static final Clock CLOCK = Clock.systemUTC();
  /** Stores refuse what was signed a quarter of an hour ago, or will be. */
  private static final Duration REFUSED = Duration.ofMinutes(10);
  private static final Duration MOMENT = Duration.ofMinutes(1);

  private Skew() {}

  static Instant now() {
    return CLOCK.instant().truncatedTo(ChronoUnit.SECONDS);
  }

  /** Whether that may be why the store refused a request; the answer to a HEAD has no text that could tell. */
  static boolean isRefused(AwsServiceException answer) {
    return ahead(answer).filter(difference -> difference.abs().compareTo(REFUSED) > 0).isPresent();
  }

  /** Such as {@code : the clock of this host is 24 h ahead of the store's}; less when the store does not tell its time. */
  static String text(AwsServiceException answer) {
    return ahead(answer).filter(difference -> difference.abs().compareTo(MOMENT) > 0)
        .map(ahead -> ": the clock of this host is " + text(ahead.abs()) + (ahead.isNegative() ? " behind" : " ahead of") + " the store's")
        .orElse(": the clock of this host differs from the store's");
  }

  private static Optional<Duration> ahead(AwsServiceException answer) {
    return Optional.ofNullable(answer.awsErrorDetails()).map(AwsErrorDetails::sdkHttpResponse)
        .flatMap(response -> response.firstMatchingHeader("Date"))
        .flatMap(Skew::parsed)
        .map(store -> Duration.between(store, now()));
  }

  private static Optional<Instant> parsed(String date) {
    try {
      return Optional.of(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static String text(Duration difference) {
    return difference.toHours() >= 2 ? difference.toHours() + " h" : difference.toMinutes() + " min";
  }
}
