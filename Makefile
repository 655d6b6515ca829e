# Everything is done in .venv, made from the pins the first time a target needs it.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: help demo run test lint audit format bench capacity campaign soak screenshots site pins clean

help:
	@echo "make demo      what Vigie does, on an invented history"
	@echo "make run       vigie run, with the configuration of vigie.toml"
	@echo "make test      the tests (a PostgreSQL server is started by them); COVERAGE=1 says which branches they ran"
	@echo "make audit     known faults of the dependencies, where the database of advisories can be reached"
	@echo "make lint      style, types, import rules"
	@echo "make bench     costs, as ratios; HISTORY=a repository or bundle to replay; not in CI"
	@echo "make capacity  what a million postings and subscriptions cost, and how much more than a hundredth of them;"
	@echo "               half an hour, not in CI"
	@echo "make campaign  reading, on 20,000 files made at random, their feeds and pages, and 1,000 lives of a repository;"
	@echo "               then processes that are killed while every platform fails (SEED=… plays one again); not in CI"
	@echo "make soak      ten minutes of load on two web and three worker processes, each started anew in between;"
	@echo "               not in CI"
	@echo "make screenshots  the pictures of the documentation, with Debian's chromium"
	@echo "make site      the documentation as pages, in build/site"
	@echo "make pins      requirements*.txt anew from pyproject.toml"

demo: .venv/ready
	$(BIN)/vigie demo

run: .venv/ready
	$(BIN)/vigie run

# Neighbours stay together, as what they share is made once a worker; who is done takes half of what another has left.
# How many workers there are is said in tests/conftest.py.
SHARED := -n auto --dist worksteal

test: .venv/ready
ifdef COVERAGE
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(SHARED)
	@$(BIN)/coverage combine --quiet
	$(BIN)/coverage report
	@$(BIN)/coverage json --quiet -o .coverage.json
	@$(BIN)/python -m tests.branches .coverage.json
else
	$(BIN)/python -m pytest $(SHARED)
endif

audit: .venv/ready
	$(BIN)/python -m tests.audit

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/ready
	$(BIN)/python -m benchmarks

capacity: .venv/ready
	$(BIN)/python -m benchmarks.capacity

campaign: .venv/ready
	$(BIN)/python -m pytest -n auto -m property --hypothesis-profile campaign
	$(BIN)/python -m tests.campaign $(if $(SEED),--seed $(SEED))

soak: .venv/ready
	$(BIN)/python -m tests.soak $(if $(SEED),--seed $(SEED)) $(if $(RATE),--rate $(RATE))

screenshots: .venv/ready
	$(BIN)/python docs/pictures.py
	$(BIN)/python -m tests.browser.screenshots

site: .venv/ready
	$(BIN)/mkdocs build --quiet --strict

pins: .venv/ready
	$(BIN)/uv pip compile pyproject.toml $(PINS) -o requirements.txt
	$(BIN)/uv pip compile pyproject.toml $(PINS) --extra dev -c requirements.txt -o requirements-dev.txt

# Hashes for every platform, no address of any index, nothing of this machine.
PINS := --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --upgrade

.venv/pins: requirements-dev.txt
	$(PYTHON) -m venv --clear .venv
	$(PIP) install -qq --require-hashes -r requirements-dev.txt
	@touch $@

.venv/ready: .venv/pins pyproject.toml
	$(PIP) install -qq --no-deps --no-build-isolation --no-index -e .
	@touch $@

clean:
	rm -rf .venv build dist *.egg-info
