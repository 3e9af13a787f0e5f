# Everything sets itself up: `make demo` and `make test` work from a clean clone, and again offline.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

.PHONY: help setup system models demo serve test lint bench format

help: ## list the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

setup: .venv/.installed models ## virtual environment, locked packages, trained intent model

system: ## what the tests need of the system: a browser, a PostgreSQL server
	@missing=; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || command -v postgres >/dev/null || missing="$$missing postgresql"; \
	[ -z "$$missing" ] || { [ "$$(id -u)" = 0 ] && apt-get update -q \
		&& DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $$missing; } \
		|| echo "Missing: run 'apt-get install$$missing' as root. The tests that need it are skipped, or fail where CI is set."

models: models/nlu/.built ## train the intent model from the catalogue

demo: setup ## six simulated callers through the whole audio path
	$(BIN)/voicebot demo --out demo-out

serve: setup ## pages, softphone, bot and queue in one process
	$(BIN)/voicebot serve

test: setup system ## every test
	$(BIN)/pytest

lint: setup ## format, rules, types, architecture
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy

format: setup ## put the code into the house format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup ## measure; results go to benchmarks/results
	$(BIN)/python -m benchmarks

.venv/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Python 3.11 or later is needed (set PYTHON=...)'; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -q && apt-get install -y -q python3-venv; }
	[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

CATALOGUE := $(shell find scripts_catalog -name '*.yaml' 2>/dev/null)
models/nlu/.built: .venv/.installed $(CATALOGUE) $(wildcard voicebot/nlu/*.py)
	$(BIN)/python -m voicebot.nlu.training --out models/nlu
	@touch $@
