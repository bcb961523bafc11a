# The commands of the project; each is a few lines here and its logic in scripts/.
# Needed: python3 (3.11 or newer), make and a package index that pip can reach.

# The first interpreter that runs and is new enough; `make PYTHON=/path/to/python3.13 …` names another.
PYTHON ?= $(shell for candidate in python3 python3.13 python3.12 python3.11 python3.14; do \
	$$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& { echo $$candidate; break; }; done)

RUN := .venv/bin/python
SOURCES := medshare_portal resources scheduling reports demo bench tests scripts deploy manage.py
EXISTING_SOURCES := $(wildcard $(SOURCES))

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test lint format messages screenshots bench bench-matching clean python venv venv-test

help: ## List the commands
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name text; do \
		printf '  make %-14s %s\n' "$$name" "$$text"; done

demo: python ## Serve a demo city on 127.0.0.1:$PORT (8000), set-up included
	@exec $(PYTHON) scripts/demo.py

demo-reset: python ## The same with a new demo city; what was entered before is lost
	@exec $(PYTHON) scripts/demo.py --reset

test: venv-test ## Run every test on SQLite and PostgreSQL, and the browser journeys
	@$(RUN) scripts/test.py

lint: venv-test ## Check style, templates, settings and migrations
	@$(RUN) scripts/lint.py

format: venv-test ## Format Python and templates
	$(RUN) -m ruff check --fix $(EXISTING_SOURCES)
	$(RUN) -m ruff format $(EXISTING_SOURCES)
	$(RUN) -m djlint --reformat --quiet templates

messages: venv-test ## Collect the texts of the source into the Chinese catalogue and compile it
	$(RUN) manage.py messages
	$(RUN) manage.py compile_messages

screenshots: venv-test ## Draw the pictures of docs/screenshots.md from a demo city
	@$(RUN) scripts/screenshots.py

bench: venv-test ## Measure pages and files against the floor
	$(RUN) -m bench
	$(RUN) -m bench.exports

bench-matching: venv ## Measure the matcher on generated cities
	$(RUN) -m bench.matching

clean: ## Remove the environment, the demo database and everything generated
	rm -rf .venv var .pytest_cache .ruff_cache .hypothesis htmlcov .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find locale -name '*.mo' -delete

python:
	@$(or $(PYTHON),false) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "MedShare needs Python 3.11 or newer; $$($(or $(PYTHON),python3) --version 2>&1 || echo 'no python3') was found." >&2; \
		echo "Install a newer one, or name it: make demo PYTHON=/path/to/python3.11" >&2; exit 1; }

venv: python
	@$(PYTHON) scripts/environment.py

venv-test: python
	@$(PYTHON) scripts/environment.py test
