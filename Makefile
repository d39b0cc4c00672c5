PY ?= python3
BIN := .venv/bin
AXE := .venv/axe/axe.min.js
.PHONY: demo test lint format bench env navegador clean

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

# What the browser tests need; where it cannot be had they are skipped and say why.
navegador: env
	@command -v chromium >/dev/null || (apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium) \
		|| echo "sin chromium ni apt: se omiten las pruebas del navegador"
	@command -v npm >/dev/null || (apt-get update -qq && apt-get install -y -qq --no-install-recommends npm) \
		|| echo "sin npm: se omite axe"
	@test -s $(AXE) || (mkdir -p .venv/axe && cd .venv/axe && npm pack --silent axe-core@4.14.1 \
		&& tar -xzf axe-core-4.14.1.tgz --strip-components=1 package/axe.min.js package/LICENSE) \
		|| echo "sin axe-core: se omite su prueba"

test: lint navegador
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
	$(BIN)/python -m tests.benchmarks.duplicados
	$(BIN)/python -m tests.benchmarks.web

clean:
	rm -rf .venv .acuerdos
