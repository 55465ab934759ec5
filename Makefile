# `make run` and `make test` need only Python 3.11+ and make; `make help` lists the rest.
# Nothing is installed again until a lock or pyproject.toml changes, so later runs work offline.

PYTHON ?= python3
PORT ?= 7860
VENV := .venv
PY := $(VENV)/bin/python
RUN_STAMP := $(VENV)/.run-installed
DEV_STAMP := $(VENV)/.dev-installed
FUZZED := text markdown html mht csv pdf picture zip docx xlsx xls
PIP := $(PY) -m pip --disable-pip-version-check install -qq

.DEFAULT_GOAL := help
.PHONY: help run install test check format bench fuzz lock clean

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

run: $(RUN_STAMP)  ## start the chat at http://127.0.0.1:7860 (another port: make run PORT=8000)
	@JUNHENG_HOME="$${JUNHENG_HOME:-$(CURDIR)/.junheng}" $(VENV)/bin/junheng serve --port $(PORT)

install: $(RUN_STAMP)  ## only install; the command is then .venv/bin/junheng

test: $(DEV_STAMP)  ## run all tests (some of them: make test ARGS=tests/test_layers.py)
	@$(PY) -m pytest $(ARGS)

check: $(DEV_STAMP)  ## format, lint, types and all tests; warnings are errors
	@scripts/check $(VENV)/bin

format: $(DEV_STAMP)  ## rewrite the sources in the project's format
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .

bench: $(DEV_STAMP)  ## measure quality and speed
	@set -e; for bench in benchmarks/[a-z]*.py; do echo "== $$bench"; $(PY) -m "$$(echo "$${bench%.py}" | tr / .)"; done

fuzz: $(DEV_STAMP)  ## fuzz every reader, guided by coverage (one: make fuzz FORMATS=html; SECONDS=1200 each)
	@$(PIP) 'atheris>=3'
	@set -e; for format in $(or $(FORMATS),$(FUZZED)); do $(PY) -m fuzz.reader $$format -max_total_time=$(or $(SECONDS),1200); done

lock:  ## resolve pyproject.toml again into both locks (the newest of everything: UPGRADE=1)
	@scripts/check-python $(PYTHON)
	@$(PYTHON) scripts/lock.py $(if $(UPGRADE),--upgrade)

clean:  ## remove the environment and all caches (.junheng, where your reports are, stays)
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUN_STAMP): requirements.lock pyproject.toml
	@scripts/check-python $(PYTHON)
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@echo "正在安装依赖（首次需要几分钟）……"
	@$(PIP) --requirement requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV_STAMP): $(RUN_STAMP) requirements-dev.lock
	@$(PIP) --requirement requirements.lock --requirement requirements-dev.lock
	@touch $@
