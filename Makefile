PYTHON_SOURCES = app.py benchmarks tests visualizer

.PHONY: check fix slow e2e bench run

check:
	ruff format --check $(PYTHON_SOURCES)
	ruff check $(PYTHON_SOURCES)
	mypy --explicit-package-bases $(PYTHON_SOURCES)
	pytest -q
	cd tests/js && node --test

fix:
	ruff format $(PYTHON_SOURCES)
	ruff check --fix $(PYTHON_SOURCES)

slow:
	pytest -m slow

e2e:
	pytest -m e2e

bench:
	set -e; for script in benchmarks/*.py; do echo "== $$script"; \
	  python -m "benchmarks.$$(basename "$$script" .py)"; done

run:
	python app.py
