"""The annex, whole: every row, its place, its warnings."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.ingest import FORMATOS, read
from nlp_acuerdos.records import AVISOS

GOLDEN = Path(__file__).parent / "golden" / "anexo_ids.jsonl"


@pytest.fixture(scope="module")
def annex_read(annex):
    return read(annex)


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def test_annex_counts(annex_read):
    assert len(annex_read.acuerdos) == 115
    assert Counter(a.estatus for a in annex_read.acuerdos) == {
        "En proceso": 63, "Concluido": 26, "Planeación": 22, None: 4,
    }  # fmt: skip


def test_annex_rows_are_the_golden_ones(annex_read):
    golden = [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]
    rows = [
        {"id": a.id, "entidad": a.entidad, "estatus": a.estatus, "pagina": a.origen.pagina, "fila": a.origen.fila}
        for a in annex_read.acuerdos
    ]
    assert rows == golden


def test_annex_warnings_by_row(annex_read):
    row = {a.id: a.orden for a in annex_read.acuerdos}
    found: dict[str, list[int]] = {}
    for aviso in annex_read.avisos:
        found.setdefault(aviso.tipo, []).append(row[aviso.id])
    assert found == {
        "estatus_faltante": [67, 68, 110, 112],
        "columnas_corridas": [35, 36, 37],
        "fila_continuada": [38],
        "entidad_ajena": [16, 110],
        "distrito_inexistente": [71],
        "entidad_tardia": [110],
    }
    assert set(found) <= set(AVISOS)


def test_annex_late_label_suggests_the_block(annex_read):
    late = next(a for a in annex_read.avisos if a.tipo == "entidad_tardia")
    assert "108, 109, 111, 112" in late.sugerencia and "inferido" in late.sugerencia and "Zacatecas" in late.sugerencia


def test_annex_repairs(annex_read):
    by_row = {a.orden: a for a in annex_read.acuerdos}
    assert "la Lista de Ubicación de Casillas" in by_row[38].acuerdo
    assert by_row[38].reparaciones == ("fila_continuada",)
    assert [by_row[n].entidad for n in (35, 36, 37)] == ["Ciudad de México"] * 3
    assert by_row[35].acuerdo.startswith("Para el tema 6: La Coordinadora") and by_row[35].estatus == "En proceso"


def test_nothing_is_lost(annex_read, annex):
    lines = [line for line in annex.read_text(encoding="utf-8").split("\n") if line.strip()]
    assert annex_read.leidas == len(lines)
    assert annex_read.leidas == (
        len(annex_read.acuerdos) + annex_read.continuaciones + annex_read.encabezados + len(annex_read.rechazadas)
    )


def test_annex_facts(annex_read):
    facts = annex_read.documento
    assert facts.clave == "anexo1_sexto_informe" and facts.archivo == "anexo1_sexto_informe.txt"
    assert (facts.proceso, facts.proceso_supuesto) == ("2023-2024", False)
    assert facts.titulo.startswith("Anexo 1 del Sexto Informe")


def test_ids_do_not_depend_on_format(annex_read, tmp_path):
    rows = [{"entidad": a.entidad, "acuerdo": a.acuerdo, "estatus": a.estatus_original} for a in annex_read.acuerdos]
    jsonl = "\n".join(json.dumps(r, ensure_ascii=False) for r in rows)
    quoted = [[f'"{c}"' for c in (r["entidad"], r["acuerdo"], r["estatus"])] for r in rows]
    csv_text = "Entidad;Acuerdo;Estatus\n" + "\n".join(";".join(r) for r in quoted)
    key = annex_read.documento.clave
    for path in (write(tmp_path, "x.jsonl", jsonl), write(tmp_path, "y.csv", csv_text, "cp1252")):
        again = read(path, documento=key)
        assert [(a.id, a.estatus) for a in again.acuerdos] == [(a.id, a.estatus) for a in annex_read.acuerdos]


def test_read_is_deterministic(annex):
    assert read(annex) == read(annex)


def test_options_win_over_the_title(annex):
    facts = read(annex, proceso="2020-2021", fecha_documento=date(2021, 5, 1), documento="mayo").documento
    assert (facts.proceso, facts.fecha_documento, facts.clave) == ("2020-2021", date(2021, 5, 1), "mayo")


def test_district_table_is_silent_for_earlier_maps(annex):
    assert not [a for a in read(annex, proceso="2020-2021").avisos if a.tipo == "distrito_inexistente"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("vacio.txt", b"", "vacío"),
        ("espacios.csv", b"\xef\xbb\xbf \n\n", "vacío"),
        ("foto.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "binario"),
        ("datos.csv", bytes(range(1, 32)) * 40, "binario"),
        ("ceros.txt", b"\0" * 500, "vacío"),
        ("tabla.csv", b"Nombre,Edad\nAna,3\n", "no encuentro la columna «acuerdo»; columnas vistas: Nombre, Edad"),
        ("sin_filas.csv", b"Entidad,Acuerdo,Estatus\n", "no tiene ningún acuerdo"),
        ("malo.jsonl", b"esto no es json\n", "ninguna línea es un acuerdo"),
        ("otro.jsonl", b'{"texto_libre": "x"}\n', "no encuentro la columna «acuerdo»"),
        ("informe.pages", b"x", "no sé leer «informe.pages»; se leen .txt, .csv"),
        (
            "abierta.csv",
            b'Entidad,Acuerdo,Estatus\nPuebla,"Sin cerrar,En proceso\nSonora,Otro,Concluido\n',
            "línea 2: comillas",
        ),
    ],
    ids=lambda v: v if isinstance(v, str) and "." in v[:20] else "",
)
def test_bad_sources_give_one_line(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(EntradaInvalida) as caught:
        read(path)
    assert message in str(caught.value) and "\n" not in str(caught.value)


def test_missing_file_and_folder(tmp_path):
    with pytest.raises(EntradaInvalida, match="no existe el archivo"):
        read(tmp_path / "no está.txt")
    with pytest.raises(EntradaInvalida, match="es una carpeta"):
        read(tmp_path)


def test_unknown_process(annex):
    with pytest.raises(EntradaInvalida, match="proceso desconocido"):
        read(annex, proceso="1999-2000")


def test_registry_has_one_reader_a_suffix():
    assert {".txt", ".csv", ".jsonl"} <= set(FORMATOS)
