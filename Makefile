# Everything a developer or an operator types. Needs Python 3.11 or newer, git and make.

PYTHON ?= python3
WORKERS ?= 2
BIND ?= 127.0.0.1:8000

BIN := .venv/bin
RUN := $(BIN)/python
UV := $(BIN)/uv
INSTALL := $(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes
# A worker keeps the tests of a file together, and helps out where more are left at the end.
PYTEST := $(BIN)/pytest -n $(WORKERS) --dist worksteal
# What compiles the tests once keeps half of the time that it takes to read them.
unexport PYTHONDONTWRITEBYTECODE
# --no-header and --no-config keep the maker's paths and package index out of the lock files.
COMPILE := $(UV) pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header --no-config --no-emit-index-url --no-emit-find-links

# The checks run without debugging, as a clinic does; the key only has to be long.
CHECKS := SECRET_KEY=only-for-the-checks-of-make-test-and-never-for-a-clinic-0123456789

# What the two databases could answer differently, and so is asked of both every day: locks, triggers,
# constraints, what the ledger and its neighbours write, text that one of them refuses.
ON_BOTH := tests/api/test_submissions.py tests/api/test_numbers.py tests/api/test_procedures.py \
	tests/api/test_stock.py tests/counts/test_count_at_once.py tests/counts/test_posted_sheet_in_sql.py \
	tests/procedures/test_amending.py tests/procedures/test_record.py tests/procedures/test_voiding.py \
	tests/procedures/test_past_procedures.py tests/purchasing/orders/test_orders_at_once.py \
	tests/purchasing/test_past_use.py \
	tests/purchasing/test_usage.py tests/recalls/test_record.py tests/scanning/test_lookup.py \
	tests/imports/test_import_command.py tests/imports/test_past_procedure_files.py \
	tests/stock/test_clocks.py tests/stock/test_many_receipts.py \
	tests/stock/test_concurrency.py tests/stock/test_invariants.py tests/stock/test_ledger.py \
	tests/stock/receiving/test_receipt_add.py tests/test_hostile_input.py \
	tests/stock/test_ledger_machine.py tests/stock/test_returns.py tests/stock/test_single_dose.py \
	tests/test_clean_up.py tests/test_constraints.py tests/test_databases.py tests/test_killed.py

.DEFAULT_GOAL := help
.PHONY: help demo serve test lint test-sqlite test-postgresql test-deep bench screenshots format \
	lock upgrade clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .venv/.runtime ## Open a made-up clinic on this machine, to try everything out
	DEBUG=1 $(RUN) manage.py demo

serve: .venv/.runtime ## Run the production server with the settings in the environment
	$(RUN) manage.py migrate --noinput
	$(BIN)/gunicorn inventory.wsgi --bind $(BIND) --workers $(WORKERS) --no-control-socket

test: lint test-sqlite test-postgresql ## Run all that has to pass: linters, types, tests on both databases

lint: .venv/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(CHECKS) $(RUN) manage.py check
	$(CHECKS) $(RUN) manage.py makemigrations --check --dry-run

test-sqlite: .venv/.dev
	$(PYTEST) --database sqlite

# What writes stock, and what strangers send. The pages that only show it are asked on PostgreSQL by
# test-deep, and a browser sees the same on either.
test-postgresql: .venv/.dev
	$(PYTEST) --database postgresql -m "not browser and not pure" $(ON_BOTH)

test-deep: .venv/.dev ## Run the tests with many more generated examples, storms and kills (slow)
	HYPOTHESIS_PROFILE=deep $(PYTEST) --database sqlite -m "not browser"
	HYPOTHESIS_PROFILE=deep $(PYTEST) --database postgresql -m "not browser and not pure"

bench: .venv/.dev ## Measure the screens and the ledger with a large clinic
	$(RUN) -m tests.bench

screenshots: .venv/.dev ## Take the pictures of the documentation with Chromium
	$(RUN) -m tests.screenshots

format: .venv/.dev ## Put the code in order
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock: .venv/.dev ## Lock the dependencies of pyproject.toml, keeping the versions that still fit
	$(COMPILE) --output-file requirements.txt
	$(COMPILE) --group dev --constraint requirements.txt --output-file requirements-dev.txt

upgrade: .venv/.dev ## Lock the newest versions that fit
	$(COMPILE) --upgrade --output-file requirements.txt
	$(COMPILE) --upgrade --group dev --constraint requirements.txt --output-file requirements-dev.txt

clean: ## Remove what make made; a clinic's data stays
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Vialkeeper needs Python 3.11 or newer; $(PYTHON) is `$(PYTHON) --version 2>&1`." \
			"Name a newer one, as in: make PYTHON=python3.12 demo" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "$(PYTHON) lacks its venv module. On Debian or Ubuntu: apt-get install python3-venv" >&2; \
		exit 1; }
	$(PYTHON) -m venv .venv

.venv/.runtime: requirements.txt | .venv/bin/python
	$(INSTALL) --requirement requirements.txt
	@touch $@

.venv/.dev: requirements.txt requirements-dev.txt | .venv/bin/python
	$(INSTALL) --requirement requirements-dev.txt
	@touch .venv/.runtime $@
