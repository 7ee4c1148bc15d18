# shellcheck shell=bash
# help: manifests [crds]               write manifests/moorage.yaml from manifests/base anew; with crds, those of snapshots too

# Of them, and of the snapshot controller that manifests/snapshot-controller names.
SNAPSHOTTER_CLIENT=github.com/kubernetes-csi/external-snapshotter/client/v8@v8.6.0

dev_manifests() {
  case ${1:-} in
    "") ;;
    crds) write_crds ;;
    *) die "manifests knows the word crds, not '$1'" ;;
  esac
  need_commands kubectl:kubernetes-client
  write_flat
}

# The first line is by what a test sees that the rest is not what the base says.
write_flat() {
  local flat=$ROOT/manifests/moorage.yaml
  {
    echo "# kubectl kustomize manifests/base, by ./dev manifests; not edited. Made of $(base_sum)"
    kubectl kustomize "$ROOT/manifests/base"
  } > "$flat.new"
  mv "$flat.new" "$flat"
  say "manifests/moorage.yaml has $(grep -c '^kind:' "$flat") objects"
}

base_sum() { (cd "$ROOT/manifests/base" && LC_ALL=C && cat -- *.yaml | sha256sum | cut -d ' ' -f 1); }

# They are in the repository, though another project's text: who installs the driver has kubectl, and not always Go.
write_crds() {
  local module crds=$ROOT/manifests/snapshot-controller/crds.yaml
  module=$("$(go_command)" mod download -json "$SNAPSHOTTER_CLIENT" | sed -n 's/^[[:space:]]*"Dir": "\(.*\)",\{0,1\}$/\1/p')
  [ -d "$module" ] || die "$SNAPSHOTTER_CLIENT could not be fetched"
  {
    echo "# config/crd of $SNAPSHOTTER_CLIENT, licensed under the Apache License 2.0; by ./dev manifests crds, not edited."
    cat "$module"/config/crd/*snapshot.storage.k8s.io_*.yaml
  } > "$crds.new"
  mv "$crds.new" "$crds"
}
