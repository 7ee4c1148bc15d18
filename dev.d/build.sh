# shellcheck shell=bash
# help: build                          compile with all checks and leave the runnable product in dist/

dev_build() {
  need_build_tools
  maven -DskipTests package
}
