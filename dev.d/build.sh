# shellcheck shell=bash
# help: build                          compile with all checks and leave the runnable product in dist/

dev_build() {
  local started=$SECONDS
  need_build_tools
  need_commands curl:curl
  maven -DskipTests package
  make_dist
  say "dist/ is ready after $((SECONDS - started)) s: $(du -sh "$ROOT/dist" | cut -f 1); try dist/bin/moorage --help"
}
