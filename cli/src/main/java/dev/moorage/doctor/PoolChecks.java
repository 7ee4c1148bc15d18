package dev.moorage.doctor;

import dev.moorage.linux.FileOps;
import dev.moorage.volume.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The directories of the pools and the filesystems that they lie on. */
final class PoolChecks {

  private static final double SCARCE = 0.10;

  private final List<PoolPlace> pools;

  PoolChecks(List<PoolPlace> pools) {
    this.pools = List.copyOf(pools);
  }

  List<Finding> places() throws IOException {
    List<Finding> findings = new ArrayList<>();
    for (PoolPlace pool : pools) {
      Path there = existing(pool.path());
      if (!Files.isWritable(there)) {
        findings.add(Finding.warn("pool", pool.name() + ": " + there + " cannot be written by this user", "Run the doctor as root"));
        continue;
      }
      findings.add(storage(pool, there));
      FileOps.Space space = FileOps.space(there);
      if (space.available() < space.total() * SCARCE) {
        findings.add(Finding.warn("host-space", pool.name() + ": the filesystem of " + there + " has only "
            + ByteSize.ofBytes(space.available()) + " of " + ByteSize.ofBytes(space.total()) + " left",
            "Free space, or move the pool to a larger filesystem: an automatic pool never takes the last tenth"));
      }
    }
    return findings;
  }

  private static Finding storage(PoolPlace pool, Path there) throws IOException {
    String name = pool.name() + " (" + pool.path() + ")";
    if (!pool.images()) {
      return Finding.ok("pool", name + ": directories only, which any filesystem can hold");
    }
    if (Files.exists(pool.path().resolve("pool.xfs"))) {
      return Finding.ok("pool", name + ": lives in an XFS pool file");
    }
    if (FileOps.supportsReflink(there)) {
      return Finding.ok("pool", name + ": can share blocks (reflink) where it is");
    }
    return Finding.ok("pool", name + ": no reflink here, so serve makes an XFS pool file");
  }

  /** The path, or the nearest directory above it that is there. */
  private static Path existing(Path path) {
    Path there = path;
    for (Path above = path.getParent(); above != null && !Files.isDirectory(there); above = above.getParent()) {
      there = above;
    }
    return there;
  }
}
