# The front door. `make run` needs Python 3.11 or newer with venv, make and git; it brings everything else itself.

SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
BIN := .venv/bin

.PHONY: run install test check bench soak scaled clean \
        check-code check-types check-imports check-migrations check-links

run: install
	@exec $(BIN)/taskjuggler up

install:
	@PYTHON="$(PYTHON)" scripts/install.sh

test: install
	@$(BIN)/python scripts/test_tools.py
	@$(BIN)/pytest -m "not soak and not browser" -n auto
	@$(BIN)/pytest -m "browser and not soak"

check: check-code check-types check-imports check-migrations check-links

check-code: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

check-types: install
	$(BIN)/mypy

check-imports: install
	$(BIN)/lint-imports

check-migrations: install
	$(BIN)/python scripts/check_migrations.py

check-links: install
	$(BIN)/python scripts/check_links.py

# One benchmark with its peer beside it: make bench B=slice
bench: install
	@$(BIN)/python -m bench $(B)

# Long storms and kill loops; a short form of each is in `make test`.
soak: install
	@$(BIN)/python scripts/test_tools.py
	@$(BIN)/pytest -m soak

# The browser tests against two of every process behind nginx, with Redis: needs Debian's redis-server and nginx-light.
scaled: install
	@$(BIN)/python scripts/test_tools.py
	@SCALED=1 $(BIN)/pytest -m "browser and not soak"

clean:
	rm -rf .venv .web .mypy_cache .ruff_cache .pytest_cache .hypothesis
