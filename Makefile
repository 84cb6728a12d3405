# Everything that is done with this project. `make help` lists it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
REGION ?= anhalt-bitterfeld
PORT ?= 8081
T ?= tests
SEEDS ?= 1000
JOBS ?= 2
VECTORS := data/vectors/.$(notdir $(REGION))
CODE := bot handlers lorawan nlu services simulator migrations
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup calibrate demo run migrate test crash test-rasa screenshots check format lint types imports locks lock clean

help:            ## list what can be done
	@grep -hE '^[a-z-]+: .*##|^[a-z-]+:  *##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */\t/' | expand -t 14

setup: $(VECTORS)          ## create the environment in .venv, and what understanding needs (minutes)

demo: $(VENV)/.runtime     ## try everything in the browser: no token, no server (REGION=… PORT=…)
	@ABIBOT_REGION=$(REGION) $(BIN)/abibot demo --port $(PORT)

run: $(VENV)/.runtime      ## serve Telegram (needs ABIBOT_TELEGRAM_TOKEN, see .env.example)
	@$(BIN)/abibot run

migrate: $(VENV)/.runtime  ## create or upgrade the database schema
	@$(BIN)/abibot migrate

test: $(VENV)/.development $(VECTORS) ## run the tests (T=tests/golive runs a part)
	@$(BIN)/python -m pytest -q --numprocesses 2 --dist loadfile $(T)

crash: $(VENV)/.development ## kill the bot again and again (SEEDS=1000 JOBS=2; SEED=123 replays one)
	@$(BIN)/python -m tests.crash $(if $(SEED),--seed $(SEED),--seeds $(SEEDS) --jobs $(JOBS))

test-rasa: $(VENV)/.development ## ask a real Rasa server (PYTHON310=…; 2.7 GB once, 5 minutes)
	@$(BIN)/python -m benchmarks.rasa $(if $(PYTHON310),--python $(PYTHON310))

calibrate: $(VECTORS)      ## learn anew when the bot answers, offers, asks back, refuses or hears danger (after a change of examples)
	@$(BIN)/abibot nlu calibrate

screenshots: $(VENV)/.development ## take the pictures of README and docs anew
	@ABIBOT_TEST_SCREENSHOTS=docs/screenshots $(BIN)/python -m pytest -q tests/e2e

check: format lint types imports locks ## run every gate, then all tests
	@$(MAKE) --no-print-directory test

format: $(VENV)/.development ## is everything formatted?
	@$(BIN)/ruff format --check --quiet . || { echo "run: $(BIN)/ruff format ."; exit 1; }

lint: $(VENV)/.development ## ruff
	@$(BIN)/ruff check --quiet --output-format concise .

types: $(VENV)/.development ## mypy, strict
	@$(BIN)/mypy

imports: $(VENV)/.development ## who may know whom
	@$(BIN)/lint-imports --no-logo

locks:           ## locks carry no registry address
	@! grep -nE '://|--index|--find-links' requirements.lock requirements-dev.lock

lock:            ## write both locks anew (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet \
	  -o requirements.lock pyproject.toml
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet \
	  --extra development -c requirements.lock -o requirements-dev.lock pyproject.toml

clean:           ## remove the environment and the demo's data
	rm -rf $(VENV) data/demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/.runtime: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 is needed"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the packages (once) …"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.development: requirements-dev.lock $(VENV)/.runtime
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

# What the encoders compute of the region's catalogue: once about four minutes, then only what is new.
$(VECTORS): $(VENV)/.runtime $(wildcard regions/$(REGION)/services/*.yaml nlu/data/examples/*/*.yaml)
	@ABIBOT_REGION=$(REGION) $(BIN)/abibot nlu vectors
	@mkdir -p $(@D)
	@touch $@
