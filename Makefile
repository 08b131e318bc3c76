# Every job of the project; `make help` lists them. Nothing but Python 3.11+ and make is needed.
VENV   ?= .venv
ifeq ($(OS),Windows_NT)
PYTHON ?= python
BIN    := $(VENV)/Scripts
else
PYTHON ?= python3
BIN    := $(VENV)/bin
endif
RAW    ?= raw
# The tests run on all cores, a file of tests on one of them and each computing in one thread.
PYTEST  = OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder
.DEFAULT_GOAL := help
.PHONY: help setup docs figures notebooks lab data test check lint format bench soak matrix audit coverage mutants release-check lock clean

help:  ## list these jobs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-13s %s\n", $$1, $$2}'

setup: $(VENV)/.installed  ## make the environment (.venv) from requirements.lock

$(VENV)/.installed: requirements.lock pyproject.toml
	@echo "Setting up $(VENV): exact versions from requirements.lock, a few minutes the first time"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=/path/to/python3")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

figures: setup  ## re-draw every figure into figures/out from what data/ ships
	@for script in figures/fig*.py; do echo "Drawing $$script"; $(BIN)/python $$script || exit 1; done
	@echo "Figures:"; ls -1 figures/out/*.svg figures/out/*.png

notebooks: setup  ## re-run every notebook in place
	@$(BIN)/python tools/run_notebooks.py

lab: setup  ## open JupyterLab on the notebooks
	$(BIN)/jupyter lab notebooks

data: setup  ## rebuild the feature bundles from raw texts: make data RAW=folder
	$(BIN)/python tools/build_data.py "$(RAW)"

docs: setup  ## build the site into docs/_build/html, without a network; check its links
	$(BIN)/python -m sphinx -q -W --keep-going -b html docs docs/_build/html
	$(BIN)/python tools/check_site.py docs/_build/html
	@echo "Site: docs/_build/html/index.html"

test: setup  ## run the whole test suite on all cores
	$(PYTEST)

check: lint  ## lint, and the quick tests of what differs from main
	$(BIN)/python tools/changed_tests.py

lint: setup  ## ruff, spelling, workflow files, the type checker and the import-direction check
	$(BIN)/ruff check .
	$(BIN)/ruff check --preview --select PLW1514 .  # each file opened as text names its encoding
	$(BIN)/ruff format --check .
	$(BIN)/codespell analysis data docs figures tools *.md
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_imports.py

format: setup  ## put the code into its standard form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup  ## speed, memory and coverage beside the named peers (installs them)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	$(BIN)/python -m tests.benchmarks

soak: setup  ## kill runs at 20 random points each, then 200 studies in one process; SEEDS=n STUDIES=n
	FAULT_SEEDS=$(or $(SEEDS),20) $(BIN)/python -m pytest -v tests/test_faults.py
	$(BIN)/python tools/soak_studies.py $(or $(STUDIES),200)

matrix:  ## the wheel and the same tables on every Python at hand, with locked, lowest and newest versions (needs uv)
	$(PYTHON) tools/matrix.py $(PYTHONS)

audit:  ## look the locked versions up in the advisory database (needs uv and a network)
	@uv tool run pip-audit --strict --requirement requirements.lock --require-hashes --disable-pip || \
		{ echo "If it says 'not found on PyPI': nothing was audited, as this machine does not reach pypi.org's advisories."; exit 1; }

coverage: setup  ## the test suite with branch coverage of analysis; fails below 96%
	$(PYTEST) -q --cov --cov-branch --cov-report=term:skip-covered --cov-fail-under=96

mutants: setup  ## do the tests notice a changed line? MODULES="measuring/stance" MOST=50 SEED=2
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "cosmic-ray>=8.4"
	$(BIN)/python tools/mutants.py $(MODULES) $(if $(MOST),--most $(MOST)) $(if $(SEED),--seed $(SEED)) $(if $(QUICK),--quick)

release-check: setup  ## build sdist and wheel, check metadata and contents, use the wheel in an empty environment
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "twine>=6.1"
	$(BIN)/python tools/release_check.py

lock: setup  ## resolve requirements.lock and requirements-bench.lock anew (needs uv)
	$(BIN)/python tools/lock.py

clean:  ## remove the environment and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache build dist docs/_build docs/api
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
