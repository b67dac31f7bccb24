#!/usr/bin/env bash
# Makes sure that the programs of a PostgreSQL server are there, for the tests and the benchmark that run on one.
# Never starts a server: they start one of their own. Without them those tests are skipped, except in CI.
set -euo pipefail

say() { printf '%s\n' "$*" >&2; }

server_found() {
  command -v postgres >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null ||
    compgen -G '/opt/homebrew/opt/postgresql*/bin/postgres' >/dev/null
}

if server_found; then exit 0; fi

if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
  say "setup: installing the PostgreSQL server for the tests (apt-get install postgresql) ..."
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq >&2 || say "setup: apt-get update failed, trying with the package lists at hand"
  if apt-get install -qq -y --no-install-recommends postgresql >&2 && server_found; then exit 0; fi
  say "setup: PostgreSQL could not be installed; the tests that need it will be skipped"
else
  say "setup: no PostgreSQL server found; the tests that need it will be skipped."
  say "       To run them, install one: apt-get install postgresql (Debian, Ubuntu) or brew install postgresql (macOS)."
fi
