# shellcheck shell=bash
# The certificates of the cluster, and the kubeconfig files of those who talk to its API.

# make_pki DIRECTORY: everything below DIRECTORY/pki, and DIRECTORY/NAME.conf.
make_pki() {
  PKI=$1/pki
  mkdir "$PKI"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$PKI/ca.key" -out "$PKI/ca.crt" -days 30 -subj /CN=cluster 2> /dev/null
  openssl genrsa -out "$PKI/sa.key" 2048 2> /dev/null
  openssl rsa -in "$PKI/sa.key" -pubout -out "$PKI/sa.pub" 2> /dev/null
  certificate apiserver /CN=kube-apiserver "IP:127.0.0.1,IP:10.0.0.1,DNS:localhost,DNS:kubernetes.default.svc"
  certificate kubelet-client /O=system:masters/CN=kube-apiserver-kubelet-client
  identity "$1" admin /O=system:masters/CN=admin
  identity "$1" controllers /CN=system:kube-controller-manager
  identity "$1" scheduler /CN=system:kube-scheduler
  local n
  for n in 1 2; do
    identity "$1" "node-$n" "/O=system:nodes/CN=system:node:node-$n" "DNS:node-$n,IP:10.1.0.$n"
  done
}

# certificate NAME SUBJECT [ALTERNATIVE_NAMES]
certificate() {
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$PKI/$1.key" -out "$PKI/$1.csr" -subj "$2" 2> /dev/null
  openssl x509 -req -in "$PKI/$1.csr" -CA "$PKI/ca.crt" -CAkey "$PKI/ca.key" -CAcreateserial -days 30 -out "$PKI/$1.crt" \
    -extfile <(printf 'extendedKeyUsage=serverAuth,clientAuth\n%s' "${3:+subjectAltName=$3}") 2> /dev/null
}

# identity DIRECTORY NAME SUBJECT [ALTERNATIVE_NAMES]: a certificate and a kubeconfig that uses it.
identity() {
  certificate "$2" "$3" "${4:-}"
  cat > "$1/$2.conf" <<CONFIG
apiVersion: v1
kind: Config
clusters: [{name: moorage, cluster: {server: "https://10.0.0.1", certificate-authority: $PKI/ca.crt}}]
users: [{name: $2, user: {client-certificate: $PKI/$2.crt, client-key: $PKI/$2.key}}]
contexts: [{name: $2, context: {cluster: moorage, user: $2}}]
current-context: $2
CONFIG
}
