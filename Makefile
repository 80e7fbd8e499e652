# Needs only Python >= 3.11 and make; everything else goes into .venv here.
#   make demo    simulate Espoo's 2014, compare six alternatives with it, write the report
#   make test    every test that is not slow
#   make bench   the speed tests
#   make lint    style, types and the floors
#   make schema  write the scenario format's JSON Schema again
#   make clean   remove .venv and caches (never outputs/)

NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet -c constraints.txt
# One thread a process: replications already run in parallel, one on each core.
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1

.PHONY: demo test test-slow bench lint schema clean
.DELETE_ON_ERROR:

# The alternatives of the demonstration: staffing, another split, meetings, stalled cases, a new group.
DEMO := vacancy-6-months one-more-worker split-3-1 reminders review-6-months low-threshold-group

demo: $(VENV)/.run
	$(BIN)/simflow run scenarios/espoo-2014.yaml --reps 50 --charts
	$(BIN)/simflow compare scenarios/espoo-2014.yaml $(DEMO:%=scenarios/%.yaml) --cap 400 --report

test: $(VENV)/.test
	$(BIN)/python -m pytest -n 2 -q -m "not slow and not bench"

test-slow: $(VENV)/.test
	$(BIN)/python -m pytest -n 2 -q -m "slow and not bench"

bench: $(VENV)/.test
	$(BIN)/python -m pytest -q -s -m bench tests/benchmarks

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

schema: $(VENV)/.run
	$(BIN)/simflow schema > scenarios/scenario.schema.json

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -rf build *.egg-info
	find simflow tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.made:
	@test -n "$(PYTHON)" && $(PYTHON) -c '$(NEW_ENOUGH)' || { \
	echo "simflow needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python" >&2; \
	exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.made pyproject.toml constraints.txt
	$(INSTALL) -e .
	@touch $@

$(VENV)/.test: $(VENV)/.made pyproject.toml constraints.txt
	$(INSTALL) -e '.[test]'
	@touch $@ $(VENV)/.run
