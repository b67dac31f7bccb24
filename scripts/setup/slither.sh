#!/usr/bin/env bash
# Static analysis of the contracts with slither. It lives in an environment of its own, because it needs an older web3.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

if ! cmp -s scripts/setup/slither.lock .venv-slither/installed.lock; then
  printf 'setup: installing slither into .venv-slither ...\n' >&2
  rm -rf .venv-slither
  .venv/bin/python -m venv .venv-slither
  .venv/bin/uv pip install --quiet --python .venv-slither/bin/python --require-hashes -r scripts/setup/slither.lock
  cp scripts/setup/slither.lock .venv-slither/installed.lock
fi

cd contracts
export PATH="$PWD/node_modules/.bin:$PATH"
# Built first and read afterwards: slither's own call of forge would throw the compiled files away.
rm -rf out/build-info
forge build --build-info --force
../.venv-slither/bin/slither . --ignore-compile --config-file slither.config.json
