#!/usr/bin/env bash
# Writes the lock files: hashes, all platforms, Python >= 3.11, and no address of a package registry.
# Versions that are locked already stay; delete a lock file, or pass --upgrade, to move on.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

compile() {
  .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-header --no-annotate "$@"
}

compile pyproject.toml --output-file requirements.lock "$@"
compile pyproject.toml --extra dev --constraint requirements.lock --output-file requirements-dev.lock "$@"
printf 'setuptools\nuv\n' | compile - --output-file scripts/setup/installer.lock "$@"
echo 'slither-analyzer' | compile - --output-file scripts/setup/slither.lock "$@"
printf 'cvc5\nhalmos\n' | compile - --output-file scripts/setup/halmos.lock "$@"
