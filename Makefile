# Every target works on a fresh machine with Python >= 3.11: it makes .venv first.
PYTHON ?= python3
BIN := .venv/bin
ROWS ?= 1000000
MINUTES ?= 60

.PHONY: setup demo test check bench fuzz clean

setup: .venv/.installed

.venv/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

demo: setup  ## sample exports -> one customer table, in guiyi-demo/
	$(BIN)/guiyi demo

test: setup  ## the whole suite
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: setup  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: setup  ## the whole job on ROWS generated records, with the share of each stage
	$(BIN)/python -m benchmarks.whole_job --rows $(ROWS)

fuzz: setup  ## every parser of our own, MINUTES each, with atheris
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[fuzz]'
	$(BIN)/python -m benchmarks.fuzz --minutes $(MINUTES)

clean:
	rm -rf .venv guiyi-demo build .bench
