package dev.moorage.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this machine calls itself. */
public final class HostName {

  private static final Path KERNEL = Path.of("/proc/sys/kernel/hostname");

  private HostName() {}

  public static String ofMachine() {
    try {
      String name = Files.readString(KERNEL).strip().replaceAll("[^a-zA-Z0-9_.-]", "-");
      return name.isEmpty() ? "localhost" : name;
    } catch (IOException e) {
      return "localhost";
    }
  }
}
