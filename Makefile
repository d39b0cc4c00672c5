PY ?= python3
BIN := .venv/bin
.PHONY: demo test lint format bench env clean

env: $(BIN)/.listo

$(BIN)/.listo: pyproject.toml constraints.txt
	$(PY) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet torch==2.13.0
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@

demo: env
	$(BIN)/acuerdos build data/raw/anexo1_sexto_informe.txt
	$(BIN)/acuerdos search "custodia de boletas" -k 3
	$(BIN)/acuerdos report -o informe.html

lint: env
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: env
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test: lint
	$(BIN)/python -m pytest

bench: env
	$(BIN)/python -m tests.benchmarks.inicio
	$(BIN)/python -m tests.benchmarks.etiquetas
	$(BIN)/python -m tests.benchmarks.ingesta
	$(BIN)/python -m tests.benchmarks.fechas
	$(BIN)/python -m tests.benchmarks.busqueda
	$(BIN)/python -m tests.benchmarks.escala
	$(BIN)/python -m tests.benchmarks.grafo
	$(BIN)/python -m tests.benchmarks.pares

clean:
	rm -rf .venv .acuerdos
