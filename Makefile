# Two commands need only Python 3.11, make and a package index: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
USER_STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# tools whose licences or size keep them out of ours
CHECK := .venv-check
CHECK_STAMP := $(CHECK)/.installed
CHECK_PIP := $(CHECK)/bin/python -m pip install --quiet --disable-pip-version-check

.PHONY: help demo test lint types layers fmt docs coverage check-env check-browser check-model conformance-rml conformance-shacl laws soak bench ci-deps ci wheel clean
.DEFAULT_GOAL := help
# each program that a test starts would compile the whole package anew
unexport PYTHONDONTWRITEBYTECODE

help: ## say what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(USER_STAMP): pyproject.toml | $(BIN)/python
	$(PIP) --editable .
	@touch $@

$(DEV_STAMP): pyproject.toml | $(BIN)/python
	$(PIP) --editable '.[dev]'
	@touch $@ $(USER_STAMP)

demo: $(USER_STAMP) ## run the main job: exports in, answers out (build/demo)
	$(BIN)/dpc-kg demo

test: $(DEV_STAMP) ## run the tests, one process a core
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

lint: $(DEV_STAMP) ## style, and Turtle in its canonical form
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/dpc-kg fmt --check

types: $(DEV_STAMP) ## mypy, strict
	$(BIN)/mypy

layers: $(DEV_STAMP) ## data flows one way through the packages
	$(BIN)/lint-imports

fmt: $(DEV_STAMP) ## write code and Turtle in their canonical form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/dpc-kg fmt

docs: $(DEV_STAMP) ## write the generated pages of docs/reference
	$(BIN)/python docs/generate.py

coverage: $(DEV_STAMP) ## write how much of the partner systems has a place (needs DPC_SHARED)
	$(BIN)/python docs/coverage.py

check-env: $(CHECK_STAMP) ## make the environment of the tools that check the model

$(CHECK_STAMP): tests/quality/requirements.txt tests/quality/requirements-alone.txt
	$(PYTHON) -m venv $(CHECK)
	echo '*' > $(CHECK)/.gitignore
	$(CHECK_PIP) --no-deps --requirement tests/quality/requirements-alone.txt
	$(CHECK_PIP) --requirement tests/quality/requirements.txt
	@touch $@

check-browser: tests/browser/package.json ## install what the accessibility check needs (node)
	mkdir -p $(CHECK)/browser
	echo '*' > $(CHECK)/.gitignore
	cp tests/browser/package.json $(CHECK)/browser/
	npm install --silent --no-audit --no-fund --prefix $(CHECK)/browser

check-model: $(DEV_STAMP) $(CHECK_STAMP) ## check the model; writes docs/reference/quality.md
	$(BIN)/python -m tests.quality --write
	DPC_CHECK_MODEL=1 $(BIN)/python -m pytest tests/quality tests/model/test_reason.py

conformance-rml: $(DEV_STAMP) ## run the published RML suites (needs DPC_SHARED); writes docs/reference
	$(BIN)/python -m tests.conformance.rml --write

conformance-shacl: $(DEV_STAMP) ## run the W3C SHACL suite (needs DPC_SHARED); writes docs/reference
	$(BIN)/python -m tests.conformance.shacl --write

laws: $(DEV_STAMP) ## the laws of lifting and of the two engines at full size
	DPC_FULL=1 $(BIN)/python -m pytest --numprocesses auto --dist loadfile tests/lift tests/validate -k test_law

soak: $(DEV_STAMP) ## the law of data loss over 10,000 generated exports, the engines' over 1,000; two hours
	DPC_SOAK=1 $(BIN)/python -m pytest --verbose --numprocesses auto --dist load tests/lift/test_law_data_loss.py tests/validate/test_law_agreement.py

bench: $(DEV_STAMP) ## measure against peers in environments of their own; writes docs/reference
	$(BIN)/python -m bench.pipeline
	$(BIN)/python -m bench.lift
	$(BIN)/python -m bench.validate

ci-deps: check-env ## install what the tests use beyond Python: PostgreSQL, a browser
	@command -v npm >/dev/null && $(MAKE) check-browser || echo 'No npm was found; tests in a browser are skipped by name.'
	@command -v chromium >/dev/null || { command -v apt-get >/dev/null && apt-get update -q && apt-get install -qy chromium; } \
	|| echo 'No Chromium was found or installed; tests in a browser are skipped by name.'
	@command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 \
	|| { command -v apt-get >/dev/null && apt-get update -q && apt-get install -qy postgresql; } \
	|| echo 'No PostgreSQL was found or installed; its tests are skipped by name.'

ci: ci-deps lint types layers test laws conformance-rml conformance-shacl ## all that is shown at full size; `.ci/run` is what a change must pass

wheel: $(DEV_STAMP) ## build the wheel
	$(BIN)/python -m build --wheel --outdir dist

clean: ## remove what was made, the environment too
	rm -rf $(VENV) $(CHECK) build dist
