package dev.moorage.tidy;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** All texts of the repository that a person wrote. */
final class Repository {

  private static final Set<String> SKIPPED_DIRECTORIES = Set.of("target", "dist", ".git", ".idea", ".mvn");
  private static final Set<String> ENDINGS =
      Set.of("java", "md", "sh", "xml", "yaml", "yml", "json", "service", "properties", "conf", "sql", "dev", "run", "moorage");
  // Maven's own schema address stands in every POM; the custom resources of snapshots are another project's text.
  private static final Set<String> SKIPPED_FILES = Set.of("pom.xml", "Prose.java", "crds.yaml");

  private Repository() {}

  /** Reads every text below the root; the root is the directory above the module that the test runs in. */
  static List<SourceFile> files() throws IOException {
    Path root = Path.of("").toAbsolutePath().getParent();
    if (root == null || !Files.exists(root.resolve("common/pom.xml"))) {
      throw new IOException("the tidy test must run in a module of the repository, not in " + Path.of("").toAbsolutePath());
    }
    List<SourceFile> files = new ArrayList<>();
    Files.walkFileTree(root, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
        return SKIPPED_DIRECTORIES.contains(nameOf(directory)) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        if (attributes.isRegularFile() && isText(nameOf(file))) {
          files.add(SourceFile.of(root.relativize(file).toString(), Files.readString(file)));
        }
        return FileVisitResult.CONTINUE;
      }
    });
    return files;
  }

  private static boolean isText(String name) {
    return !SKIPPED_FILES.contains(name) && ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1));
  }

  private static String nameOf(Path path) {
    Path name = path.getFileName();
    return name == null ? "" : name.toString();
  }
}
