"""One format at a time: csv, jsonl, txt, and their encodings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.ingest import read
from nlp_acuerdos.ingest.encoding import decode, is_garbled

TABLE = "Entidad,Acuerdo,Estatus\nMichoacán,Enviar la relación de casillas.,En proceso\nNuevo León,Realizar patrullajes.,Concluido\n"


def put(folder: Path, name: str, data: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def texts(path: Path, **options) -> list[tuple[str, str, str | None]]:
    return [(a.entidad, a.acuerdo, a.estatus) for a in read(path, **options).acuerdos]


EXPECTED = [
    ("Michoacán", "Enviar la relación de casillas.", "En proceso"),
    ("Nuevo León", "Realizar patrullajes.", "Concluido"),
]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman", "cp850"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"], ids=["coma", "punto-y-coma", "tab", "barra"])
def test_encodings_and_delimiters(tmp_path, encoding, delimiter):
    path = put(tmp_path, "Acuerdos de año.csv", TABLE.replace(",", delimiter).encode(encoding))
    assert texts(path) == EXPECTED
    assert not [a for a in read(path).avisos if a.tipo == "texto_danado"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_line_ends(tmp_path, end):
    assert texts(put(tmp_path, "a.csv", TABLE.replace("\n", end))) == EXPECTED
    assert texts(put(tmp_path, "a.txt", TABLE.replace(",", "\t").replace("\n", end))) == EXPECTED


def test_mojibake_is_said_and_kept(tmp_path):
    spoiled = TABLE.encode().decode("cp1252")
    reading = read(put(tmp_path, "a.csv", spoiled))
    assert reading.acuerdos[0].acuerdo == "Enviar la relaciÃ³n de casillas."
    assert [a.tipo for a in reading.avisos] == ["texto_danado"]


def test_a_broken_byte_in_utf8_damages_one_row_only(tmp_path):
    reading = read(put(tmp_path, "a.csv", TABLE.encode().replace(b"patrullajes", b"patr\xffullajes")))
    assert reading.acuerdos[0].acuerdo == EXPECTED[0][1]
    assert [(a.tipo, a.id) for a in reading.avisos] == [("texto_danado", reading.acuerdos[1].id)]


@pytest.mark.parametrize(
    "text", ["recepciÃ³n", "relaciâ€œn", "recepci\ufffdn", "recepci?n de boletas", "informaci&oacute;n"]
)
def test_garbled(text):
    assert is_garbled(text)


@pytest.mark.parametrize(
    "text", ["recepción", "¿qué?", "SÃO PAULO", "https://ine.mx/a?b=c", "¿Habrá apoyo? sí", "100 %"]
)
def test_not_garbled(text):
    assert not is_garbled(text)


def test_nul_bytes_and_direction_marks(tmp_path):
    path = put(
        tmp_path, "a.csv", "\u200fEntidad,Acu\0erdo\u202c,Estatus\n\u200ePuebla\u200e,Enviar\0 lista.,Concluido\n"
    )
    (only,) = read(path).acuerdos
    assert (only.acuerdo, only.estatus) == ("Enviar lista.", "Concluido")


def test_quotes_line_breaks_and_extra_columns(tmp_path):
    text = (
        "No.,Entidad federativa,Descripción del acuerdo,Responsable,Situación\n"
        '1,Puebla,"Enviar ""todo"",\nsin falta",INE,CONCLUIDA\n2,Edo. Méx.,Vigilar,,en planeación,sobra\n'
    )
    first, second = read(put(tmp_path, "a.csv", text)).acuerdos
    assert (first.acuerdo, first.estatus, first.estatus_original) == (
        'Enviar "todo", sin falta',
        "Concluido",
        "CONCLUIDA",
    )
    assert first.extra == {"No.": "1", "Responsable": "INE"}
    assert (second.entidad, second.estatus) == ("Edo. Méx.", "Planeación")
    assert second.extra == {"No.": "2", "columna 6": "sobra"}


def test_excel_separator_line(tmp_path):
    assert texts(put(tmp_path, "a.csv", "sep=;\n" + TABLE.replace(",", ";"))) == EXPECTED


def test_title_rows_before_the_heading_tell_the_process(tmp_path):
    reading = read(put(tmp_path, "a.csv", "Acuerdos del Proceso Electoral Federal 2020-2021,,\n,,\n" + TABLE))
    assert (reading.documento.proceso, reading.documento.proceso_supuesto) == ("2020-2021", False)
    assert (reading.leidas, reading.encabezados) == (4, 2)


def test_process_is_assumed_without_a_title(tmp_path):
    assert read(put(tmp_path, "a.csv", TABLE)).documento.proceso_supuesto


def test_column_mapping(tmp_path):
    path = put(tmp_path, "a.csv", "Lugar,Qué se acordó,Cómo va\nPuebla,Vigilar la bodega.,Concluido\n")
    with pytest.raises(EntradaInvalida, match="columnas vistas: Lugar, Qué se acordó, Cómo va; cambie el encabezado"):
        read(path)
    mapping = {"entidad": "lugar", "acuerdo": "QUÉ SE ACORDÓ", "estatus": "Cómo va"}
    assert texts(path, columnas=mapping) == [("Puebla", "Vigilar la bodega.", "Concluido")]
    with pytest.raises(EntradaInvalida, match="no conoce «actor»"):
        read(path, columnas={"actor": "Lugar"})


def test_estado_is_the_status_beside_entidad(tmp_path):
    assert texts(put(tmp_path, "a.csv", "Entidad,Acuerdo,Estado\nPuebla,Vigilar.,Concluido\n")) == [
        ("Puebla", "Vigilar.", "Concluido")
    ]


def test_number_of_agreement_is_not_its_text(tmp_path):
    path = put(
        tmp_path, "a.csv", "Núm. de acuerdo,Estado,Compromiso,Fecha del acuerdo,Avance\n7,Puebla,Vigilar.,1/5/24,50 %\n"
    )
    (only,) = read(path).acuerdos
    assert (only.acuerdo, only.estatus, only.extra["Núm. de acuerdo"]) == ("Vigilar.", "En proceso", "7")


def test_jsonl(tmp_path):
    lines = [
        json.dumps({"acuerdo": "Enviar la lista.", "entidad": "Puebla", "estatus": "concluida", "proceso": "2020-2021", "id": 7}),
        "no es json", "", "[1]", json.dumps({"acuerdo": 3}), json.dumps({"acuerdo": " "}),
        json.dumps({"acuerdo": "sin entidad", "fecha_documento": "2021-05-03", "notas": {"a": [1]}}),
        '{"acuerdo": "medio \\ud83d carácter"}',
    ]  # fmt: skip
    reading = read(put(tmp_path, "a.jsonl", "\n".join(lines)))
    assert [a.acuerdo for a in reading.acuerdos] == ["Enviar la lista.", "sin entidad", "medio \ufffd carácter"]
    assert [r.origen for r in reading.rechazadas] == [f"a.jsonl, línea {n}" for n in (2, 4, 5, 6)]
    assert reading.acuerdos[0].extra == {"id": "7"} and reading.acuerdos[1].extra == {"notas": '{"a": [1]}'}
    assert (reading.documento.proceso, reading.documento.fecha_documento.isoformat()) == ("2020-2021", "2021-05-03")
    assert reading.leidas == 7 == len(reading.acuerdos) + len(reading.rechazadas)


def test_jsonl_lines_are_never_joined(tmp_path):
    path = put(tmp_path, "a.jsonl", '{"acuerdo": "Remitir la"}\n{"acuerdo": "lista, y"}\n')
    assert [a.acuerdo for a in read(path).acuerdos] == ["Remitir la", "lista, y"]


def test_jsonl_bad_date(tmp_path):
    with pytest.raises(EntradaInvalida, match="no es una fecha"):
        read(put(tmp_path, "a.jsonl", '{"acuerdo": "x", "fecha_documento": "mayo"}'))


def test_text_with_another_delimiter(tmp_path):
    assert texts(put(tmp_path, "a.txt", TABLE.replace(",", "|"))) == EXPECTED


def test_binary_is_refused_by_content():
    with pytest.raises(EntradaInvalida, match="binario"):
        decode(b"%PDF-1.7 x", "a.txt")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.one_of(
        st.binary(max_size=300),
        st.text(max_size=200).map(lambda t: ("Entidad\tAcuerdo\tEstatus\n" + t).encode("utf-8", "replace")),
    ),
    suffix=st.sampled_from([".txt", ".csv", ".tsv", ".jsonl"]),
)
def test_any_bytes_are_read_or_refused(tmp_path, data, suffix):
    try:
        reading = read(put(tmp_path, f"x{suffix}", data))
    except EntradaInvalida as error:
        assert "\n" not in str(error)
    else:
        assert reading.leidas == (
            len(reading.acuerdos) + reading.continuaciones + reading.encabezados + len(reading.rechazadas)
        )
        assert len({a.id for a in reading.acuerdos}) == len(reading.acuerdos)
