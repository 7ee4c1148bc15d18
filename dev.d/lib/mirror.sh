# shellcheck shell=bash
# Where this machine gets its Debian packages from, and where we keep what we made of them.

# apt_mirror: the configured mirror of this machine's own release; its later suites come from the same place.
apt_mirror() {
  local release
  # shellcheck disable=SC1091
  release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  # shellcheck disable=SC2016 # apt itself fills these in
  apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' \
    | awk -v release="$release" '$1 == release && !found { print $2; found = 1 } END { exit !found }' \
    || die "no Debian mirror is configured for '$release' in /etc/apt"
}

cache_directory() { echo "${XDG_CACHE_HOME:-$HOME/.cache}/moorage"; }
