# What a developer types. `make` alone prints the list. Works with GNU make 3.81, which macOS ships.
.DEFAULT_GOAL := help
.PHONY: help run demo-reset test check format migration soak figures permissions coverage mutation pictures lock clean

VENV := .venv/bin
SET_UP := sh scripts/set_up.sh

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: ## Set up what is missing, then start the demo desk on 127.0.0.1 (PORT=8000); Ctrl-C stops everything
	@$(SET_UP)
	@exec $(VENV)/orderwright demo

demo-reset: ## Throw the demo's data away and start it afresh
	@$(SET_UP)
	@exec $(VENV)/orderwright demo --reset

test: ## Every test: on SQLite, on PostgreSQL and in Chromium (STAGE=sqlite|postgresql|browser, ARGS="-k cancel")
	@$(SET_UP) --dev
	@exec $(VENV)/python -m scripts.run_tests $(STAGE) -- $(ARGS)

check: ## Lint, format, types, layers, templates, migrations, no floats near money
	@$(SET_UP) --dev
	@exec $(VENV)/python -m scripts.check

format: ## Rewrite the Python files in the house format and mend what ruff can mend by itself
	@$(SET_UP) --dev
	@$(VENV)/ruff check --fix-only --quiet .
	@$(VENV)/ruff format .

migration: ## Write a migration for changed models, in the house format (APP=orders NAME=priority)
	@$(SET_UP) --dev
	@$(VENV)/orderwright makemigrations $(APP) --name $(NAME)
	@$(VENV)/ruff check --fix-only --quiet orderwright
	@$(VENV)/ruff format --quiet orderwright

soak: ## The races, crashes and faults with ten times the rounds, on both databases
	@$(SET_UP) --dev
	@exec $(VENV)/python -m scripts.run_tests --soak $(STAGE) -- $(ARGS)

figures: ## The figures of the last `make test` or `make soak` as rows for docs/reliability.md (ARGS=--soak)
	@$(SET_UP) --dev
	@exec $(VENV)/python -m scripts.figures $(ARGS)

permissions: ## Write docs/permissions.md anew from the routes: who may do what
	@$(SET_UP) --dev
	@exec $(VENV)/python -m scripts.permission_matrix

coverage: ## Which lines and branches the tests on SQLite reach (var/coverage/index.html); fails where all have to be
	@$(SET_UP) --dev
	@exec $(VENV)/python -m scripts.run_tests --coverage sqlite -- $(ARGS)

mutation: ## Change money and ledger in small ways, one at a time; fails when no test notices and nothing explains it (ARGS=path)
	@$(SET_UP) --dev
	@exec $(VENV)/python -m scripts.mutation $(ARGS)

pictures: ## Take the pictures that README and docs show, from a demo of its own (ARGS="cancel keys" takes some)
	@$(SET_UP) --dev
	@CHROMIUM_PATH=$$($(VENV)/python -m scripts.find_chromium --fetch) && export CHROMIUM_PATH && exec $(VENV)/python scripts/pictures.py $(ARGS)

lock: ## Write the lock files anew after a change of the dependencies (UPGRADE=1 takes the newest of all)
	@$(SET_UP) --dev
	@exec $(VENV)/python -m scripts.lock

clean: ## Remove what set-up, tests and tools made; the demo's data too
	rm -rf .venv var build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage*
	find config orderwright practice_provider scripts tests -name __pycache__ -type d -prune -exec rm -rf {} +
