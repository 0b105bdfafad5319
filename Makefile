# Everything here works in a fresh clone: what a target needs is installed on first use, into .venv.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: demo test check check-deep bench bench-grading diagnosis mutants translations pictures experiments clean

demo: $(READY)  ## release an assignment, grade a sample class through nbgrader, show the grades
	@$(BIN)/htilde demo

test: $(READY)  ## the tests
	@$(BIN)/python -m pytest -n 2 --dist worksteal

check: $(READY)  ## the one gate: format, lint, types, tests
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/mypy
	@$(MAKE) --no-print-directory test

check-deep: $(READY)  ## the tests, with all that they only sample otherwise; takes a while
	@HTILDE_DEEP=1 $(BIN)/python -m pytest -n 2 --dist worksteal

bench: $(READY)  ## measure one submission, and write benchmarks/results.json
	@$(BIN)/python benchmarks/run.py

bench-grading: $(READY)  ## grade a class in several ways, and write benchmarks/grading.json and the tables
	@$(BIN)/python benchmarks/grading.py $(if $(OTTER),--otter $(OTTER))

diagnosis: $(READY)  ## measure how many wrong answers are named, and rightly; write docs/diagnosis.md
	@$(BIN)/python tests/kit/naming.py

mutants: $(READY)  ## spoil each reference solution in every small way; write docs/mutants.md
	@$(BIN)/python tests/kit/mutants.py

translations: $(READY)  ## compile the catalogs of what the kit says
	@$(BIN)/pybabel -q compile -d autograder/htilde/locale -D htilde

pictures: $(READY)  ## make the pictures of the docs anew; needs chromium and chromedriver
	@$(BIN)/python docs/pictures/make.py

experiments: $(READY)  ## measure the course's claims anew, and write docs/experiments.md
	@$(BIN)/python docs/experiments/make.py

clean:  ## forget the environment and everything that was generated
	rm -rf .venv .demo .mypy_cache .pytest_cache .ruff_cache

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed; $(PYTHON) is $$($(PYTHON) --version). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	@$(PYTHON) -m venv $(if $(wildcard $@),,--clear) .venv || \
	  { echo "$(PYTHON) can't make environments. On Debian and Ubuntu: apt install python3-venv"; exit 2; }
	@echo "Installing into .venv (once; a minute or two) ..."
	@$(BIN)/python -m pip -qq uninstall --yes vanishing-gradient-kit # the kit's name before version 0.2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@
