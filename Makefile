# Every target sets up .venv if it has to, then calls one documented command.
PYTHON ?= python3
UPGRADE ?=
JOBS ?=
DATA ?= $(or $(LESSONS_DATA),sample)
VENV := .venv
RUN := $(VENV)/bin/python
ACTIONLINT := $(VENV)/bin/actionlint# for Linux only
# for tools that talk where nothing is wrong
quietly = words=$$( ($(1)) 2>&1) || { echo "$$words"; exit 1; }

.DEFAULT_GOAL := help
.PHONY: help book downloads test test-fast test-notebooks check chapter serve explain evidence lock clean clean-all same-python \
	before compare links release tell

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 12

book: $(VENV)/ready ## build the site into _build/html (JOBS=n, DATA=full)
	@$(RUN) -m booktools build --data $(DATA) $(if $(JOBS),--jobs $(JOBS))

downloads: $(VENV)/ready ## build the site with an EPUB and a PDF; the PDF needs Chromium
	@$(RUN) -m booktools downloads --data $(DATA) $(if $(JOBS),--jobs $(JOBS))

test: $(VENV)/ready ## run all tests, fast ones first; builds the book if it is not built
	@$(RUN) -m pytest

test-fast: $(VENV)/ready ## run the tests that build no book, in a minute or two
	@$(RUN) -m pytest -m "not builds"

test-notebooks: book ## run every notebook where nothing of the book is installed; meant for each night
	@$(RUN) -m pytest tests/nightly

chapter: $(VENV)/ready ## write a new chapter from the template (part=... name=... title=...)
	@$(RUN) -m booktools chapter --part "$$part" --name "$$name" --title "$$title"

check: $(VENV)/ready ## lint, format, types, imports, spelling, workflows and the chapter contract
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy
	@$(RUN) -m codespell_lib
	@$(call quietly,$(VENV)/bin/lint-imports)
	@$(call quietly,$(VENV)/bin/deptry lessons_code)
	@$(call quietly,cd booktools && ../$(VENV)/bin/deptry .)
	@$(call quietly,$(VENV)/bin/biome check --error-on-warnings)
	@$(call quietly,$(VENV)/bin/zizmor --offline --pedantic --no-progress .github)
	@$(call quietly,test ! -x $(ACTIONLINT) || $(ACTIONLINT) -shellcheck= -pyflakes=)
	@$(RUN) -m booktools check

serve: $(VENV)/ready ## live preview: a save runs what it touched, the browser reloads
	@$(RUN) -m booktools serve

explain: $(VENV)/ready ## say what a page depends on and whether it would run (PAGE=...)
	@$(RUN) -m booktools explain $(PAGE)

evidence: $(VENV)/ready ## run chapters with five seeds and sabotaged (PAGE=first-networks/fizzbuzz)
	@$(RUN) -m booktools evidence $(PAGE) $(if $(JOBS),--jobs $(JOBS))

before: $(VENV)/ready ## lay the report of the last build aside, for `make compare`
	@$(RUN) -m booktools compare --remember

compare: $(VENV)/ready ## say what changed since: pages, claims, seconds (OLD=, NEW=, TO= files)
	@$(RUN) -m booktools compare $(OLD) $(NEW) $(if $(TO),--to "$$TO")

links: $(VENV)/ready ## follow the links that lead out of the book, which needs the network (TO=file)
	@$(RUN) -m booktools links $(if $(TO),--to "$$TO")

release: $(VENV)/ready ## lay the files of a release together, after `make downloads` (VERSION=v1.2.0)
	@$(RUN) -m booktools release "$$VERSION"

tell: # open an issue about jobs that failed; needs no environment, which may be what failed
	@$(PYTHON) -m booktools.review.tell

lock: $(VENV)/ready ## write requirements.txt from both pyproject.toml (UPGRADE=1: newest versions)
	@$(RUN) -m uv pip compile --quiet $(if $(UPGRADE),--upgrade) --universal --python-version 3.11 \
		--generate-hashes --all-extras --group dev --no-annotate --no-emit-index-url --no-emit-find-links \
		--custom-compile-command "make lock" pyproject.toml booktools/pyproject.toml --output-file requirements.txt

clean: ## remove the site, keep the results of the chapters
	@find _build -mindepth 1 -maxdepth 1 ! -name .jupyter_cache -exec rm -rf {} + 2>/dev/null || true

clean-all: ## remove the site and the results
	@rm -rf _build

# a Python that is asked for is not silently another one
same-python:
	@test ! -x $(RUN) || test "$$($(RUN) -V)" = "$$($(PYTHON) -V)" || { \
		echo "$(VENV) has $$($(RUN) -V); you ask for $$($(PYTHON) -V)."; \
		echo "Remedy: remove the folder $(VENV), then the same again."; exit 1; }

$(VENV)/ready: requirements.txt | $(if $(filter command,$(origin PYTHON)),same-python)
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { \
		echo "The book needs Python 3.11, 3.12 or 3.13, as TensorFlow does; $(PYTHON) is another."; \
		echo "Remedy: install one of these, then name it: make book PYTHON=python3.12"; exit 1; }
	@echo "Setting up $(VENV): this takes a minute or two, once."
	@$(PYTHON) -m venv $(VENV)
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(RUN) -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e . -e ./booktools
	@touch $@
