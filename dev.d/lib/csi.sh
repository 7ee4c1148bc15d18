# shellcheck shell=bash
# What Kubernetes' own tests of CSI drivers are taken from.

# Its module graph decides which version of the specification we are compared with.
CSI_TEST=v5.5.0
