package dev.moorage.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** Sums the CPU samples of a recording by the stages of backup and restore. Prints a stage, its seconds and its part on each line. */
final class Profile {

  /** What a stack has in it, the first that fits counts. */
  private static final Map<String, List<String>> STAGES = new LinkedHashMap<>();

  static {
    STAGES.put("zstd compress", List.of("ZstdCompressCtx"));
    STAGES.put("zstd decompress", List.of("ZstdDecompressCtx"));
    STAGES.put("AES", List.of("BlobCipher"));
    STAGES.put("hash", List.of("BlobHasher"));
    STAGES.put("look for zeros", List.of("backup.Zeros"));
    STAGES.put("read the image", List.of("backup.FileImage"));
    STAGES.put("pack to the spool", List.of("PackWriter.write"));
    STAGES.put("pack to the store", List.of("putIfAbsent"));
    STAGES.put("claim room", List.of("restore.RestoreTarget.claim"));
    STAGES.put("write the image", List.of("restore.RestoreTarget.write"));
    STAGES.put("flush the image", List.of("restore.RestoreTarget.flush"));
    STAGES.put("fetch", List.of("objectstore.", "restore.RangeReader.fetch"));
    STAGES.put("maps and what is known", List.of("repository.map", "SeenBlocks", "restore.Window"));
    STAGES.put("extents", List.of("snapshot.ImageRanges", "snapshot.ExtentRun"));
  }

  private Profile() {}

  /** Argument: the recording, with samples of 10 ms. */
  public static void main(String[] arguments) throws Exception {
    Map<String, Integer> counts = new LinkedHashMap<>();
    int all = 0;
    for (RecordedEvent event : RecordingFile.readAllEvents(Path.of(arguments[0]))) {
      if (event.getEventType().getName().equals("jdk.CPUTimeSample")) {
        counts.merge(stage(event), 1, Integer::sum);
        all++;
      }
    }
    List<Map.Entry<String, Integer>> sorted = new ArrayList<>(counts.entrySet());
    sorted.sort(Map.Entry.comparingByValue(Comparator.reverseOrder()));
    for (Map.Entry<String, Integer> each : sorted) {
      System.out.printf(Locale.ROOT, "%s\t%.2f\t%.0f %%%n", each.getKey(), each.getValue() / 100.0, 100.0 * each.getValue() / all);
    }
  }

  private static String stage(RecordedEvent event) {
    if (event.getStackTrace() == null) {
      return "everything else";
    }
    String stack = event.getStackTrace().getFrames().stream()
        .map(frame -> frame.getMethod().getType().getName() + "." + frame.getMethod().getName())
        .collect(Collectors.joining(" "));
    return STAGES.entrySet().stream().filter(each -> each.getValue().stream().anyMatch(stack::contains)).map(Map.Entry::getKey)
        .findFirst().orElse("everything else");
  }
}
