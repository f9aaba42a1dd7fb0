# Everything anyone needs to run, test and measure the provider. `make` alone says what there is.
MAKEFLAGS += --no-print-directory
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

BIN := .venv/bin
SOURCES := $(wildcard idp tests bench)
NODE_MODULES := tests/relying_parties/node_modules/.package-lock.json
PYTEST := $(BIN)/python -m pytest
# A file stays on one worker: what its fixtures start is started once. (xdist 3.8 loses its groups with
# pytest 9.2.)
PARALLEL := -n auto --dist loadfile --no-loadscope-reorder -m "not timed"
# Where they are: to collect all others would take longer than to look.
TIMED = $(shell grep -rl "mark.timed" tests --include "test_*.py")

.PHONY: help
help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

.PHONY: demo
demo: .venv/demo.stamp ## try it: the provider, a site that signs in with it, and a mailbox
	@$(BIN)/idp demo

.PHONY: demo-reset
demo-reset: .venv/demo.stamp ## try it from the start: what the demo kept is removed first
	@$(BIN)/idp demo --reset

.PHONY: test
test: lint types .system-packages $(NODE_MODULES) ## check everything: lint, types, all tests
	@$(PYTEST) $(PARALLEL)
	@$(PYTEST) -m timed $(TIMED)  # these measure durations: alone

.PHONY: test-fast
test-fast: .venv/dev.stamp ## unit, integration and flow tests, on SQLite alone
	@$(PYTEST) $(PARALLEL) --databases sqlite \
		tests/test_architecture.py $(wildcard tests/unit tests/integration tests/flows)

.PHONY: bench
bench: .venv/dev.stamp .system-packages ## measure costs, overload and growth, with a picture (bench.svg); about 12 minutes
	@$(BIN)/python -m bench

.PHONY: coverage
coverage: .venv/dev.stamp ## which lines and branches the unit, integration and flow tests reach
	@$(PYTEST) $(PARALLEL) --databases sqlite --cov --cov-report term-missing:skip-covered \
		$(wildcard tests/unit tests/integration tests/flows)

.PHONY: lint
lint: .venv/dev.stamp ## ruff: rules and format
	@$(BIN)/ruff check --output-format concise .
	@$(BIN)/ruff format --check .

.PHONY: types
types: .venv/dev.stamp ## mypy, strict
	@$(BIN)/mypy $(SOURCES)

.PHONY: format
format: .venv/dev.stamp ## let ruff format the code and mend what it can
	@$(BIN)/ruff check --fix --exit-zero .
	@$(BIN)/ruff format .

.PHONY: lock
lock: .venv/dev.stamp ## make .ci/lock again from pyproject.toml (UPGRADE=1: with the newest versions)
	@.ci/make-locks $(if $(UPGRADE),--upgrade)

.PHONY: clean
clean: ## remove what make made (the demo's data too)
	@rm -rf .venv .demo .coverage htmlcov .hypothesis .mypy_cache .pytest_cache .ruff_cache bench*.svg
	@rm -rf tests/relying_parties/node_modules
	@find idp tests bench -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

.PHONY: .system-packages
.system-packages:
	@.ci/system-packages

.venv/%.stamp: .ci/lock/%.txt .ci/make-environment pyproject.toml
	@.ci/make-environment $*

$(NODE_MODULES): tests/relying_parties/package-lock.json
	@echo "Installing the relying parties of the tests"
	@cd tests/relying_parties && npm ci --no-fund --no-audit --loglevel=error
	@touch $@
