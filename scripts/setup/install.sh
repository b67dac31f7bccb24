#!/usr/bin/env bash
# Installs what Tallystick needs, inside the project folder: .venv and contracts/node_modules.
# usage: scripts/setup/install.sh run|dev      ("dev" adds the test and lint tools)
# Says nothing when all is up to date. Everything is said on standard error: standard output belongs to results.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly VENV=.venv
readonly PYTHON_STAMP=$VENV/tallystick.stamp
readonly NODE_STAMP=contracts/node_modules/.tallystick.stamp

say() { printf '%s\n' "$*" >&2; }

find_python() {
  local candidate
  for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  return 1
}

check_tools() {
  local missing=0
  PYTHON_FOUND=$(find_python) || { say "missing: Python >= 3.11 (set PYTHON=/path/to/python3 if it has another name)"; missing=1; }
  if [[ -n ${PYTHON_FOUND:-} ]] && ! "$PYTHON_FOUND" -c 'import venv, ensurepip' 2>/dev/null; then
    say "missing: the venv module of $PYTHON_FOUND (Debian and Ubuntu: the package python3-venv)"
    missing=1
  fi
  if ! node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null; then
    say "missing: Node >= 20 (found: $(node --version 2>/dev/null || echo none))"
    missing=1
  fi
  command -v npm >/dev/null || { say "missing: npm (it comes with Node)"; missing=1; }
  command -v git >/dev/null || { say "missing: git"; missing=1; }
  if ((missing)); then
    say "Install what is missing and run the same command again."
    exit 1
  fi
}

# A stamp names everything its folder was made from, so a changed lock, or a moved clone, installs again.
python_stamp() { echo "$1 $PWD $(git hash-object pyproject.toml requirements.lock requirements-dev.lock scripts/setup/installer.lock | tr '\n' ' ')"; }
node_stamp() { echo "$1 $(git hash-object contracts/package.json contracts/package-lock.json | tr '\n' ' ')"; }

# Development tools that are already there stay there: "run" never takes away what "dev" installed.
wanted_mode() {
  local stamp=$1 mode=$2
  if [[ -f $stamp && $(cut -d' ' -f1 "$stamp") == dev ]]; then mode=dev; fi
  echo "$mode"
}

install_python() {
  local mode=$1 lock=requirements.lock
  if [[ $mode == dev ]]; then lock=requirements-dev.lock; fi
  rm -f "$PYTHON_STAMP"
  if [[ ! -x $VENV/bin/python || $(head -n1 "$VENV/bin/pip" 2>/dev/null) != "#!$PWD/"* ]]; then
    rm -rf "$VENV"
    "$PYTHON_FOUND" -m venv "$VENV"
  fi
  # uv installs the same hash-checked lock some twenty times faster than pip; pip brings uv itself.
  "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r scripts/setup/installer.lock
  # Compiled once, here: where PYTHONDONTWRITEBYTECODE is set each start would compile all of it again.
  local uv=("$VENV/bin/uv" pip install --quiet --compile-bytecode --python "$VENV/bin/python")
  "${uv[@]}" --require-hashes -r "$lock"
  "${uv[@]}" --no-deps --no-build-isolation --editable .
  "$VENV/bin/python" -m compileall -q domain chain indexer api scripts
  python_stamp "$mode" >"$PYTHON_STAMP"
}

# The lock holds the programs for the platform that CI has; any other platform asks for its own by name.
install_platform_programs() {
  local tool os arch version
  os=$(node -p process.platform)
  arch=$(node -p 'process.arch === "x64" ? "amd64" : process.arch')
  version=$(node -p 'require("./package.json").optionalDependencies["@foundry-rs/anvil-linux-amd64"]')
  for tool in anvil cast forge; do
    [[ -d node_modules/@foundry-rs/$tool-$os-$arch ]] && continue
    npm install --no-save --ignore-scripts --no-audit --no-fund "@foundry-rs/$tool-$os-$arch@$version"
  done
}

install_node() {
  local mode=$1 options=()
  if [[ $mode == run ]]; then options=(--omit=dev); fi
  cd contracts
  npm ci --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=error ${options[@]+"${options[@]}"}
  install_platform_programs
  cd ..
  node_stamp "$mode" >"$NODE_STAMP"
}

current() { [[ -f $1 && $(cat "$1") == "$2" ]]; }

main() {
  local mode=${1:-run} python_mode node_mode started=$SECONDS node_job=
  [[ $mode == run || $mode == dev ]] || { say "usage: $0 run|dev"; exit 2; }
  check_tools
  python_mode=$(wanted_mode "$PYTHON_STAMP" "$mode")
  node_mode=$(wanted_mode "$NODE_STAMP" "$mode")
  if ! current "$NODE_STAMP" "$(node_stamp "$node_mode")"; then
    say "setup: installing the compiler and the development node into contracts/node_modules ..."
    (install_node "$node_mode") >&2 &
    node_job=$!
  fi
  if ! current "$PYTHON_STAMP" "$(python_stamp "$python_mode")"; then
    say "setup: installing the Python packages into $VENV ..."
    install_python "$python_mode" >&2
    say "setup: Python packages ready ($((SECONDS - started)) s)"
  fi
  if [[ -n $node_job ]]; then
    wait "$node_job" || { say "setup: npm ci failed, see above"; exit 1; }
    say "setup: compiler and node ready ($((SECONDS - started)) s)"
  fi
}

main "$@"
