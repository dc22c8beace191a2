# make demo   set up, plan the demo centre's week, open the app   (APP=0: end after writing the files)
# make test   set up, then make check and the slow and browser tests
# make check  lint, types, import rule, fast tests
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
APP ?= 1
# processes that share the fast tests, a file at a time
AT_ONCE ?= -n auto --maxprocesses 4 --dist loadfile

.PHONY: demo test check app docs setup

setup: $(READY)

$(READY): pyproject.toml
	@if command -v uv >/dev/null 2>&1; then \
	  [ -x $(BIN)/python ] || uv venv --quiet --python $(PYTHON) $(VENV); \
	  uv pip install --quiet --python $(BIN)/python -e ".[dev]"; \
	else \
	  [ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV); \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"; \
	fi
	@touch $(READY)

demo: $(READY)
	$(BIN)/wfm demo demo $(if $(filter 0,$(APP)),--no-app)

app: $(READY)
	$(BIN)/wfm app

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q $(AT_ONCE)

test: check
	$(BIN)/python -m pytest -q $(AT_ONCE) -m "slow and not browser"
	$(BIN)/python -m pytest -q -m browser

docs: $(READY)
	$(BIN)/python docs/make_screenshots.py
