# shellcheck shell=bash
# Makes the runnable product of the jars that Maven built: dist/{bin,lib,runtime}. It can be copied anywhere, as a whole.

# The time stamp of every file that is made here: the caches remember those of the jars, and images are the same when their content is.
PRODUCT_EPOCH=$(date -u -d 2026-01-01 +%s)

make_dist() {
  DIST=$ROOT/dist
  mkdir -p "$DIST/bin" "$DIST/lib"
  copy_jars
  copy_stores
  install -m 755 "$ROOT/deploy/launcher/moorage" "$DIST/bin/moorage"
  make_runtime
  find "$DIST/lib" "$DIST/runtime" \( -name '*.jar' -o -name modules \) -exec touch -d "@$PRODUCT_EPOCH" {} +
  make_caches
}

# Jars that did not change keep their time stamps, which the caches remember.
copy_jars() {
  local jar wanted
  wanted=$(mktemp -d)
  cp "$ROOT"/cli/target/lib/*.jar "$wanted/"
  cp "$ROOT"/cli/target/cli-*.jar "$wanted/moorage.jar"
  compile_picocli_anew "$wanted"
  take_out_zstd "$wanted"
  copy_router "$wanted"
  name_jars "$wanted"
  for jar in "$DIST"/lib/*.jar; do
    [ -e "$wanted/$(basename "$jar")" ] || rm -f "$jar"
  done
  for jar in "$wanted"/*.jar; do
    cmp -s "$jar" "$DIST/lib/$(basename "$jar")" || cp "$jar" "$DIST/lib/"
  done
  rm -rf "$wanted"
}

# name_jars DIRECTORY: the manifest of moorage.jar names what a command needs that asks the service, that of service.jar all other jars. A
# class or resource that is looked for and not there opens every jar of the class path, which takes longer than most commands.
name_jars() {
  local work jar commands=() others=()
  for jar in "$1"/*.jar; do
    case $(basename "$jar") in
      moorage.jar) ;;
      common-* | jakarta.json-api-* | parsson-* | picocli-* | snakeyaml-engine-*) commands+=("$(basename "$jar")") ;;
      *) others+=("$(basename "$jar")") ;;
    esac
  done
  work=$(mktemp -d)
  (cd "$work" && "$JDK25/bin/jar" --extract --file "$1/moorage.jar" && rm -r META-INF)
  jar_of_manifest "$1/moorage.jar" "Main-Class: dev.moorage.cli.Main" "${commands[*]}" -C "$work" .
  jar_of_manifest "$1/service.jar" "" "${others[*]}"
  rm -rf "$work"
}

# jar_of_manifest JAR ATTRIBUTES CLASS-PATH [ARGUMENT…]: its lines are of 72 bytes at most, and go on behind a space.
jar_of_manifest() {
  local jar=$1 attributes=$2 path=$3 manifest
  shift 3
  manifest=$(mktemp)
  { [ -z "$attributes" ] || echo "$attributes"; echo "Class-Path: $path" | fold -b -w 70 | sed '2,$s/^/ /'; } > "$manifest"
  "$JDK25/bin/jar" --create --date 2026-01-01T00:00:00Z --file "$jar" --manifest "$manifest" "$@"
  rm -f "$manifest"
}

# copy_router DIRECTORY: what only the router of a cluster needs lies beside the rest, and the launcher adds it to the class path.
copy_router() {
  local target=$DIST/lib/router
  rm -rf "$target"
  mkdir -p "$target"
  mv "$1"/kubernetes-*.jar "$1"/zjsonpatch-*.jar "$1"/jackson-*.jar "$1"/snakeyaml-[0-9]*.jar "$1"/slf4j-*.jar "$1"/bc*-jdk18on-*.jar "$target/"
  local jar
  for jar in "$target"/bc*.jar; do
    take_out_signature "$jar"
  done
}

# take_out_signature JAR: the caches leave out classes of signed jars, and each start would check the digests of all their files. We use them
# as any library; that they are what their makers published was seen to when they were fetched.
take_out_signature() {
  local work
  work=$(mktemp -d)
  (cd "$work" && "$JDK25/bin/jar" --extract --file "$1" && rm -f META-INF/*.SF META-INF/*.RSA META-INF/*.DSA META-INF/*.EC)
  # Of the manifest what stands before the digests; it ends with an empty line.
  sed '/^[[:space:]]*$/q' "$work/META-INF/MANIFEST.MF" > "$work.manifest"
  rm "$work/META-INF/MANIFEST.MF"
  "$JDK25/bin/jar" --create --date 2026-01-01T00:00:00Z --file "$1" --manifest "$work.manifest" -C "$work" .
  rm -rf "$work" "$work.manifest"
}

# Object stores with large clients lie beside, each with its own jars: on the class path they would be opened at every start.
copy_stores() {
  local store target
  rm -rf "$DIST/lib/stores"
  for store in s3 gcs azure; do
    target=$DIST/lib/stores/$store
    mkdir -p "$target"
    cp "$ROOT/store-$store"/target/lib/*.jar "$ROOT/store-$store"/target/store-"$store"-*.jar "$target/"
  done
}

# compile_picocli_anew DIRECTORY: its class files are of Java 5, and the caches leave out what is that old, which would make each
# command a third slower. Compiled from the sources of the same version they are in it.
compile_picocli_anew() {
  local jar work
  jar=$(echo "$1"/picocli-*.jar)
  work=$(mktemp -d)
  (cd "$work" && "$JDK25/bin/jar" --extract --file "$ROOT/cli/target/picocli/$(basename "$jar" .jar)-sources.jar")
  find "$work/picocli" -name '*.java' > "$work/files"
  "$JDK25/bin/javac" -nowarn -proc:none --release 25 -d "$work/classes" "@$work/files" || die "picocli could not be compiled anew"
  cp -r "$work/META-INF" "$work/classes/" 2> /dev/null || true
  rm -f "$work/classes/META-INF/MANIFEST.MF"
  "$JDK25/bin/jar" --create --date 2026-01-01T00:00:00Z --file "$jar" -C "$work/classes" .
  rm -rf "$work"
}

# take_out_zstd DIRECTORY: the library's jar brings its native code for eighteen systems and would unpack that of this one into the
# directory for temporary files, which may be read-only or noexec. The product has it as a file, which the launcher names.
take_out_zstd() {
  local jar work system
  jar=$(echo "$1"/zstd-jni-*.jar)
  work=$(mktemp -d)
  system=$(sed -n 's/^OS_ARCH="\(.*\)"/\1/p' "$JDK25/release" | sed 's/^x86_64$/amd64/')
  (cd "$work" && "$JDK25/bin/jar" --extract --file "$jar")
  cmp -s "$work/linux/$system/lib"*.so "$DIST/lib/libzstd-jni.so" \
    || install -m 755 "$work/linux/$system/lib"*.so "$DIST/lib/libzstd-jni.so" || die "zstd-jni has no native code for $system"
  rm -rf "$work"/{linux,win,darwin,freebsd,aix}
  mv "$work/META-INF/MANIFEST.MF" "$work.manifest"
  "$JDK25/bin/jar" --create --date 2026-01-01T00:00:00Z --file "$jar" --manifest "$work.manifest" -C "$work" .
  rm -rf "$work" "$work.manifest"
}

# unchanged STAMP WHAT: whether the file STAMP already holds the text WHAT.
unchanged() { [ "$(cat "$1" 2> /dev/null)" = "$2" ]; }

# The modules of the JDK that the jars use, and nothing else.
make_runtime() {
  local modules wanted stamp=$DIST/runtime/made-of
  modules=$("$JDK25/bin/jdeps" --multi-release 25 --ignore-missing-deps --print-module-deps "$DIST"/lib/*.jar) \
    || die "jdeps could not tell which modules the product uses"
  # What the clients of the object stores need; jdeps would add what they only ask for, such as java.desktop.
  modules=$modules,java.naming,java.net.http,java.xml,jdk.unsupported
  wanted="$modules of $(sha256sum < "$JDK25/release")"
  if unchanged "$stamp" "$wanted"; then
    return 0
  fi
  rm -rf "$DIST/runtime"
  "$JDK25/bin/jlink" --add-modules "$modules" --strip-java-debug-attributes --no-header-files --no-man-pages --output "$DIST/runtime" \
    || die "jlink could not make the runtime"
  echo "$wanted" > "$stamp"
}
