#!/usr/bin/env bash
# usage: deploy.sh DIRECTORY
# Installs Moorage on the cluster as its manifests do, with a repository in the cluster's S3 server, and waits until it serves. What is
# there already stays as it is.
set -euo pipefail
HERE=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
ROOT=$(readlink -f "$HERE/../..")
. "$HERE/../lib/say.sh"
. "$HERE/inside.sh"

D=$(readlink -f "$1")
export AWS_ACCESS_KEY_ID=MOORAGETESTKEY AWS_SECRET_ACCESS_KEY=moorage-test-secret
ENDPOINT=http://10.1.0.254:7070

kube() { kubectl_inside "$D" "$@"; }

# A bucket, and in it a repository whose key is in DIRECTORY/backups.key: made by a service that runs for this moment.
make_repository() {
  local work=$D/repository pid service
  mkdir "$work"
  pid=$(< "$D/pid")
  nsenter --target "$pid" --net curl -sS --fail --retry 30 --retry-connrefused --retry-delay 1 -X PUT --aws-sigv4 aws:amz:us-east-1:s3 \
    --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' "$ENDPOINT/moorage"
  nsenter --target "$pid" --net "$ROOT/dist/bin/moorage" serve --pool "$work/pool" --pool-backends directory --run-dir "$work/run" \
    --docker-socket "$work/docker.sock" --admin-socket "$work/admin.sock" > "$D/log/repository.log" 2>&1 &
  service=$!
  for _ in $(seq 300); do
    ! grep -q '^ready' "$D/log/repository.log" || break
    sleep 0.1
  done
  MOORAGE_ADMIN_SOCKET=$work/admin.sock "$ROOT/dist/bin/moorage" repository create backups s3://moorage/cluster \
    --option "endpoint=$ENDPOINT" --option region=us-east-1 --generate-key-file "$work/backups.key" > "$D/log/recovery-key" \
    || die "no repository could be made: $(tail -n 5 "$D/log/repository.log")"
  kill "$service"
  wait "$service" || true
  mv "$work/backups.key" "$D/"
  rm -rf "$work"
}

[ -e "$D/backups.key" ] || make_repository
kube apply -k "$ROOT/manifests/snapshot-controller" > /dev/null
kube wait --for=condition=Established crd --all --timeout=60s > /dev/null
kube create namespace moorage-system --dry-run=client -o yaml | kube apply -f - > /dev/null
kube -n moorage-system create secret generic moorage-repository-keys --from-file="$D/backups.key" --dry-run=client -o yaml | kube apply -f - > /dev/null
kube -n moorage-system create secret generic moorage-repository-credentials --from-literal=AWS_ACCESS_KEY_ID="$AWS_ACCESS_KEY_ID" \
  --from-literal=AWS_SECRET_ACCESS_KEY="$AWS_SECRET_ACCESS_KEY" --dry-run=client -o yaml | kube apply -f - > /dev/null
kube apply -k "$HERE/overlay" > /dev/null
kube -n moorage-system rollout status daemonset/moorage-node --timeout=180s > /dev/null
kube -n moorage-system rollout status deployment/moorage-controller --timeout=180s > /dev/null
for n in 1 2; do
  kube wait --for=jsonpath='{.spec.drivers[0].name}'=csi.moorage.dev "csinode/node-$n" --timeout=60s > /dev/null
done
