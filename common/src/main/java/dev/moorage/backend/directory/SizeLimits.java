package dev.moorage.backend.directory;

import dev.moorage.linux.ProjectQuota;
import java.io.IOException;
import java.util.UUID;

/**
 * Holds directory volumes to their sizes by project quota: each tree is a project of its own, whose number is an attribute of the
 * tree's root, so it moves with the tree and no record of it is needed. Safe for use by several threads.
 */
final class SizeLimits {

  /** Numbers from here on are ours to choose; operators number theirs by hand, from 1. */
  private static final int FIRST_PROJECT = 1 << 30;

  /** Gives a tree its limit; a tree without a project is put into a new one, which must happen while it is empty. */
  synchronized void set(Tree tree, UUID id, long bytes) throws IOException {
    int project = ProjectQuota.projectOf(tree.path());
    if (project == 0) {
      project = unused(tree, id);
      ProjectQuota.assign(tree.path(), project);
    }
    ProjectQuota.limit(tree.path(), project, bytes);
  }

  private static int unused(Tree tree, UUID id) throws IOException {
    int project = FIRST_PROJECT | (id.hashCode() & (FIRST_PROJECT - 1));
    ProjectQuota.Usage usage = ProjectQuota.usage(tree.path(), project);
    while (usage.inodes() > 0 || usage.limitBytes() > 0) {
      project = FIRST_PROJECT | (project + 1);
      usage = ProjectQuota.usage(tree.path(), project);
    }
    return project;
  }

  ProjectQuota.Usage usage(Tree tree) throws IOException {
    int project = ProjectQuota.projectOf(tree.path());
    return project == 0 ? new ProjectQuota.Usage(0, 0, 0) : ProjectQuota.usage(tree.path(), project);
  }

  /** Removes a tree and its limit. A death between the two leaves the limit of a project that nothing belongs to. */
  void remove(Tree tree) throws IOException {
    int project = ProjectQuota.projectOf(tree.path());
    tree.remove();
    if (project != 0) {
      ProjectQuota.limit(tree.home(), project, 0);
    }
  }
}
