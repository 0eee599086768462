# Two commands matter: `make run` shows the product, `make test` proves it. Both need Python 3.11+ and nothing else.

PYTHON ?= python3
BIN := .venv/bin
ASSETS := app/web/assets
BUILT := app/web/static/dist/manifest.json
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix $(ASSETS) --loglevel=error

.PHONY: help run setup assets test tests test-setup browser check lock clean

help:  ## Say what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: setup  ## Start Open Impact with sample content; ARGS="--port 8080" and the like go to `open-impact up`
	@$(BIN)/open-impact up --demo $(ARGS)

setup: .venv/.installed assets  ## Install what running needs into .venv/, and build what pages load

assets: $(BUILT)  ## Build the styles, faces and scripts of the pages

# Many tests wait for servers that start, so one process more than there are cores keeps all of them busy.
TEST_PROCESSES ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

# Side by side, because most checks keep one core busy. Files of tests go in their order: few long ones at the end, as
# pytest-xdist would have it, would leave the other cores with nothing to do.
test:  ## All checks and all tests
	@$(MAKE) --no-print-directory --jobs=3 test-setup
	@$(MAKE) --no-print-directory --jobs=2 check tests

tests: test-setup
	$(BIN)/pytest --numprocesses $(TEST_PROCESSES) --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGS)

check: .venv/.installed-dev $(ASSETS)/node_modules/.package-lock.json  ## Style, types and imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(NPM) run --silent check

# Packages of Python and npm and the browser come side by side: each waits for the network and then keeps one core busy.
test-setup: .venv/.installed-dev .venv/.node-tests assets browser  ## Install what testing needs, a browser included

browser:
	@ops/dev browser

lock:  ## Pin the requirement files anew
	@ops/dev lock

clean:  ## Forget the environment and the caches, not the data
	rm -rf .venv $(ASSETS)/node_modules app/web/static/dist $(ASSETS)/faces tests/node/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Open Impact needs Python 3.11 or newer; say which with make PYTHON=python3.12 …")'
	$(PYTHON) -m venv .venv
	@touch $@

.venv/.installed: .venv/.created requirements.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.installed-dev: .venv/.installed requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

.venv/.node: .venv/.created requirements-node.txt
	@ops/dev node
	@touch $@

.venv/.node-tests: .venv/.node tests/node/package-lock.json
	@$(BIN)/npm ci --prefix tests/node --no-audit --no-fund --ignore-scripts --loglevel error
	@touch $@

# npm writes down what it installed, and Vite what it built: these files tell whether that is still the newest.
$(ASSETS)/node_modules/.package-lock.json: .venv/.node $(addprefix $(ASSETS)/,package.json package-lock.json .npmrc)
	@$(NPM) ci --no-audit --no-fund --ignore-scripts
	@touch $@

$(BUILT): $(ASSETS)/node_modules/.package-lock.json $(wildcard $(addprefix $(ASSETS)/,*.ts *.mjs *.json styles/*.css styles/*/*.css scripts/*.ts))
	@$(NPM) run --silent build -- --logLevel warn
