package dev.moorage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The manifests agree with what they are made of and with the product, as far as that can be seen without a cluster. */
final class ManifestsTest {

  private static Path manifests() throws IOException {
    return Engines.repository().resolve("manifests");
  }

  private static List<Path> base() throws IOException {
    try (var files = Files.list(manifests().resolve("base"))) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  /** As dev.d/manifests.sh sums it: all files one after the other, by name. */
  @Test
  void theFlatFileIsMadeOfTheBaseAsItIs() throws IOException, NoSuchAlgorithmException {
    MessageDigest sum = MessageDigest.getInstance("SHA-256");
    for (Path file : base()) {
      sum.update(Files.readAllBytes(file));
    }
    String made = HexFormat.of().formatHex(sum.digest());
    assertThat(Files.readString(manifests().resolve("moorage.yaml")).lines().findFirst().orElse(""))
        .as("run ./dev manifests").endsWith("Made of " + made);
  }

  @Test
  void theImageHasTheVersionOfTheProduct() throws IOException {
    var version = Pattern.compile("<revision>(.*)</revision>").matcher(Files.readString(Engines.repository().resolve("pom.xml")));
    assertThat(version.find()).isTrue();
    assertThat(Files.readString(manifests().resolve("moorage.yaml"))).contains("image: moorage/moorage:" + version.group(1) + "\n");
  }

  /** What could reach every Secret, or anything at all, is more than any part needs. */
  @Test
  void noRuleIsForEverything() throws IOException {
    for (Path file : base()) {
      String text = Files.readString(file);
      assertThat(text).as(file.toString()).doesNotContain("'*'", "\"*\"", "[*]");
      for (String object : text.split("(?m)^---$", -1)) {
        if (object.contains("kind: ClusterRole\n")) {
          assertThat(object).as(file.toString()).doesNotContain("secrets");
        }
      }
    }
  }

  @Test
  void keysAndCredentialsAreNoPartOfWhatIsApplied() throws IOException {
    assertThat(Files.readString(manifests().resolve("moorage.yaml"))).doesNotContain("kind: Secret");
    assertThat(Files.readString(manifests().resolve("overlays/s3/kustomization.yaml")).lines()
        .filter(line -> !line.startsWith("#"))).noneMatch(line -> line.contains("secrets-example"));
  }
}
