"""States and districts named in a text or a column."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp_acuerdos.catalogues import data_file, load
from nlp_acuerdos.finders.distritos import _HEAD, _heads
from nlp_acuerdos.finders.lugares import PASO, distritos, entidades, estados, normalize_entidad
from nlp_acuerdos.text import Folded


def table() -> list[dict[str, str]]:
    with data_file("distritos_federales_2023.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_catalogue_has_the_states_of_the_district_table():
    rows = {row["entidad"]: int(row["clave"]) for row in table()}
    assert {name: entry["clave"] for name, entry in load("entidades")["entidades"].items()} == rows
    assert all(entry["capital"] for entry in load("entidades")["entidades"].values())
    assert len(entidades()) == 32


@pytest.mark.parametrize("row", table(), ids=lambda r: r["abreviatura"])
def test_every_state_is_read_by_name_abbreviation_and_capitals(row):
    for cell in (row["entidad"], row["abreviatura"], row["entidad"].upper(), f"{row['clave']}. {row['entidad']}"):
        assert normalize_entidad(cell) == row["entidad"]
    if row["entidad"] != "Ciudad de México":
        assert normalize_entidad(f"Estado de {row['entidad']}") == row["entidad"]


@pytest.mark.parametrize(
    ("cell", "state"),
    [
        ("Edo. Méx.", "México"), ("EDO MEX", "México"), ("Edomex", "México"), ("mexico", "México"),
        ("CDMX", "Ciudad de México"), ("Distrito Federal", "Ciudad de México"), ("D.F.", "Ciudad de México"),
        ("Ciudad de México (CDMX)", "Ciudad de México"), ("N.L.", "Nuevo León"), ("nl", "Nuevo León"),
        ("Coah.", "Coahuila de Zaragoza"), ("Coahuila*", "Coahuila de Zaragoza"), ("Michoacán", "Michoacán de Ocampo"),
        ("VERACRUZ", "Veracruz de Ignacio de la Llave"), ("Veracruz-Llave", "Veracruz de Ignacio de la Llave"),
        ("Q. Roo", "Quintana Roo"), ("QROO", "Quintana Roo"), ("SLP", "San Luis Potosí"), ("B. C. S.", "Baja California Sur"),
        ("JLE Puebla", "Puebla"), ("Junta Local Ejecutiva de Puebla", "Puebla"), ("Puebla 1", "Puebla"),
        ("Michoaca\u0301n", "Michoacán de Ocampo"), ("Total", None), ("", None), ("Puebla y Tlaxcala", None),
        ("Guadalajara", None), ("9", None),
    ],
)  # fmt: skip
def test_normalize_entidad(cell, state):
    assert normalize_entidad(cell) == state


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("El Ejército Mexicano y la Guardia Nacional", []),
        ("la Fiscalía de México y la Armada de México", []),
        ("en la Ciudad de México", ["Ciudad de México"]),
        ("reunión en CDMX", ["Ciudad de México"]),
        ("en el Distrito Federal", ["Ciudad de México"]),
        ("distrito federal 5 y cada distrito federal electoral", []),
        ("el Estado de México", ["México"]),
        ("elementos del Edo. Méx. y de Edomex", ["México", "México"]),
        ("Nuevo México", []),
        ("la Universidad de Guanajuato", []),
        ("Instituto Electoral de Michoacán", ["Michoacán de Ocampo"]),
        ("Benito Juárez, Miguel Hidalgo y Vicente Guerrero", []),
        ("en la calle Hidalgo, esquina Morelos", []),
        ("calle Guerrero 25", []),
        ("José María Morelos y Pavón", []),
        ("colonia Durango, avenida Sonora", []),
        ("la carretera Puebla-Tlaxcala", []),
        ("INE en Puebla", ["Puebla"]),
        ("Aramberri, Nuevo León, para atender", ["Nuevo León"]),
        ("Cuernavaca, Mor., y Culiacán, Sin.", ["Morelos", "Sinaloa"]),
        ("Sin. embargo, Col. Centro", []),
        ("estados de Guerrero, Morelos e Hidalgo", ["Guerrero", "Morelos", "Hidalgo"]),
        ("la Guardia Nacional de Guerrero", ["Guerrero"]),
        ("en Ecatepec de Morelos y Tejupilco de Hidalgo", []),
        ("la Policía Estatal de Morelos y las casillas de Hidalgo", ["Morelos", "Hidalgo"]),
        ("Dolores Hidalgo, Guanajuato", ["Guanajuato"]),
        ("entre las calles Juárez, Hidalgo y Morelos", []),
        ("Huitzilac, Morelos.", ["Morelos"]),
        ("el municipio de Guerrero", []),
        ("los municipios de Guerrero", ["Guerrero"]),
        ("en Hidalgo, Coahuila", ["Coahuila de Zaragoza"]),
        ("en Hidalgo 25", []),
        ("la alarma sonora", []),
        ("en sonora", ["Sonora"]),
        ("Baja California Sur y BAJA CALIFORNIA", ["Baja California Sur", "Baja California"]),
        ("Veracruz de Ignacio de la Llave", ["Veracruz de Ignacio de la Llave"]),
        ("las entidades vecinas a Zacatecas", ["Zacatecas"]),
        ("GOBIERNO DE MORELOS", ["Morelos"]),
        ("Guerrero Negro", []),
        ("Michoaca\u0301n", ["Michoacán de Ocampo"]),
        ("contacto@puebla.gob.mx", []),
    ],
)
def test_estados(text, states):
    found = estados(text)
    assert [e.etiqueta for e in found] == states
    assert all(text[e.inicio : e.fin] == e.texto and e.conjunto == "entidad" for e in found)


@pytest.mark.parametrize(
    "text",
    ["hasta el Estado de Baja California", "en los límites con el estado de Puebla", "procedente de la Ciudad de México",
     "desde las oficinas centrales del INE en la Ciudad de México"],
)  # fmt: skip
def test_places_of_passage_are_told_apart(text):
    assert [e.regla for e in estados(text)] == [PASO]


@pytest.mark.parametrize(
    ("text", "numbers", "scope"),
    [
        ("de los distritos electorales 09,13 y 14, para su entrega", [(9, 13, 14)], None),
        ("Distritos 02 y 07 de Reynosa, 03 de Río Bravo y 04 de Matamoros. Después", [(2, 7, 3, 4)], None),
        ("DISTRITOS 02 Y 07 DE REYNOSA, 03 DE RÍO BRAVO Y 04 DE MATAMOROS", [(2, 7, 3, 4)], None),
        ("distritos 01 Piedras Negras, 02 San Pedro y 03 Monclova", [(1, 2, 3)], None),
        ("distritos 01 (Jalpan) y 02 (San Juan del Río)", [(1, 2)], None),
        ("La presidencia del 04 Consejo Distrital del INE", [(4,)], "federal"),
        ("La Junta Local y las 09,13 y 14 Juntas Distritales", [(9, 13, 14)], "federal"),
        ("Distritos Electorales Federales 01 y 02 del INE", [(1, 2)], "federal"),
        ("distrito electoral federal número 04 con cabecera en Veracruz, y 30 elementos", [(4,)], "federal"),
        ("distrito federal 5", [(5,)], "federal"),
        ("JDE 03", [(3,)], "federal"),
        ("la JDE-03 y la 05 JDE", [(3,), (5,)], "federal"),
        ("Junta Distrital Ejecutiva 07", [(7,)], "federal"),
        ("04 distrito electoral", [(4,)], None),
        ("02 y 07 distritos electorales federales", [(2, 7)], "federal"),
        ("distritos 01 al 05", [(1, 2, 3, 4, 5)], None),
        ("distrito uno", [(1,)], None),
        ("los distritos 01 y 04; con los distritos 02 y 03, los cuales", [(1, 4), (2, 3)], None),
        ("distrito 03, 15 de mayo de 2024", [(3,)], None),
        ("distrito 02 de Reynosa y 30 elementos", [(2,)], None),
        ("distrito local 12", [(12,)], "local"),
        ("distrito electoral local IX", [(9,)], "local"),
        ("distritos 02 de Iguala y 03 de Iztapa", [(2, 3)], None),
        ("distritos 05 y 06 del OPLE", [(5, 6)], "local"),
        ("consejos distritales 05 y 06 del IEEM", [(5, 6)], "local"),
        ("candidata a diputada local por el distrito 20", [(20,)], "local"),
    ],
    ids=lambda v: v[:40] if isinstance(v, str) else None,
)
def test_distritos(text, numbers, scope):
    found = distritos(text)
    assert [d.numeros for d in found] == numbers
    assert {d.ambito for d in found} == {scope}


@pytest.mark.parametrize(
    "text",
    ["los 16 distritos electorales", "los ocho distritos", "ZORE 22", "en el Distrito Federal, 2 de mayo", "distrito 2024",
     "las 22 juntas distritales", "los 8 consejos distritales", "distrito judicial 3", "consejos distritales 3 de mayo",
     "los distritos a las 10:00 horas", "el distrito vi"],
)  # fmt: skip
def test_counts_and_other_zones_are_no_districts(text):
    assert distritos(text) == []


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=120))
def test_any_text_is_read_without_error(text):
    assert all(text[e.inicio : e.fin] == e.texto for e in estados(text))
    assert all(0 <= d.inicio < d.fin <= len(text) for d in distritos(text))
    normalize_entidad(text)


def test_nouns_of_districts_are_all_looked_for():
    """The heads tried only where a noun begins are those a search of the whole text finds."""
    gold = Path(__file__).parent.parent / "data" / "gold" / "entrenamiento.jsonl"
    lines = gold.read_text(encoding="utf-8").splitlines()
    folded = [Folded(json.loads(line)["acuerdo"]).text for line in lines]
    folded += [
        f"las {noun} 04 y 05"
        for noun in ("juntas distritales", "vocalias ejecutivas distritales", "jdes", "dttos.", "dto.")
    ]
    found = [[m.span() for m in _heads(text)] for text in folded]
    assert found == [[m.span() for m in _HEAD.finditer(text)] for text in folded]
    assert sum(map(len, found)) > 100 and all(found[-5:])
