# The image of ./dev image, for who builds with Docker alone:
#   docker build -t moorage/moorage .
# From a checkout as it is the first stage builds the product; when dist/ is there (./dev build), it is taken as it is, and any base will do.
# No stage needs a registry when both bases are on this machine.
ARG BUILD_IMAGE=maven:3-eclipse-temurin-25
ARG DEBIAN_IMAGE=debian:bookworm-slim

FROM ${BUILD_IMAGE} AS product
WORKDIR /src
COPY . .
RUN [ -x dist/bin/moorage ] || ./dev build \
  || { echo "This stage could not build the product. Run ./dev build outside, and the next docker build takes dist/ as it is," \
    "or name an image with JDK 25, Maven and curl: --build-arg BUILD_IMAGE=…" >&2; exit 1; }
RUN mkdir -p /product/opt/moorage \
  && cp -a dist/bin dist/lib dist/runtime /product/opt/moorage/ \
  && chmod -R go+rX /product

FROM ${DEBIAN_IMAGE} AS debian
COPY dev.d/image/collect.sh dev.d/image/packages.sh /collect/
RUN command -v mkfs.ext4 > /dev/null && command -v mkfs.xfs > /dev/null \
  || { apt-get update && apt-get install -y --no-install-recommends e2fsprogs xfsprogs; }
RUN bash /collect/collect.sh /collected

FROM scratch
ARG VERSION=unknown
ARG REVISION=unknown
COPY --from=debian /collected/ /
COPY --from=product /product/ /
# The second one says that this is a container: serve then looks whether its mounts reach the host.
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  MOORAGE_CONTAINER=yes
LABEL org.opencontainers.image.title="Moorage" \
  org.opencontainers.image.description="Container volumes on local disks whose snapshots live in an object store" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}"
WORKDIR /
ENTRYPOINT ["/usr/bin/moorage"]
CMD ["--help"]
