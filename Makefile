# Four commands: setup, check, test, demo. On a machine with python3, make and apt, `make demo` and
# `make test` do all of their own set-up.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PORT   ?= 8000
SECONDS ?= 600

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo check format docs test storm fuzz bench clean

help:  ## what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

$(VENV)/.server: pyproject.toml scripts/setup
	@scripts/setup server
	@touch $@

$(VENV)/.dev: pyproject.toml scripts/setup
	@scripts/setup dev
	@touch $@ $(VENV)/.server

setup: $(VENV)/.server  ## a virtual environment with the server in it

setup-dev: $(VENV)/.dev  ## … and with what the tests need (Chromium and PostgreSQL through apt)

demo: setup  ## serve a lively made-up company on http://127.0.0.1:8000
	@$(BIN)/assay demo --port $(PORT)

check: setup-dev  ## style, types, layers, sizes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/sizes.py

format: setup-dev  ## put the code into the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: setup  ## the pages of docs/formats, from the formats themselves
	$(BIN)/python scripts/format_docs.py

test: setup-dev check  ## the whole suite, on SQLite and PostgreSQL, in a real browser
	$(BIN)/pytest -n auto

storm: setup-dev  ## thirty rounds of kill -9 in an import storm
	STORM_ROUNDS=30 $(BIN)/pytest tests/test_storm.py

fuzz: setup-dev  ## every format, from the samples, for SECONDS (600); what is found stays in .fuzz
	@mkdir -p .fuzz
	cd .fuzz && ../$(BIN)/python ../tests/fuzz/formats.py -max_total_time=$(SECONDS) $(CURDIR)/.fuzz

bench: setup-dev  ## ratios beside the peers, budgets kept and missed
	$(BIN)/python -m bench.run

clean:  ## remove what make made; data stays
	rm -rf $(VENV) .bench .fuzz .mypy_cache .ruff_cache .pytest_cache .hypothesis screenshots
