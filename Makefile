# Two commands do all the set-up: `make demo` and `make test`.
# Everything lives in .venv; PYTHON chooses the interpreter (3.11 or newer).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := $(shell find src native setup.py pyproject.toml -type f ! -name '*.pyc' ! -name '*.so' ! -path 'native/build/*' ! -path '*/corpus/*' ! -path '*.egg-info/*')

.PHONY: demo test build lint docs linkcheck docs-texts native asan torture torture-register torture-cases torture-abis abis fuzz-python clean

demo: $(VENV)/.built
	$(BIN)/civid demo --output civid-demo

test: $(VENV)/.test
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder --session-timeout=4200 --durations=40 --durations-min=5

lint: $(VENV)/.lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/codespell src native tests benchmarks docs *.md

# The site: docs/_build/html in English, vi/ beneath it in Vietnamese. A warning, a broken reference
# and a public name without an entry are errors.
SITE := docs/_build
docs: $(VENV)/.docs
	$(BIN)/sphinx-build -q -j auto -n -W --keep-going -b html -d $(SITE)/trees/en docs $(SITE)/html
	CIVID_DOCS_LANGUAGE=vi $(BIN)/sphinx-build -q -n -W --keep-going -b html -d $(SITE)/trees/vi docs $(SITE)/html/vi

# Links to elsewhere: needs the network, so no change has to pass it.
linkcheck: $(VENV)/.docs
	$(BIN)/sphinx-build -q -j auto -b linkcheck -d $(SITE)/trees/en docs $(SITE)/links

# After a change of a page that is translated: its texts in docs/locale/vi, to be translated there.
docs-texts: $(VENV)/.docs
	CIVID_DOCS_TREE=vi $(BIN)/sphinx-build -q -b gettext -d $(SITE)/trees/texts -D suppress_warnings=myst.xref_missing docs $(SITE)/texts
	$(BIN)/sphinx-intl update -p $(SITE)/texts -d docs/locale -l vi -w 100

# C alone: assert programs with warnings as errors, then the same under ASan and UBSan.
native:
	$(MAKE) -C native check

asan:
	$(MAKE) -C native asan

# Galleries under kill -9, power cuts, full disks, damage; 1 if anything was lost, wrong or untyped.
MINUTES ?= 5
torture: $(VENV)/.test
	$(BIN)/python -m tests.search.torture --minutes $(MINUTES)

# Mutated samples through every Python parser; what is found stays in tests/formats/found/.
RUNS ?= 20000
fuzz-python: $(VENV)/.test
	for group in pictures records chip mrz-qr csv json door wrapped; do $(BIN)/python -m tests.fuzz $$group $(RUNS) || exit 1; done

# kill -9 at random moments, on SQLite and on PostgreSQL; minutes to hours: make torture-register ROUNDS=1000
ROUNDS ?= 100
torture-register: $(VENV)/.test
	$(BIN)/python -m tests.register.faults.torture --rounds $(ROUNDS)

# The same for cases of possible duplicates: filed, ruled, merged, parted, undone.
torture-cases: $(VENV)/.test
	$(BIN)/python -m tests.dedup.cases.torture --rounds $(ROUNDS)

# A real broker, civid behind its queues, and MOSIP's questions to it, to read; all is stopped again.
# Needs Java and Maven (apt install default-jdk-headless maven); BROKER=classic is the other one.
BROKER ?= artemis
abis: $(VENV)/.test
	$(BIN)/python -m tests.exchange.broker.conversation --broker $(BROKER)

# The queues under kill -9 of the worker and of the broker, on both brokers; 1 if anything was lost.
torture-abis: $(VENV)/.test
	$(BIN)/python -m tests.exchange.torture

build: $(VENV)/.built

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "civid needs Python 3.11 or newer; say: make demo PYTHON=python3.x")'
	@$(PYTHON) -c 'import os, sys, sysconfig; sys.exit(not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")) and "civid is compiled here and needs the headers of Python (on Debian and Ubuntu: apt install python3-dev)")'
	@command -v cc gcc clang >/dev/null || { echo "civid is compiled here and needs a C compiler (on Debian and Ubuntu: apt install gcc)"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.built: $(BIN)/python $(SOURCES)
	@echo "installing what civid needs into $(VENV): some minutes, this once"
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	@rm -rf build/lib* build/bdist*  # setuptools would install files that have moved since
	$(BIN)/python -m pip install --quiet '.[lab,slaps]'
	@touch $@

$(VENV)/.test: $(VENV)/.built
	$(BIN)/python -m pip install --quiet --group test
	@touch $@

$(VENV)/.lint: $(VENV)/.test
	$(BIN)/python -m pip install --quiet --group lint
	@touch $@

$(VENV)/.docs: $(VENV)/.test
	$(BIN)/python -m pip install --quiet --group docs
	@touch $@

clean:
	rm -rf docs/_build docs/reference/api $(VENV) build dist civid-demo src/*.egg-info src/civid/_native/_civid*
