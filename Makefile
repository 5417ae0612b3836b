# What people type. Each target prepares what it needs: nothing but python3 (3.11 or newer) and make is expected.
VENV   ?= .venv
PYTHON ?= python3
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --no-input
APP    := $(BIN)/python -m appointments_app
SHELL  := /bin/sh
# A file of tests stays with one worker, which has servers and databases of its own.
AT_ONCE := --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder
export PYTHONUNBUFFERED := 1

.DEFAULT_GOAL := help
.PHONY: help run demo dev build migrate test test-long lint format bench wheel lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' Makefile

run: $(VENV)/.installed ## install, build the pages once, and serve on http://localhost:3000
	@$(APP) serve

demo: $(VENV)/.installed ## the same with sample data, in a database of its own, and printed sign-ins
	@APPOINTMENTS_DATABASE_URL=$${APPOINTMENTS_DATABASE_URL:-sqlite:///data/demo.db} sh -c '$(APP) demo && exec $(APP) serve'

dev: $(VENV)/.installed ## hot reload, for developers
	@$(APP) dev

build: $(VENV)/.installed ## build the pages, if their sources changed
	@$(APP) build

migrate: $(VENV)/.installed ## bring the database up to date
	@$(APP) migrate

test: $(VENV)/.installed-test ## all tests: both databases and a real browser
	@$(BIN)/python -m tests.services
	@$(APP) build
	@$(BIN)/python -m pytest $(AT_ONCE)

test-long: $(VENV)/.installed-test ## the tests that take minutes, too
	@$(BIN)/python -m tests.services
	@$(APP) build
	@$(BIN)/python -m pytest $(AT_ONCE) -m "long or not long"

lint: $(VENV)/.installed-test ## style, types, import rules, and migrations against models
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m tests.services.pyright
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m tests.services.schema

format: $(VENV)/.installed-test ## lay the code out, sort imports, put simple findings right
	$(BIN)/ruff check --fix --exit-zero --quiet .
	$(BIN)/ruff format .

bench: $(VENV)/.installed-test ## the operations of docs/performance, one JSON line each
	@$(BIN)/python -m tests.benchmarks

wheel: $(VENV)/.installed ## dist/*.whl with the built pages inside: it needs no Node
	@$(APP) build
	@rm -f dist/appointments-*
	@$(BIN)/python -m hatchling build -t wheel

# With their extras: pip takes a package asked for as granian[reload] for another than one pinned as granian.
# What runs is held to what is tested: a package that a test tool keeps back is kept back for everybody.
LOCK := $(BIN)/uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes \
  --no-strip-extras --no-emit-index-url --no-header --no-annotate -q
lock: $(VENV)/.installed-test ## write the lists of exact versions anew
	@$(LOCK) --group test -o requirements-test.lock
	@$(LOCK) --constraint requirements-test.lock -o requirements.lock

clean: ## remove what was built and installed; the data stays
	rm -rf $(VENV) .web .cache dist build appointments_app/_site tests/screens .pytest_cache .ruff_cache .hypothesis \
	  .import_linter_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Appointments needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "Python cannot make a virtual environment here: install its venv package (Debian: python3-venv)."; exit 1; }

$(VENV)/.installed: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing the packages of requirements.lock."
	@$(PIP) install --quiet --require-hashes -r requirements.lock
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-test: requirements-test.lock $(VENV)/.installed
	@echo "Installing the packages of requirements-test.lock."
	@$(PIP) install --quiet --require-hashes -r requirements-test.lock
	@touch $@
