# make demo   read a sandbox tenant with Meltano and write to it, in a minute or two
# make test   everything that CI checks
# make lint | unit | e2e   parts of it
# make clean  remove what these have made
#
# Needs Python 3.10 or newer, make, and PyPI.

PYTHON ?= python3
VENV := .venv
MELTANO := $(VENV)/meltano
WORKERS ?= 2

INSTALL := $(VENV)/bin/uv pip install --quiet --constraint constraints.txt
# As pip does, trust what the system trusts: company networks bring certificates of their own.
export UV_SYSTEM_CERTS := true
export MELTANO_SEND_ANONYMOUS_USAGE_STATS := false
unexport VIRTUAL_ENV

.PHONY: demo test lint unit e2e clean
.DELETE_ON_ERROR:

demo: $(VENV)/.sandbox $(MELTANO)/.installed
	@$(VENV)/bin/python demo/demo.py

test: lint unit e2e

lint: $(VENV)/.dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

unit: $(VENV)/.dev
	$(VENV)/bin/pytest -q -n $(WORKERS) -m "not e2e"

e2e: $(VENV)/.dev $(MELTANO)/.installed
	$(VENV)/bin/pytest -q -n $(WORKERS) --dist loadfile -m e2e

clean:
	rm -rf $(VENV) .demo .meltano output .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/.uv:
	@echo "Making a Python environment in $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "Python 3.10 or newer is needed: make PYTHON=python3.12 ...")'
	@$(PYTHON) -m venv --clear $(VENV)  # what an interrupted start has left would be taken for whole
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check uv
	@touch $@

$(VENV)/.sandbox: $(VENV)/.uv pyproject.toml constraints.txt
	@$(INSTALL) --python $(VENV) --editable '.[sandbox]'
	@touch $@

$(VENV)/.dev: $(VENV)/.sandbox
	@$(INSTALL) --python $(VENV) --group dev
	@touch $@

# Meltano has dependencies of its own that must not mix with the plugin's.
$(MELTANO)/.installed: $(VENV)/.uv constraints.txt
	@echo "Installing Meltano in $(MELTANO)"
	@$(VENV)/bin/uv venv --quiet --allow-existing --python $(VENV)/bin/python $(MELTANO)
	@$(INSTALL) --python $(MELTANO) meltano
	@touch $@
