# Every target sets up what it needs by itself, on a machine with Python 3.11+, make and git.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
CYCLONEDX_BOM := 7.5.0

.PHONY: help sandbox test simulate simulate-mutants test-deploy sbom fuzz soak soak-pacing mutants check import-graph format lock clean bench

help: ## Show the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

sandbox: $(VENV)/run.stamp ## The bot and a Slack workspace in your browser; ARGS="--reset" starts afresh, ARGS="--empty" with nothing set up, ARGS="--weeks 12" with a team of twelve and its past
	@$(BIN)/basecoach sandbox $(ARGS)

test: $(VENV)/dev.stamp ## Every test, on SQLite, PostgreSQL and (where Chromium is installed) in the browser
	@PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n auto --dist worksteal $(ARGS)

test-deploy: $(VENV)/dev.stamp ## Deployment that is run: the Dockerfile's steps, the wheel, the unit, compose and Kubernetes (root, debootstrap)
	@$(BIN)/pytest -v -s -n 0 tests/deploy/test_*.py tests/deploy/whole_*.py $(ARGS)

sbom: ## What a release is made of: sbom.json (CycloneDX) and licences.txt, from the locked requirements
	@rm -rf build/sbom && mkdir -p build/sbom
	@$(PYTHON) -m venv build/sbom/product && $(PYTHON) -m venv build/sbom/tool
	@build/sbom/product/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@build/sbom/product/bin/pip uninstall --quiet --yes setuptools pip
	@build/sbom/tool/bin/pip install --quiet --disable-pip-version-check cyclonedx-bom==$(CYCLONEDX_BOM)
	@build/sbom/tool/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --output-file build/sbom/sbom.json build/sbom/product
	@$(PYTHON) deploy/licences.py build/sbom/sbom.json >build/sbom/licences.txt
	@echo "build/sbom/sbom.json, build/sbom/licences.txt"

simulate: $(VENV)/dev.stamp ## Years in minutes, under faults: SEEDS=1000 WEEKS=52, or SEED=7 for one again with its trace
	@$(BIN)/python -m tests.simulation --weeks $(or $(WEEKS),52) $(if $(SEED),--seed $(SEED),--seeds $(or $(SEEDS),20)) $(ARGS)

fuzz: $(VENV)/dev.stamp ## Odd input of every kind: EXAMPLES=100000 of each
	@EXAMPLES=$(or $(EXAMPLES),100000) $(BIN)/pytest -q tests/fuzz $(ARGS)

soak: $(VENV)/dev.stamp ## Two bots on one PostgreSQL, killed at random, for MINUTES=10, by SEED=1
	@MINUTES=$(or $(MINUTES),10) SEED=$(or $(SEED),1) $(BIN)/pytest -q -s tests/soak/test_soak.py $(ARGS)

soak-pacing: $(VENV)/dev.stamp ## A Monday of REPS=10000 at the pace that Slack's limits allow, in virtual time, without and with refusals
	@REPS=$(or $(REPS),10000) $(BIN)/pytest -q -s tests/soak/test_pacing.py $(ARGS)

simulate-mutants: $(VENV)/dev.stamp ## Does the simulation see? Faults planted in the product, and which promise catches each
	@$(BIN)/python -m tests.simulation.mutants

mutants: $(VENV)/dev.stamp ## Do the tests see? Breaks a file or a folder in every small way: ARGS=bot/rules/weeks.py
	@$(BIN)/python -m tests.mutation $(or $(ARGS),bot/rules)

bench: $(VENV)/dev.stamp ## What it costs, side by side with what it stands on; ARGS="monday --quick --against COMMIT" beside an earlier build
	@$(BIN)/python -m bench $(ARGS)

check: $(VENV)/dev.stamp ## Format, lint, types and import rules
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

import-graph: $(VENV)/dev.stamp ## Who imports whom inside a package; ARGS="bot.domain bot.slack"
	@$(BIN)/python -m tests.import_graph $(ARGS)

format: $(VENV)/dev.stamp ## Put the code into shape
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: ## Renew the locked requirements from pyproject.toml (needs uv)
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.txt
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt

clean: ## Remove the virtual environment and the caches (data/ stays)
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis basecoach.egg-info build

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Basecoach needs Python 3.11 or newer; name one with make PYTHON=python3.12")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what Basecoach needs into $(VENV) (once; a minute or so) ..."
	@$(BIN)/python deploy/install.py requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/dev.stamp: requirements.txt requirements-dev.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what Basecoach, its tests and the checks need into $(VENV) (once; two minutes or so) ..."
	@$(BIN)/python deploy/install.py requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $(VENV)/run.stamp $@
