# shellcheck shell=bash
# Finds JDK 25 and runs Maven with it.

# need_jdk: sets and exports JDK25, the home of a JDK 25, or ends with what to install.
need_jdk() {
  [ -z "${JDK25:-}" ] || return 0
  JDK25=$(find_jdk) || { install_jdk && JDK25=$(find_jdk); } || die "no JDK 25 found (looked at JAVA25_HOME, JAVA_HOME,\
 ~/.m2/toolchains.xml, /usr/lib/jvm, /opt, ~/.sdkman, ~/.jdks). Install one, for example the package temurin-25-jdk or\
 openjdk-25-jdk-headless, or set JAVA25_HOME"
  # Maven's toolchain plugin looks at variables of this form, too.
  export JDK25 JAVA25_HOME=$JDK25
}

find_jdk() {
  local home
  while read -r home; do
    if [ -x "$home/bin/javac" ] && grep -qs '^JAVA_VERSION="25[."]' "$home/release"; then
      echo "$home"
      return 0
    fi
  done < <(jdk_candidates)
  return 1
}

jdk_candidates() {
  echo "${JAVA25_HOME:-}"
  echo "${JAVA_HOME:-}"
  sed -n 's|.*<jdkHome>\(.*\)</jdkHome>.*|\1|p' ~/.m2/toolchains.xml 2> /dev/null || true
  printf '%s\n' /usr/lib/jvm/* /opt/*25* ~/.sdkman/candidates/java/25* ~/.jdks/*25*
  dirname "$(dirname "$(readlink -f "$(command -v javac || echo /none)")")"
}

install_jdk() {
  command -v apt-cache > /dev/null && is_root || return 1
  refresh_apt_lists
  local package
  for package in temurin-25-jdk openjdk-25-jdk-headless; do
    if apt-cache show "$package" > /dev/null 2>&1; then
      install_packages "$package"
      return 0
    fi
  done
  return 1
}

# maven ARGUMENT…: one run over all modules, without the noise of downloads.
# In front of Maven's command: what the tests run in.
MAVEN_INSIDE=()

# In a mount namespace of its own: whoever else copies this machine's mounts meanwhile (unshare, a guest, the sandbox of a service)
# would hold the devices of the tests' disks.
maven_alone() {
  local MAVEN_INSIDE=(unshare --mount --propagation private)
  "$@"
}

maven() {
  (cd "$ROOT" && "${MAVEN_INSIDE[@]}" mvn -B -ntp "$@")
}
