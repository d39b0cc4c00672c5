"""Bad input: one clear line each, nothing inflated, nothing executed, memory bounded."""

from __future__ import annotations

import io
import os
import tracemalloc
import zipfile

import pytest

from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.ingest import encoding, read, sources
from tests import documentos
from tests.documentos import hojas, paginas, planos

SMALL = documentos.Documento(
    "Acuerdos de prueba",
    (
        documentos.Renglon("Puebla", "Vigilar la bodega.", "Concluido"),
        documentos.Renglon("Puebla", "Enviar la lista de casillas.", "En proceso"),
        documentos.Renglon("Sonora", "Realizar patrullajes.", "Planeación"),
    ),
)
WRITERS = {
    "a.pdf": paginas.reportlab_abierto, "a.docx": hojas.docx, "a.xlsx": hojas.xlsx, "a.ods": hojas.ods,
    "a.html": hojas.html, "a.parquet": planos.parquet, "a.csv": planos.csv("utf-8", ","), "a.jsonl": planos.jsonl,
}  # fmt: skip


@pytest.fixture
def small(tmp_path):
    """Return a function: name -> path of the small document in that format."""

    def make(name, folder=tmp_path):
        path = folder / name
        WRITERS[f"a{path.suffix}"](SMALL, path)
        return path

    return make


def refused(path, *said, **options):
    with pytest.raises(EntradaInvalida) as caught:
        read(path, **options)
    message = str(caught.value)
    assert "\n" not in message and len(message) < 500
    for part in said:
        assert part in message
    return message


def rewritten(data, part, change):
    """Return a zip with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            body = old.read(entry)
            new.writestr(entry.filename, change(body) if entry.filename == part else body)
    return out.getvalue()


# -- PDF ----------------------------------------------------------------------------------------------------------


def encrypted(path, user):
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path), encrypt=StandardEncryption(user, ownerPassword="dueño", strength=128))
    for y, words in enumerate((("Entidad", "Acuerdo", "Estatus"), ("Puebla", "Vigilar.", "Concluido"))):
        for x, word in enumerate(words):
            canvas.drawString(72 + 150 * x, 700 - 30 * y, word)
    canvas.save()
    return path


def test_encrypted_pdf(tmp_path):
    refused(encrypted(tmp_path / "a.pdf", "secreta"), "«a.pdf» está cifrado con contraseña")


def test_pdf_that_opens_without_a_password_is_read(tmp_path):
    (only,) = read(encrypted(tmp_path / "a.pdf", "")).acuerdos
    assert (only.entidad, only.acuerdo, only.estatus) == ("Puebla", "Vigilar.", "Concluido")


@pytest.mark.parametrize("scanned", [True, False], ids=["escaneado", "en-blanco"])
def test_pdf_without_text(tmp_path, scanned):
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "a.pdf"))
    if scanned:
        canvas.drawImage(ImageReader(Image.new("L", (60, 80), 200)), 0, 0, 600, 800)
    canvas.showPage()
    canvas.save()
    refused(tmp_path / "a.pdf", "no tiene texto", "escaneado" if scanned else "en blanco", "OCR")


def test_pdf_without_a_table(tmp_path):
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "a.pdf"))
    canvas.drawString(72, 700, "Una carta que no trae ninguna tabla.")
    canvas.save()
    refused(tmp_path / "a.pdf", "no encuentro la columna «acuerdo»", "Una carta")


# -- damaged, wrong, changing -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.ods", "a.pdf", "a.parquet"])
@pytest.mark.parametrize("kept", [0.1, 0.5, 0.95])
def test_truncated(small, name, kept):
    path = small(name)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])
    refused(path, f"«{name}» está dañado o incompleto")


@pytest.mark.parametrize(
    ("content", "suffix", "said"),
    [
        ("a.xlsx", ".csv", "por dentro es XLSX; cámbiele la extensión a «.xlsx»"),
        ("a.xlsx", ".docx", "por dentro es XLSX"),
        ("a.docx", ".xlsx", "por dentro es DOCX"),
        ("a.docx", ".txt", "por dentro es DOCX"),
        ("a.ods", ".xlsx", "por dentro es ODS"),
        ("a.pdf", ".docx", "por dentro es PDF"),
        ("a.pdf", ".jsonl", "por dentro es PDF"),
        ("a.parquet", ".csv", "por dentro es PARQUET"),
        ("a.html", ".xlsx", "por dentro es HTML"),
        ("a.csv", ".xlsx", "no es un XLSX"),
        ("a.csv", ".pdf", "no es un PDF"),
    ],
)
def test_suffix_that_is_not_of_the_content(small, tmp_path, content, suffix, said):
    path = tmp_path / f"otro{suffix}"
    path.write_bytes(small(content).read_bytes())
    refused(path, f"«otro{suffix}»", said)


def test_old_or_encrypted_office_file(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 4)
    refused(path, "cifrado o del formato antiguo")


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("content", [b"", b"\0" * 300, b" \n\n"], ids=["nada", "ceros", "espacios"])
def test_empty(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    refused(tmp_path / name, "vacío")


def while_read(monkeypatch, path, change):
    """Make another program do `change` to `path` between the first look at it and the last."""
    real, calls = encoding.os.fstat, []

    def fstat(number):
        about = real(number)
        if not calls:
            calls.append(number)
            change(path)
        return about

    monkeypatch.setattr(encoding, "_PIECE", 40)
    monkeypatch.setattr(encoding.os, "fstat", fstat)
    return calls


def grow(path):
    with path.open("ab") as stream:
        stream.write(b"Colima,Otro acuerdo.,Concluido\n")


def cut(path):
    os.truncate(path, path.stat().st_size // 2)


def swap(path):
    other = path.with_name("otro.tmp")
    other.write_bytes(path.read_bytes())
    os.replace(other, path)


@pytest.mark.parametrize("change", [grow, cut, swap], ids=["crece", "se-trunca", "se-sustituye"])
@pytest.mark.parametrize("name", WRITERS)
def test_a_file_that_changes_while_it_is_read(small, monkeypatch, name, change):
    path = small(name)
    calls = while_read(monkeypatch, path, change)
    refused(path, "cambió mientras se leía", "repita")
    assert calls


@pytest.mark.parametrize("change", [grow, cut, swap], ids=["crece", "se-trunca", "se-sustituye"])
def test_a_zip_that_changes_while_it_is_read(small, tmp_path, monkeypatch, change):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as box:
        box.write(small("a.csv"), "a.csv")
    real = sources.archive.content

    def content(box, *args):
        data = real(box, *args)
        change(path)
        return data

    monkeypatch.setattr(sources.archive, "content", content)
    with pytest.raises(EntradaInvalida, match="a.zip» cambió mientras se leía.*repita"):
        sources.content(sources.Fuente(path, "a.csv"))


@pytest.mark.parametrize("name", WRITERS)
def test_paths_with_spaces_and_accents(small, tmp_path, name):
    folder = tmp_path / "Año 2024 · actas de sesión"
    folder.mkdir()
    reading = read(small(f"Minuta número 3 (ñandú){name[1:]}", folder))
    assert reading.documento.clave == "Minuta número 3 (ñandú)" and len(reading.acuerdos) == 3


# -- zips ---------------------------------------------------------------------------------------------------------

PARTS = {"a.xlsx": "xl/worksheets/sheet1.xml", "a.docx": "word/document.xml", "a.ods": "content.xml"}


@pytest.mark.parametrize("name", PARTS)
def test_zip_bomb_is_refused_before_it_is_inflated(small, name):
    path = small(name)
    path.write_bytes(rewritten(path.read_bytes(), PARTS[name], lambda body: body + b" " * (200 * 2**20)))
    tracemalloc.start()
    try:
        refused(path, "bomba zip")
        assert tracemalloc.get_traced_memory()[1] < 20 * 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", PARTS)
def test_a_size_that_lies_does_not_inflate_more(small, name):
    path = small(name)
    data = bytearray(rewritten(path.read_bytes(), PARTS[name], lambda body: body + b" " * (64 * 2**20)))
    place = data.rindex(PARTS[name].encode())  # in the central directory, the size stands 22 bytes before the name
    assert data[place - 46 : place - 42] == b"PK\x01\x02"
    data[place - 22 : place - 18] = (4000).to_bytes(4, "little")
    path.write_bytes(data)
    tracemalloc.start()
    try:
        refused(path, "dañado")
        assert tracemalloc.get_traced_memory()[1] < 30 * 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", PARTS)
def test_entities_are_not_expanded(small, name):
    path = small(name)
    bomb = b'<!DOCTYPE x [<!ENTITY a "' + b"ha" * 500 + b'">' + b"".join(
        b'<!ENTITY %c "' % (98 + i) + b"&%c;" % (97 + i) * 50 + b'">' for i in range(6)
    ) + b"]>"  # fmt: skip
    declared = b'<?xml version="1.0" encoding="UTF-8"?>'

    def change(body):
        plain = body.split(b"?>", 1)[1] if body.startswith(b"<?xml") else body
        return declared + bomb + plain.replace(b"Vigilar la bodega.", b"Vigilar &g;")

    data = rewritten(path.read_bytes(), PARTS[name], change)
    if name == "a.xlsx":  # its texts stand apart
        data = rewritten(data, "xl/sharedStrings.xml", change)
    path.write_bytes(data)
    tracemalloc.start()
    try:
        try:
            texts = [a.acuerdo for a in read(path).acuerdos]
        except EntradaInvalida:
            texts = []
        assert tracemalloc.get_traced_memory()[1] < 30 * 2**20
    finally:
        tracemalloc.stop()
    assert all(len(text) < 2000 for text in texts)


def test_too_many_parts(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as box:
        for n in range(5001):
            box.writestr(f"x{n}", b"")
        box.writestr("xl/workbook.xml", b"")
    refused(tmp_path / "a.xlsx", "trae 5002 partes")


# -- formulas and macros ------------------------------------------------------------------------------------------


def formulas(path, *, saved):
    import openpyxl

    book = openpyxl.Workbook()
    for row in (["Entidad", "Acuerdo", "Estatus"], ["Puebla", '=CONCATENATE("Vigilar ","la bodega.")', "Concluido"],
                ["Puebla", "Enviar la lista.", '=IF(1=1,"Concluido","")']):  # fmt: skip
        book.active.append(row)
    book.save(path)
    if saved:
        for formula, value in ((b'CONCATENATE("Vigilar ","la bodega.")', b"Vigilar la bodega."),
                               (b'IF(1=1,"Concluido","")', b"Concluido")):  # fmt: skip

            def change(body, formula=formula, value=value):
                assert b"<f>" + formula in body
                start, end = (
                    body.index(b"<f>" + formula),
                    body.index(b"<f>" + formula) + len(b"<f>" + formula + b"</f>"),
                )
                tail = body[end:].split(b"</c>", 1)[1]
                cell = body.rindex(b"<c ", 0, start)
                head = body[cell:start].replace(b"<c ", b'<c t="str" ', 1).replace(b' t="n"', b"")
                return body[:cell] + head + b"<f>" + formula + b"</f><v>" + value + b"</v></c>" + tail

            path.write_bytes(rewritten(path.read_bytes(), "xl/worksheets/sheet1.xml", change))
    return path


def test_formulas_give_the_values_saved_with_them(tmp_path):
    first, second = read(formulas(tmp_path / "a.xlsx", saved=True)).acuerdos
    assert (first.acuerdo, second.estatus) == ("Vigilar la bodega.", "Concluido")


def test_formulas_without_a_saved_value_read_as_empty(tmp_path):
    reading = read(formulas(tmp_path / "a.xlsx", saved=False))
    (only,) = reading.acuerdos
    assert (only.acuerdo, only.estatus, only.estatus_original) == ("Enviar la lista.", None, "")
    assert [r.motivo.split(":")[0] for r in reading.rechazadas] == ["la fila no tiene texto de acuerdo"]


def test_ods_formulas_give_the_values_saved_with_them(small):
    path = small("a.ods")

    def change(body):
        cell = b'<table:table-cell table:formula="of:=CONCATENATE(&quot;x&quot;)" office:value-type="string"><text:p>Vigilar'
        return body.replace(b"<table:table-cell><text:p>Vigilar", cell)

    path.write_bytes(rewritten(path.read_bytes(), "content.xml", change))
    assert b"of:=CONCATENATE" in zipfile.ZipFile(path).read("content.xml")
    assert read(path).acuerdos[0].acuerdo == "Vigilar la bodega."


def test_macros_are_ignored(small, tmp_path):
    data, path = small("a.xlsx").read_bytes(), tmp_path / "con_macros.xlsm"
    path.write_bytes(data)
    with zipfile.ZipFile(path, "a") as box:
        box.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 macro")
    assert len(read(path).acuerdos) == 3


# -- text ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.csv", "a.txt", "a.jsonl"])
def test_a_line_of_200_megabytes_takes_little_memory(tmp_path, name):
    path = tmp_path / name
    with path.open("wb") as stream:
        stream.write(b"Entidad,Acuerdo,Estatus\nPuebla,")
        for _ in range(200):
            stream.write(b"x" * 2**20)
    tracemalloc.start()
    try:
        refused(path, f"«{name}» tiene una línea de más de 16 MB")
        assert tracemalloc.get_traced_memory()[1] < 40 * 2**20
    finally:
        tracemalloc.stop()
        path.unlink()


@pytest.mark.parametrize("name", ["a.html", "a.csv", "a.jsonl"])
def test_nul_bytes_and_right_to_left_marks(small, name):
    path = small(name)
    data = path.read_bytes().replace(b"Vigilar", b"Vi\0gilar").replace(b"Puebla", "\u202bPuebla\u202c".encode())
    path.write_bytes(data)
    first = read(path).acuerdos[0]
    assert "\0" not in first.acuerdo and first.acuerdo.replace("\ufffd", "").endswith("la bodega.")
    assert first.estatus == "Concluido" and len(read(path).acuerdos) == 3


@pytest.mark.parametrize("name", PARTS)
def test_right_to_left_marks_in_office_files(small, name):
    path = small(name)
    part = "xl/sharedStrings.xml" if name == "a.xlsx" else PARTS[name]
    marked = rewritten(path.read_bytes(), part, lambda b: b.replace(b"Concluido", "\u200fConcluido\u200e".encode()))
    path.write_bytes(marked)
    assert read(path).acuerdos[0].estatus == "Concluido"
