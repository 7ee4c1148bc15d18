package dev.moorage.tidy;

import java.util.List;

/** One rule: looks at one file at a time and tells where it is broken. Rules know nothing of each other. */
interface Rule {

  List<Finding> check(SourceFile file);
}
