"""Shared fixtures: the annex, a hash-based stub encoder, and one real workspace built once."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from nlp_acuerdos.catalogues import data_file
from nlp_acuerdos.config import Settings
from nlp_acuerdos.pipeline import build, read_sources
from nlp_acuerdos.workspace import Workspace


class StubEncoder:
    """Vectors from hashed words: quick, deterministic, and near for texts that share words."""

    nombre, dim, huella = "stub", 64, "stub-64"

    def __init__(self) -> None:
        self.encoded = 0

    def encode(self, texts, *, rol):
        self.encoded += len(texts)
        rows = np.zeros((len(texts), self.dim), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().split():
                row[int(hashlib.sha256(word.encode()).hexdigest(), 16) % self.dim] += 1
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        return rows / np.where(norms > 0, norms, 1)


@pytest.fixture
def stub(monkeypatch):
    encoder = StubEncoder()
    monkeypatch.setattr("nlp_acuerdos.pipeline.get_encoder", lambda nombre: encoder)
    return encoder


@pytest.fixture
def quick(stub, monkeypatch):
    """Builds with no model at all: stub vectors, tags by rules alone."""
    from nlp_acuerdos.tagging import tag

    monkeypatch.setattr("nlp_acuerdos.pipeline._tagged", lambda workspace, items: (tag(t, a) for t, a in items))
    return stub


@pytest.fixture
def source(request, tmp_path):
    """A CSV of the ROWS of the module that asks."""
    path = tmp_path / "datos.csv"
    path.write_text(request.module.ROWS, encoding="utf-8")
    return path


@pytest.fixture
def workspace(tmp_path, source):
    """A workspace of that CSV, open."""
    build(Settings(tmp_path / "ws"), read_sources([source]))
    with Workspace.open(tmp_path / "ws") as opened:
        yield opened


@pytest.fixture(scope="session")
def annex() -> Path:
    return data_file("anexo1_sexto_informe.txt")


@pytest.fixture(scope="session")
def built(tmp_path_factory, annex) -> Settings:
    """A workspace of the annex, built once with the real model."""
    settings = Settings(tmp_path_factory.mktemp("anexo") / "espacio")
    build(settings, read_sources([annex]))
    return settings
