# Set-up, demonstration, tests. Everything is installed into .venv from the project's own files.
# Paths are relative, so that a checkout in a folder with spaces works.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Half as many again as there are processors: tests wait for browsers and for other servers.
TESTERS = $(shell $(PYTHON) -c 'import os; n = os.cpu_count() or 1; print(n + (n + 1) // 2)')

.DEFAULT_GOAL := help
.PHONY: help demo serve test check format bench assets pictures clean constraints

help: ## List the targets
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | sort

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("scipol needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Say: make PYTHON=python3.11") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	@# The constraints are all there is to install; what packages say of each other is not asked again.
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

demo: $(READY) ## Read the sample corpus into a graph, ask it questions, draw it
	@$(BIN)/python -m api.cli demo

serve: $(READY) scipol-data/checkpoints ## Serve the sample graph on http://127.0.0.1:8000/
	@$(BIN)/python -m api.cli serve

scipol-data/checkpoints: | $(READY)
	@$(BIN)/python -m api.cli build

test: $(READY) ## Run all tests
	$(BIN)/python -m pytest -n $(TESTERS) --dist loadfile --no-loadscope-reorder

check: $(READY) ## Format, lint and types, as CI runs them
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m ruff check .
	$(BIN)/python -m mypy

format: $(READY) ## Rewrite the sources in the project's format
	$(BIN)/python -m ruff format .
	$(BIN)/python -m ruff check --fix .

bench: $(READY) ## Measure speed and memory as ratios within one run
	$(BIN)/python -m tests.bench

pictures: $(READY) ## Take the pictures of the README anew (needs chromium)
	$(BIN)/python -m tests.pictures docs/images

constraints: ## Resolve the dependencies anew into constraints.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --no-annotate --extra dev --extra build pyproject.toml -o constraints.txt

EDITOR := api/static/vendor

assets: $(EDITOR)/yasqe.min.js ## Fetch the editor of the SPARQL page with npm; without it the page has a plain text area

$(EDITOR)/yasqe.min.js: package.json package-lock.json
	@command -v npm >/dev/null || { echo "make assets needs npm; without it the SPARQL page has a plain text area." >&2; exit 1; }
	npm ci --silent
	@mkdir -p $(EDITOR)
	cp node_modules/@zazuko/yasqe/build/yasqe.min.css $(EDITOR)/
	@# A wheel with the editor in it carries the licences of what is in it.
	@for folder in node_modules/[a-z]* node_modules/@*/*; do \
	  sed -nE 's/^(  |\t)"(name|version|license)": *"(.*)",?$$/\2: \3/p' $$folder/package.json; \
	  cat $$folder/LICENSE* 2>/dev/null; echo; done > $(EDITOR)/LICENSES.txt
	@# Last, so that a fetch that broke off is done again.
	cp node_modules/@zazuko/yasqe/build/yasqe.min.js $@
	@touch $@

clean: ## Remove what the build and the demonstration made
	rm -rf $(VENV) build dist demo-output node_modules $(EDITOR) .mypy_cache .ruff_cache .pytest_cache
