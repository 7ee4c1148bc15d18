# shellcheck shell=bash
# The list of what is in the image (CycloneDX 1.6), made of the image's own files: jars, Debian's packages, the Java runtime.

# write_sbom VERSION DEBIAN PRODUCT FILE: DEBIAN and PRODUCT are the two layers.
write_sbom() {
  local version=$1 debian=$2 product=$3
  { jars_of "$product"; packages_of "$debian"; runtime_of "$product"; } \
    | jq -s --arg version "$version" --arg made "$(date -u -d "@$PRODUCT_EPOCH" +%Y-%m-%dT%H:%M:%SZ)" '{
        bomFormat: "CycloneDX", specVersion: "1.6", version: 1,
        metadata: {timestamp: $made, component: {type: "container", name: "moorage", version: $version, "bom-ref": "moorage"}},
        components: (unique_by(."bom-ref") | sort_by(."bom-ref"))
      }' > "$4"
}

# Maven keeps what it built with in directories that are named by group, artifact and version.
jars_of() {
  local jar name path repository=${MAVEN_REPOSITORY:-$HOME/.m2/repository} known
  known=$(find "$repository" -name '*.jar' -printf '%P\n')
  while read -r jar; do
    name=$(basename "$jar")
    path=$(grep -m 1 -F "/$name" <<< "$known" || true)
    jq -n --arg name "${name%.jar}" --arg path "$path" --arg version "$(product_version)" --arg hash "$(sha256sum < "$jar" | cut -d ' ' -f 1)" '
      ($path | split("/")) as $parts
      | (if $path == "" then {group: "dev.moorage", name: ($name | sub("-" + $version + "$"; "")), version: $version}
         else {group: ($parts[:-3] | join(".")), name: $parts[-3], version: $parts[-2]} end)
      | . + {type: "library", purl: "pkg:maven/\(.group)/\(.name)@\(.version)", hashes: [{alg: "SHA-256", content: $hash}]}
      | . + {"bom-ref": .purl}'
  done < <(find "$1/opt/moorage/lib" -name '*.jar' | sort)
}

packages_of() {
  local file
  for file in "$1"/var/lib/dpkg/status.d/*; do
    awk -F ': ' '/^(Package|Version|Architecture): / { print $1 "\t" $2 }' "$file"
  done | jq -Rn '[inputs | split("\t")] | [range(0; length; 3) as $i | .[$i:$i + 3] | map({(.[0]): .[1]}) | add][]
    | {type: "library", name: .Package, version: .Version,
       purl: "pkg:deb/debian/\(.Package)@\(.Version | @uri)?arch=\(.Architecture)"} | . + {"bom-ref": .purl}'
}

runtime_of() {
  # shellcheck disable=SC1091
  (. "$1/opt/moorage/runtime/release" && jq -n --arg version "${JAVA_RUNTIME_VERSION:-$JAVA_VERSION}" --arg maker "${IMPLEMENTOR:-OpenJDK}" '
    {type: "platform", name: "openjdk", version: $version, supplier: {name: $maker}, "bom-ref": "openjdk@\($version)"}')
}
