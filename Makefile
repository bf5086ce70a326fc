# `make demo` and `make test` do all the set-up by themselves; `make help` lists the rest.
#
#   make demo PORT=9000          another port
#   make demo SPEAK=it        in italiano
#   make test ARGS="-k claim"    anything pytest understands
#   make PYTHON=/path/to/python3.11 …

PORT ?= 8080
SPEAK ?= en
JOBS ?= 3
ARGS ?=
M ?=

.DEFAULT_GOAL := help
BIN := .venv/bin
PY := $(BIN)/python

# A folder that was moved or copied has an environment that points elsewhere: it is made anew.
ifneq ($(shell cat .venv/made-in 2>/dev/null),$(CURDIR))
.PHONY: .venv/ready-run .venv/ready-dev .venv/ready-bench
endif

.venv/ready-run: pyproject.toml constraints.txt scripts/setup
	@scripts/setup run

.venv/ready-dev: pyproject.toml constraints.txt scripts/setup
	@scripts/setup dev

.venv/ready-bench: pyproject.toml constraints.txt scripts/setup
	@scripts/setup bench

.PHONY: help demo test test-browser bench kill simulate mutants oracle lint format translations pictures revision pins clean

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

# Ctrl-C reaches the demo, which ends by itself; the shell waits for it, and make has nothing to complain about.
demo: .venv/ready-run ## the service with a stand-in X, a stand-in Telegram and phones, in the browser
	@trap : INT; $(BIN)/reperibile demo --port $(PORT) --language $(SPEAK) || test $$? -eq 130

test: .venv/ready-dev ## all tests but those that need a browser
	@$(PY) -m pytest -n $(JOBS) --dist worksteal -m "not browser" $(ARGS)

test-browser: .venv/ready-dev ## the tests that drive a headless Chromium
	@$(PY) -m pytest -m browser $(ARGS)

bench: .venv/ready-bench ## how quick it is, beside a plain forwarder in the same run (about ten minutes, quiet machine)
	@$(PY) -m benchmarks $(ARGS)

kill: .venv/ready-dev ## kill -9 at every step, on both databases (many minutes)
	@$(PY) -m pytest -m torture tests/kill $(ARGS)

simulate: .venv/ready-dev ## whole nights on virtual time, all that can fail fails (MINUTES=3); SEED=7 tells one
	@PYTHONPATH=. $(PY) tests/simulation/sim_night.py $(if $(SEED),--seed $(SEED),--minutes $(or $(MINUTES),3))

mutants: .venv/ready-dev ## broken variants of the service, each of which the simulation must notice within a minute
	@$(PY) -m pytest -m torture tests/simulation -q -rP $(ARGS)

oracle: .venv/ready-dev ## thousands of drawn rotas against clocks on the wall, minute by minute (about 12 minutes)
	@ROTA_ROUNDS=$${ROTA_ROUNDS:-50} $(PY) -m pytest tests/schedules/test_rota_oracle.py $(ARGS)

lint: .venv/ready-dev ## ruff, mypy and the import rules of the house
	@failed=0; \
	for tool in "ruff check ." "ruff format --check ." mypy "lint-imports --no-logo"; do \
		echo "· $$tool"; $(BIN)/$$tool || failed=1; \
	done; exit $$failed

format: .venv/ready-dev ## put the sources into their one form
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

translations: .venv/ready-dev ## bring the sentences of bot/wording into bot/locales
	@$(PY) scripts/translations.py

pictures: .venv/ready-dev ## take the pictures of docs from the running demo anew (needs chromium)
	@$(PY) scripts/pictures.py

revision: .venv/ready-dev ## write a revision of the tables: make revision M="say what changes"
	@test -n "$(M)" || { echo 'Say what changes: make revision M="tickets know their region"' >&2; exit 2; }
	@$(PY) -m bot.store.migrate revision -m "$(M)"

pins: ## write constraints.txt anew with the newest versions, and use them
	@scripts/setup pins
	@scripts/setup dev

clean: ## remove everything that was made
	@rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis demo-data
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
