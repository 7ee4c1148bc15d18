# shellcheck shell=bash
# Programs of another Debian suite, beside the installed ones and without touching the system.

# unpack_of_suite SUITE WORK PACKAGE[=VERSION]…: downloads the packages from the configured mirror and unpacks them into WORK/root.
unpack_of_suite() {
  local suite=$1 work=$2 deb
  shift 2
  mkdir -p "$work"/{state/lists/partial,cache/archives/partial,debs,root}
  : > "$work/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(apt_mirror) $suite main" > "$work/sources.list"
  local apt=(-qq -o "Dir::State=$work/state" -o "Dir::State::status=$work/status" -o "Dir::Cache=$work/cache"
    -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferencesparts=/dev/null
    -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false)
  apt-get "${apt[@]}" update
  (cd "$work/debs" && apt-get "${apt[@]}" download "$@")
  for deb in "$work"/debs/*.deb; do
    dpkg -x "$deb" "$work/root"
  done
  rm -rf "$work/root/usr/share" "$work/root/etc"
}
