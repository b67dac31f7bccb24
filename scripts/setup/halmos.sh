#!/usr/bin/env bash
# Symbolic proofs about the contracts. halmos and its solver live in an environment of their own: it needs older packages.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

if ! cmp -s scripts/setup/halmos.lock .venv-halmos/installed.lock; then
  printf 'setup: installing halmos and cvc5 into .venv-halmos ...\n' >&2
  rm -rf .venv-halmos
  .venv/bin/python -m venv .venv-halmos
  .venv/bin/uv pip install --quiet --python .venv-halmos/bin/python --require-hashes -r scripts/setup/halmos.lock
  cp scripts/setup/halmos.lock .venv-halmos/installed.lock
fi

exec .venv/bin/python -m scripts.proofs.prove "$@"
