package dev.moorage.filesystem;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version of mkfs.xfs. Newer ones know, and switch on, features that older kernels do not mount; a volume must mount
 * wherever Moorage runs, perhaps in a container with newer tools than the host's kernel. So every feature is named, as far
 * as the version knows the name. The result mounts from Linux 5.10 on (bigtime, so that dates do not end in 2038).
 */
record XfsVersion(int major, int minor) {

  private static final Pattern TEXT = Pattern.compile("version (\\d+)\\.(\\d+)");

  /** Reads what {@code mkfs.xfs -V} prints. */
  static XfsVersion parse(String text) throws IOException {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.find()) {
      throw new IOException("mkfs.xfs -V printed no version: " + text.strip());
    }
    return new XfsVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  List<String> formatOptions() {
    String metadata = "crc=1,finobt=1,rmapbt=0,reflink=1";
    String inode = "sparse=1";
    List<String> naming = List.of();
    if (isAtLeast(5, 10)) {
      metadata += ",bigtime=1,inobtcount=1";
    }
    if (isAtLeast(5, 19)) {
      inode += ",nrext64=0";
    }
    if (isAtLeast(6, 10)) {
      inode += ",exchange=0";
      naming = List.of("-n", "parent=0");
    }
    List<String> options = new ArrayList<>(List.of("-m", metadata, "-i", inode));
    options.addAll(naming);
    return options;
  }

  private boolean isAtLeast(int otherMajor, int otherMinor) {
    return major > otherMajor || (major == otherMajor && minor >= otherMinor);
  }
}
