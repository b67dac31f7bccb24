# Every command of the project. Standard output carries results only; what the setup says goes to standard error.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

TALLY := .venv/bin/tally
PYTHON_VENV := .venv/bin/python
FORGE := $(CURDIR)/contracts/node_modules/.bin/forge
ARGS ?=
NAME ?= story
ifdef INVOICES
export INVOICES
endif

.PHONY: help setup setup-dev demo up bench test lint types contracts gas drift lock slither coverage prove mutants clean

help: ## list the commands
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' Makefile

setup: ## install what running needs into this folder (.venv, contracts/node_modules)
	@bash scripts/setup/install.sh run

setup-dev: ## the same with the test and lint tools
	@bash scripts/setup/install.sh dev

demo: setup ## play the whole story and prove it (INVOICES=folder, ARGS=--json)
	@$(TALLY) demo $(ARGS)

up: setup ## start the system with the story's data and keep it running (state in ./data)
	@$(TALLY) up $(ARGS)

bench: setup ## run a benchmark (NAME=story|gas|index|questions, ARGS=--json)
	@if [[ $(NAME) == index ]]; then bash scripts/setup/postgres.sh; fi
	@$(TALLY) bench $(NAME) $(ARGS)

contracts: setup-dev ## compile the contracts
	@cd contracts && $(FORGE) build

test: setup-dev ## run all tests, Solidity and Python, two files at a time (PYTEST_ARGS=...)
	@bash scripts/setup/postgres.sh
	@cd contracts && $(FORGE) test
	@.venv/bin/pytest -n 2 --dist loadfile $(PYTEST_ARGS)

lint: setup-dev ## check style, types, import directions and formats
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/lint-imports --no-cache
	@cd contracts && $(FORGE) fmt --check && $(FORGE) fmt --check bench/src bench/test
	@cd contracts && node_modules/.bin/solhint --noPoster --max-warnings 0 'src/**/*.sol' 'bench/src/**/*.sol'
	@.venv/bin/check-jsonschema --builtin-schema vendor.compose-spec docker/compose.yaml

types: setup-dev ## check the types (mypy strict)
	@.venv/bin/mypy

gas: setup-dev ## measure the gas of each operation into contracts/snapshots
	@cd contracts && FORGE_SNAPSHOT_EMIT=true $(FORGE) test --match-contract Gas

drift: setup-dev ## fail if a generated file or a gas figure differs from what it comes from
	@$(PYTHON_VENV) -m chain.codegen --check
	@cd contracts && FORGE_SNAPSHOT_CHECK=true $(FORGE) test --match-contract Gas

lock: setup-dev ## resolve the Python dependencies of pyproject.toml again
	@bash scripts/setup/lock.sh

slither: setup-dev ## static analysis of the contracts, in an environment of its own (.venv-slither)
	@bash scripts/setup/slither.sh

coverage: setup-dev ## lines and branches of the contracts that the tests reach, which have to be all
	@$(PYTHON_VENV) -m scripts.proofs.coverage

prove: setup-dev ## prove words, shares, interest and the floor for every value, with halmos (ARGS=--refute)
	@bash scripts/setup/halmos.sh $(ARGS)

mutants: setup-dev ## put faults into the ledger one by one and have the tests find them (ARGS="--sample 200")
	@$(PYTHON_VENV) -m scripts.proofs.mutation $(ARGS)

clean: ## remove what was built and compiled (not ./data, not what is installed)
	@rm -rf contracts/out contracts/cache contracts/bench/out contracts/bench/cache chain/artifacts .pytest_cache .mypy_cache .ruff_cache .hypothesis
