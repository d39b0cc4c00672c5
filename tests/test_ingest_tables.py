"""Table repair: each kind of row, and what must be left alone."""

from __future__ import annotations

import pytest

from nlp_acuerdos.ingest.rows import Fila, Opciones, Tabla
from nlp_acuerdos.ingest.status import normalize_estatus
from nlp_acuerdos.ingest.tables import repair
from nlp_acuerdos.records import CONTINUADA, CORRIDA, HEREDADA

HEAD = ("Entidad", "Acuerdo", "Estatus")
LONG = "Se remitirá el listado de casillas a la Secretaría de Seguridad"


def mend(*rows: tuple[str, ...], continua: bool = True):
    return repair(
        Tabla(tuple(Fila(r, n) for n, r in enumerate(rows, 1)), paginas=True, continua=continua), "x", Opciones()
    )


def simple(done) -> list[tuple[str, str, str]]:
    return [(r.entidad, r.acuerdo, r.estatus) for r in done.registros]


def test_carried_label_and_pages():
    done = mend(HEAD, ("Puebla", "Uno.", "Concluido"), ("", "Dos.", "En proceso"), HEAD, ("", "Tres.", ""))
    assert simple(done) == [("Puebla", "Uno.", "Concluido"), ("Puebla", "Dos.", "En proceso"), ("Puebla", "Tres.", "")]
    assert [r.pagina for r in done.registros] == [1, 1, 2]
    assert [r.reparaciones for r in done.registros] == [(), (HEREDADA,), (HEREDADA,)]
    assert done.encabezados == 2


def test_label_alone_on_its_row():
    done = mend(HEAD, ("Puebla", "", ""), ("", "Uno.", "Concluido"))
    assert simple(done) == [("Puebla", "Uno.", "Concluido")] and done.encabezados == 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("Puebla", "Se enviará la Lista", "Concluido"), ("", "de Ubicación de Casillas.", "")),
        (("Puebla", "Se enviará la", "Concluido"), ("", "Lista de Ubicación.", "")),
        (("Puebla", "Se enviará la lista,", ""), ("", "Los mapas y los planos.", "Concluido")),
        (("Puebla", "Se enviará la lista", "Concluido"), ("Puebla", "de casillas.", "")),
    ],
    ids=["minúscula", "palabra-abierta", "coma", "etiqueta-repetida"],
)
def test_continuation(before, after):
    (only,) = mend(HEAD, before, after).registros
    assert only.acuerdo == f"{before[1]} {after[1]}" and only.estatus == "Concluido"
    assert only.reparaciones == (CONTINUADA,)


def test_continuation_in_capitals_over_a_page():
    (only,) = mend(
        HEAD, ("Puebla", "ENVIAR LA LISTA NOMINAL", "Concluido"), HEAD, ("", "DEFINITIVA CON FOTOGRAFÍA", "")
    ).registros
    assert only.acuerdo == "ENVIAR LA LISTA NOMINAL DEFINITIVA CON FOTOGRAFÍA"


def test_hyphen_at_the_break():
    (only,) = mend(HEAD, ("Puebla", "Enviar docu-", "Concluido"), ("", "mentos.", "")).registros
    assert only.acuerdo == "Enviar documentos."


@pytest.mark.parametrize(
    "rows",
    [
        [("Puebla", "Uno", "Concluido"), ("", "Dos", "En proceso")],
        [("Puebla", "Uno.", "Concluido"), ("", "dos", "")],
        [("Puebla", "Uno la", "Concluido"), ("Sonora", "dos", "")],
        [("Puebla", "enviar lista", "Concluido"), ("", "enviar mapas", "")],
        [("Puebla", "Uno", "Concluido"), ("", "Dos", "")],
    ],
    ids=["dos-estatus", "punto-final", "otra-entidad", "todo-en-minúsculas", "mayúscula-sin-corte"],
)
def test_separate_agreements_stay_apart(rows):
    assert len(mend(HEAD, *rows).registros) == 2


def test_no_status_column_joins_only_open_texts():
    head = ("Entidad", "Acuerdo")
    assert len(mend(head, ("Puebla", "Enviar listas"), ("", "remitir mapas")).registros) == 2
    assert len(mend(head, ("Puebla", "Enviar listas de"), ("", "casillas")).registros) == 1


@pytest.mark.parametrize(
    "row",
    [
        (LONG, "En proceso", ""),
        ("", "", LONG, "En proceso"),
        ("", "Puebla", LONG, "En proceso"),
        (LONG, "", "En proceso"),
    ],
    ids=["izquierda", "derecha", "derecha-con-entidad", "solo-el-texto"],
)
def test_shifted_columns(row):
    done = mend(HEAD, ("Puebla", "Uno.", "Concluido"), row)
    assert simple(done)[1] == ("Puebla", LONG, "En proceso")
    assert done.registros[1].reparaciones[0] == CORRIDA
    assert [kind for kind, _ in done.registros[1].antes] == [CORRIDA]


def test_entity_that_is_no_state_is_kept():
    done = mend(HEAD, ("Oficinas centrales", LONG, "En proceso"))
    assert simple(done) == [("Oficinas centrales", LONG, "En proceso")] and not done.registros[0].reparaciones


def test_furniture_notes_and_totals():
    title = ("Acuerdos alcanzados", "", "")
    done = mend(title, HEAD, ("Puebla", "Uno.", "Concluido"), ("Página 2 de 9",), title, HEAD, ("Total", "1", ""),
                ("Nota: corte al 3 de mayo.", "", ""), ("", "", "Concluido"))  # fmt: skip
    assert len(done.registros) == 1 and done.encabezados == 5
    assert [r.motivo.split(":")[0] for r in done.rechazadas] == [
        "parece una nota o un total", "parece una nota o un total", "la fila no tiene texto de acuerdo",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["Elaborar una ruta de riesgos.", "Totalidad de casillas vigiladas.", "Notificar al INE."]
)
def test_agreements_that_begin_like_notes(text):
    assert simple(mend(HEAD, ("Puebla", text, ""))) == [("Puebla", text, "")]


def test_second_table_with_another_order():
    done = mend(
        HEAD, ("Puebla", "Uno.", "Concluido"), ("Estatus", "Estado", "Compromiso"), ("En proceso", "Sonora", "Dos.")
    )
    assert simple(done) == [("Puebla", "Uno.", "Concluido"), ("Sonora", "Dos.", "En proceso")]


def test_a_text_too_long_is_refused():
    done = mend(HEAD, ("Puebla", "Uno.", "Concluido"), ("", "x" * 200_000, "Concluido"))
    assert [r.origen for r in done.rechazadas] == ["x, línea 3"] and len(done.rechazadas[0].motivo) < 200


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ("En proceso", "En proceso"), ("EN PROCESO", "En proceso"), ("en  proceso.", "En proceso"), ("50%", "En proceso"),
        ("Concluido", "Concluido"), ("concluida", "Concluido"), ("CONCLUÍDO", "Concluido"), ("Atendidos", "Concluido"),
        ("Concluido (3 de mayo)", "Concluido"), ("100 %", "Concluido"), ("cumplida", "Concluido"),
        ("Planeacion", "Planeación"), ("en planeación", "Planeación"), ("planeada", "Planeación"), ("Programadas", "Planeación"),
        ("", None), ("cancelado", None), ("no concluido", None), ("por concluir", None), ("0 %", None),
        ("Concluido / En proceso", None), ("x" * 500, None),
    ],
)  # fmt: skip
def test_status(cell, status):
    assert normalize_estatus(cell) == status
