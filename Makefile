# make run and make test do everything from a fresh clone; the rest is for those who work here.
PYTHON ?= $(shell for p in python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
TODAY ?= $(shell date +%F)
# One more than the cores of a small machine: a worker waits for the disk a third of its time.
JOBS ?= 3
# The tests start some hundred programs: none of them is to compile all modules anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup run test check bench deep tour lock clean

setup: .venv/ready

.venv/ready: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Elpis needs Python 3.11 or 3.12; none was found. Name one: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

run: setup
	@mkdir -p build
	$(BIN)/elpis review resources/sample --as-of $(TODAY) --out build/sample --book build/sample.elpis
	@$(BIN)/elpis build/sample.elpis --if-screen

test: setup
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/python -m coverage erase
	$(BIN)/python -m coverage run --parallel-mode -m pytest -q
	$(BIN)/python -m coverage combine --quiet
	$(BIN)/python -m coverage report --include='rules/*' --fail-under=100 --show-missing --skip-covered
	$(BIN)/python -m coverage report --include='store/*' --fail-under=95 --show-missing --skip-covered

bench: setup
	$(BIN)/python -m tests.bench

deep: setup
	$(BIN)/python -m pytest -n $(JOBS) -m deep
	ELPIS_EXAMPLES=10 $(BIN)/python -m pytest -n $(JOBS) --dressed

tour: setup
	$(BIN)/python -m tests.tour

lock:
	uv pip compile --quiet --generate-hashes --custom-compile-command 'make lock' --universal --python-version 3.11 --group dev pyproject.toml -o requirements.lock

clean:
	rm -rf .venv build .pytest_cache .ruff_cache .hypothesis .coverage*
