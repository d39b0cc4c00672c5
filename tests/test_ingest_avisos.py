"""Warnings: when they are due, and when they are not."""

from __future__ import annotations

import random
import re
from datetime import date

import pytest

from nlp_acuerdos.catalogues import data_file
from nlp_acuerdos.finders import fechas
from nlp_acuerdos.finders.lugares import distritos
from nlp_acuerdos.ingest import avisos
from nlp_acuerdos.ingest.impossible import may_have_impossible
from nlp_acuerdos.ingest.late import late_labels
from nlp_acuerdos.ingest.personal import personal_data
from nlp_acuerdos.records import Acuerdo, Ancla, Origen

ANCHOR = Ancla("2023-2024", date(2024, 6, 2), date(2024, 6, 2))


def agreement(text: str, entity: str = "Puebla", n: int = 1, status: str | None = "En proceso") -> Acuerdo:
    return Acuerdo(f"id{n}", "doc", n, entity, text, status, status or "", Origen("doc.csv", None, n))


def kinds(text: str, entity: str = "Puebla", ancla: Ancla = ANCHOR) -> list[str]:
    return [a.tipo for a in avisos.find([agreement(text, entity)], ancla, con_estatus=True)]


@pytest.mark.parametrize(
    ("entity", "text", "expected"),
    [
        ("Puebla", "Custodia en el estado de Tlaxcala.", ["entidad_ajena"]),
        ("Pue.", "Custodia en Puebla y Tlaxcala.", []),
        ("Puebla", "Traslado desde la Ciudad de México.", []),
        ("Puebla", "Patrullaje en los límites con Tlaxcala.", []),
        ("Oficinas centrales", "Custodia en Puebla.", []),
        ("México", "La Fiscalía del Estado de México y el Ejército Mexicano.", []),
        ("Puebla", "Reunión en la calle Morelos.", []),
    ],
)
def test_foreign_state(entity, text, expected):
    assert kinds(text, entity) == expected


@pytest.mark.parametrize(
    ("entity", "text", "expected"),
    [
        ("Morelos", "Rutas de los distritos electorales 09,13 y 14.", ["distrito_inexistente"]),
        ("N.L.", "Rutas de los distritos electorales 09,13 y 14.", []),
        ("Morelos", "Rutas de los distritos locales 09 y 12.", []),
        ("Puebla", "Los 40 distritos, en la ZORE 22.", []),
        ("Colima", "La 03 Junta Distrital Ejecutiva.", ["distrito_inexistente"]),
        ("Ciudad de México", "En el distrito 22.", []),
    ],
)
def test_districts(entity, text, expected):
    assert kinds(text, entity) == expected
    assert kinds(text, entity, Ancla("2020-2021", date(2021, 6, 6), date(2021, 6, 6))) == []


def test_status_is_asked_only_where_there_is_a_column():
    bare = [agreement("Vigilar.", status=None)]
    assert [a.tipo for a in avisos.find(bare, ANCHOR, con_estatus=True)] == ["estatus_faltante"]
    assert avisos.find(bare, ANCHOR, con_estatus=False) == []


def test_impossible_date():
    assert kinds("Reunión el 31 de abril de 2024.") == ["fecha_imposible"]
    assert kinds("Reunión el 30 de abril de 2024.") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Llamar al 55 1234 5678", ["teléfono"]), ("al (222) 123 45 67", ["teléfono"]), ("cel. 2221234567", ["teléfono"]),
        ("+52 222 123 4567", ["teléfono"]), ("teléfono 5728 2300", ["teléfono"]), ("222-123-4567", ["teléfono"]),
        ("escribir a ana.perez@ine.mx", ["correo electrónico"]), ("CURP PEPA800101MDFRRN09", ["CURP"]),
        ("clave de elector PRPRAN80010109M300", ["clave de elector"]),
    ],
)  # fmt: skip
def test_personal_data(text, expected):
    assert personal_data(text) == expected


@pytest.mark.parametrize(
    "text",
    ["en el km 188 de la carretera federal 101", "folio 5512345678", "oficio INE/JLE/VE/0123/2024", "llamar al 911",
     "PEF 2023-2024", "el 08/05/2024 a las 10:00", "distritos 09, 13 y 14", "lista nominal de 98,123,456 electores",
     "sección 1234 y 1235", "INETEL 800 433 2000", "expediente 222 123 4567", "1234567890 boletas", "@ine.mx", "a@b"],
)  # fmt: skip
def test_numbers_that_are_no_personal_data(text):
    assert personal_data(text) == []


def late(rows: list[tuple[str, str]], propias: set[int]):
    made = [agreement(t, e, n) for n, (e, t) in enumerate(rows, 1)]
    return late_labels(made, {f"id{n}" for n in propias})


def test_late_label_needs_a_row_that_names_the_coming_state():
    rows = [("Sonora", "Vigilar."), ("Sonora", "Patrullar en Tabasco."), ("Tabasco", "Enviar.")]
    assert list(late(rows, {1, 3})) == ["id2"]
    assert late([("Sonora", "Vigilar."), ("Sonora", "Patrullar en Puebla."), ("Tabasco", "Enviar.")], {1, 3}) == {}


def test_late_label_is_denied_by_a_later_row_of_the_label_or_by_its_own_label():
    rows = [
        ("Sonora", "Vigilar."),
        ("Sonora", "Ver Tabasco."),
        ("Sonora", "Patrullar en Sonora."),
        ("Tabasco", "Enviar."),
    ]
    assert late(rows, {1, 4}) == {}
    assert late(rows[:2] + rows[3:], {1, 2, 3}) == {}


def test_many_rows_are_warned_in_linear_time():
    rows = [agreement(f"Patrullar la ruta {n}.", "Puebla" if n % 2 else "Sonora", n) for n in range(2000)]
    assert avisos.find(rows, ANCHOR, con_estatus=True) == []


@pytest.mark.parametrize(
    "text",
    ["el 31 de abril", "30/02/2024", "el 30.02.2024", "a las 25:00 horas", "a las 10:75", "treinta y uno de junio",
     "del 15 al 9 de mayo", "del quince al nueve de mayo", "del 29 al 31 de abril", "abril 31", "77may2023",
     "de mayo de 2024 a abril de 2023", "el 0 de mayo", "los días 29, 30 y 31 de abril", "el 67 demayo"],
)  # fmt: skip
def test_where_an_impossible_date_may_be(text):
    assert may_have_impossible(f"Reunión {text}, en la sede.")


@pytest.mark.parametrize("text", ["el 3 de mayo", "a las 10:30 horas", "en el distrito 45", "en mayo, 12 y 15"])
def test_where_no_impossible_date_can_be(text):
    assert not may_have_impossible(f"Reunión {text}.")


def changed(rng: random.Random, text: str) -> str:
    months = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
    text = re.sub("|".join(months), lambda m: rng.choice(months), text)
    return re.sub(r"(?<!\d)\d{1,2}(?!\d)", lambda m: str(rng.randint(0, rng.choice((31, 99)))), text)


def test_quick_looks_miss_nothing_the_grammars_find():
    lines = data_file("anexo1_sexto_informe.txt").read_text(encoding="utf-8").splitlines()
    rng, texts = random.Random(7), [line for line in lines if re.search(r"\d", line)]
    bad = far = 0
    for _ in range(1500):
        text = changed(rng, rng.choice(texts))
        impossible = fechas.impossible(text)
        numbered = {n for d in distritos(text) for n in d.numeros if n > 8}
        bad, far = bad + bool(impossible), far + bool(numbered)
        assert may_have_impossible(text) or not impossible
        assert avisos._may_pass(text, 8) or not numbered
    assert bad > 100 and far > 100
