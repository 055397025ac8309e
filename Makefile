# Every target makes .venv itself; PYTHON may name another interpreter, 3.11 or newer.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

# Tests start thousands of programs: each would compile all its modules anew where the environment keeps bytecode off the disk.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test nightly check format bench lock clean

help: ## show the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

$(STAMP): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "gonogo needs Python 3.11 or newer; this is " + sys.version.split()[0] + "; set PYTHON=")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

demo: $(STAMP) ## drive the bundled engine and print a verdict with the report's path
	$(BIN)/gonogo run

test: $(STAMP) ## all tests, in parallel
	$(BIN)/python -m pytest -n auto

nightly: $(STAMP) ## the tests that take many minutes
	$(BIN)/python -m pytest -n auto -m nightly

check: $(STAMP) ## format, lint, types, layers, house rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/unit/test_house.py

bench: $(STAMP) ## what each part costs, as ratios within one run
	$(BIN)/gonogo bench

format: $(STAMP) ## format the code and mend what ruff can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(STAMP) ## pin every dependency again, with hashes
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --extra dev --extra profile pyproject.toml -o requirements.lock

clean: ## remove what the targets made
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
