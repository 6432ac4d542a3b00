# What people and CI run. Everything stays inside this folder: .venv, .cache, .local, build.
SHELL := /bin/sh
ROOT := $(CURDIR)
PY := .venv/bin/python
ARGS ?=
CRM ?= none
SETTINGS ?=
# Of each CRM, in test-live; the figures of docs/benchmarks.md are of 2000, which takes twenty minutes.
EARSHOT_SCHEDULES ?= 300
export EARSHOT_SCHEDULES
SCHEDULES := tests/faults/test_crm_schedules.py
STAGE ?= dev
export TMPDIR := $(ROOT)/.cache/tmp
export XDG_CACHE_HOME := $(ROOT)/.cache
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_CACHE_DIR := 1
export HYPOTHESIS_STORAGE_DIRECTORY := $(ROOT)/.cache/hypothesis
export RUFF_CACHE_DIR := $(ROOT)/.cache/ruff
FIND_PYTHON = for p in python3.12 python3.11 python3; do \
	$$p -c 'import ensurepip, sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' >/dev/null 2>&1 && { echo $$p; exit 0; }; \
	done; echo "Earshot needs Python 3.11 or 3.12 (durable_rules does not import on 3.13); none is on the PATH." >&2; exit 1
COMPILER = import os, sysconfig; print(os.environ.get("CC") or sysconfig.get_config_var("CC"), "-I" + sysconfig.get_path("include"))
CAN_COMPILE = { printf '\043include <Python.h>\n' | $$($$python -c '$(COMPILER)') -x c -fsyntax-only - >/dev/null 2>&1 || \
	{ echo "Earshot needs a C compiler and Python's headers, to build durable_rules" \
	"(Debian, Ubuntu: apt-get install build-essential python3-dev)." >&2; exit 1; }; }

.PHONY: help setup run test test-live check fast format package deploy sbom audit bench clean
help:           ## this list
	@sed -n 's/^\([a-z-]*\): .*## /make \1\t/p' Makefile

setup: .venv/ready  ## .venv with everything pinned; .venv/bin/earshot works after it
.venv/ready: requirements.txt requirements-dev.txt
	@mkdir -p $(TMPDIR)
	@python=$$($(FIND_PYTHON)) && $(CAN_COMPILE) && \
		echo "setting up .venv with $$($$python --version); this takes about a minute" && $$python -m venv --clear .venv
	@.venv/bin/pip install --quiet setuptools==84.2.1 wheel==0.48.0
	@.venv/bin/pip wheel --quiet --wheel-dir .venv/wheels --requirement requirements-dev.txt
	@.venv/bin/pip install --quiet --no-index --find-links .venv/wheels --requirement requirements-dev.txt
	@.venv/bin/pip install --quiet --no-index --no-deps --no-build-isolation --editable .
	@touch $@

run: setup      ## the main job on this machine, no AWS account (ARGS=--once ends after the samples; CRM=roundup; CRM=espocrm SETTINGS=crm.json)
	@$(PY) -m infra.local --crm $(CRM) $(if $(SETTINGS),--settings "$(SETTINGS)") $(ARGS)

test: check     ## every test that needs nothing but Python: the fast part, then the real parts as processes
	@$(PY) -m pytest -n 2 -m "thorough and not live" tests/unit
	@$(PY) -m pytest -n 2 -m "not local and not live" tests --ignore tests/unit
	@$(PY) -m pytest -n 2 --dist loadfile -m "local and not live" tests

check: setup    ## the fast loop, under 20 s
	@.venv/bin/ruff check . && .venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-cache
	@.venv/bin/earshot check rules && .venv/bin/earshot test rules
	@$(PY) -m pytest -n 2 -m "not local and not live and not thorough" tests/unit

test-live: setup ## what needs minutes or Debian packages: faults, load
	@$(PY) -m pytest -n 2 -m live tests/unit tests/contracts $(SCHEDULES)
	@$(PY) -m pytest -n 2 --dist loadfile -m live tests --ignore tests/unit --ignore tests/contracts --ignore $(SCHEDULES)

bench: setup    ## the figures in docs/benchmarks.md, measured again
	@$(PY) -m tests.benchmarks.throughput
	@$(PY) -m tests.benchmarks.wire
	@$(PY) -m tests.benchmarks.webhook
	@$(PY) -m tests.benchmarks.cold_start || true
	@$(PY) -m tests.benchmarks.reading
	@$(PY) -m tests.benchmarks.rules_loading || true
	@$(PY) -m tests.benchmarks.rules || true

package: setup  ## build/: the zip and the CloudFormation template (STAGE=dev|prod, ARGS=--architecture=arm64)
	@$(PY) -m infra.package --stage $(STAGE) $(ARGS)

deploy: package ## make the stage so on AWS, by CloudFormation (STAGE=dev|prod; DEPLOY=--dry-run shows the changes only)
	@$(PY) -m infra.deploy --stage $(STAGE) $(DEPLOY)

sbom: package   ## build/earshot.cdx.json: what is in the zip, with licences and hashes (CycloneDX)
	@$(PY) -m infra.sbom --stage $(STAGE)

audit: setup    ## known vulnerabilities in what is shipped, asked of PyPI; says so where it cannot be asked
	@$(PY) -m infra.audit

format: setup   ## put the code in the house's form
	@.venv/bin/ruff check --fix . ; .venv/bin/ruff format .

clean:          ## remove everything that was made here
	@rm -rf .venv .cache .local build .chalice/deployments *.egg-info
