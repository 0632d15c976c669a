# Two commands do everything on a fresh machine: `make demo` and `make test`.
# Everything is installed into .venv; nothing else on the machine is touched.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt
WHERE  ?= tests
STEPS  ?= 1000000
SEED   ?= 1

# Tests start the service dozens of times: compiling it anew each time doubles a start.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo run test check bench simulate format clean

help: ## show what can be made
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' $(MAKEFILE_LIST) | expand -t 14

demo: $(VENV)/.run ## play a Friday night, then try it yourself on simulated phones
	@$(BIN)/oncall demo

run: $(VENV)/.run ## start the service on oncall.toml (written first if it is not there)
	@test -f oncall.toml || $(BIN)/oncall init oncall.toml
	@$(BIN)/oncall serve

test: $(VENV)/.test ## run all tests, on SQLite and PostgreSQL
	@echo "testing …"
	@$(BIN)/python -m pytest --quiet -n 2 --dist worksteal $(WHERE)

check: $(VENV)/.check ## lint, format, types and floors
	@echo "linting …"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@echo "checking types …"
	@$(BIN)/mypy --no-error-summary
	@echo "checking the floors …"
	@$(BIN)/lint-imports --no-logo > $(VENV)/floors.log || { cat $(VENV)/floors.log; exit 1; }
	@echo "all checks passed"

bench: $(VENV)/.test ## measure, and print the figures with the machine's name
	@$(BIN)/python tests/benchmarks/bench.py

simulate: $(VENV)/.test ## play a million steps of seeded weekends; STEPS= and SEED= choose others
	@PYTHONPATH=tests $(BIN)/python tests/simulation/run.py --steps $(STEPS) --seed $(SEED)

format: $(VENV)/.check ## put the code into the one format
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix .

clean: ## remove what was installed and built
	@rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

$(VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12 …"; exit 1; }
	@echo "making $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/pip pyproject.toml constraints.txt
	@echo "installing the service (about a minute the first time) …"
	@$(PIP) --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.run
	@echo "installing what the tests need …"
	@$(PIP) --editable '.[test]'
	@touch $@

$(VENV)/.check: $(VENV)/.test
	@echo "installing what the checks need …"
	@$(PIP) --editable '.[test,check]'
	@touch $@
