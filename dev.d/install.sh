# shellcheck shell=bash
# help: install [--prefix DIR]         install dist/ to /opt/moorage, the command to /usr/local/bin, the systemd unit
# help: install --uninstall            take these away again; pools stay

INSTALL_LINK=/usr/local/bin/moorage
INSTALL_UNIT=/etc/systemd/system/moorage.service

dev_install() {
  local prefix=/opt/moorage action=install_product
  while [ $# -gt 0 ]; do
    case $1 in
      --prefix)
        [ $# -ge 2 ] || die "install --prefix needs a directory"
        prefix=$(readlink -m -- "$2")
        shift
        ;;
      --uninstall) action=uninstall_product ;;
      *) die "install knows --prefix DIR and --uninstall, not '$1'" ;;
    esac
    shift
  done
  [ "$prefix" != / ] || die "install --prefix / would replace the whole system"
  is_root || die "installing needs root. Run: sudo -E ./dev install"
  "$action" "$prefix"
}

install_product() {
  local prefix=$1
  [ ! -e "$prefix" ] || [ -x "$prefix/bin/moorage" ] || die "$prefix exists and holds something else"
  need_commands mkfs.xfs:xfsprogs mkfs.ext4:e2fsprogs
  if [ ! -x "$ROOT/dist/bin/moorage" ]; then
    dev_build
  fi
  mkdir -p "$(dirname "$prefix")" "$(dirname "$INSTALL_LINK")"
  # Beside it and then in its place: a service that is running keeps the files that it has open.
  rm -rf "$prefix.new" "$prefix.old"
  mkdir "$prefix.new"
  cp -a "$ROOT"/dist/{bin,lib,runtime} "$prefix.new/"
  chown -R 0:0 "$prefix.new"
  [ ! -e "$prefix" ] || mv "$prefix" "$prefix.old"
  mv "$prefix.new" "$prefix"
  rm -rf "$prefix.old"
  say "installed $("$prefix/bin/moorage" version | head -n 1) in $prefix"
  ln -sfn "$prefix/bin/moorage" "$INSTALL_LINK"
  say "the command is $INSTALL_LINK"
  install_unit "$prefix"
}

has_systemd() { [ -d /run/systemd/system ] && command -v systemctl > /dev/null; }

install_unit() {
  if [ ! -d /etc/systemd ]; then
    say "this machine has no systemd: have its init system run, as root and before Docker: $1/bin/moorage serve"
    return 0
  fi
  mkdir -p "$(dirname "$INSTALL_UNIT")"
  sed "s|/opt/moorage/|$1/|" "$ROOT/deploy/systemd/moorage.service" > "$INSTALL_UNIT"
  say "the unit is $INSTALL_UNIT"
  if ! has_systemd; then
    say "systemd does not run here, so nothing was started. By hand, as root: moorage serve"
    return 0
  fi
  systemctl daemon-reload
  if systemctl is-active --quiet moorage; then
    say "the service still runs the version from before. What remains to do: systemctl restart moorage"
  else
    say "what remains to do: systemctl enable --now moorage; then: docker run -v db:/data --volume-driver moorage …"
  fi
}

uninstall_product() {
  local prefix=$1
  if has_systemd && [ -e "$INSTALL_UNIT" ]; then
    systemctl disable --now moorage || true
  fi
  rm -f "$INSTALL_UNIT"
  ! has_systemd || systemctl daemon-reload
  [ "$(readlink "$INSTALL_LINK" 2> /dev/null)" != "$prefix/bin/moorage" ] || rm -f "$INSTALL_LINK"
  if [ -x "$prefix/bin/moorage" ]; then
    rm -rf "$prefix"
  fi
  say "removed $prefix, $INSTALL_LINK and the unit. Pools, such as /var/lib/moorage, are untouched"
}
