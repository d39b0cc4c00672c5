"""Formats without merged cells: the label stands on the first row of its entity, or on every row."""

from __future__ import annotations

import csv as csv_module
import json


def labels(doc):
    """Return the entity cell of each row: the label on the first row of its entity, else nothing."""
    starts = {first for first, _ in doc.tramos}
    return [r.entidad if n in starts else "" for n, r in enumerate(doc.renglones)]


def csv(encoding, delimiter):
    """Return the writer of a CSV in an encoding, with a title row."""

    def write(doc, path):
        with path.open("w", encoding=encoding, newline="") as stream:
            writer = csv_module.writer(stream, delimiter=delimiter)
            writer.writerow([doc.titulo, "", ""])
            writer.writerow(["Entidad", "Acuerdo", "Estatus"])
            writer.writerows([e, r.acuerdo, r.estatus] for e, r in zip(labels(doc), doc.renglones, strict=True))
        return [None] * len(doc.renglones)

    return write


def jsonl(doc, path):
    rows = ({"entidad": r.entidad, "acuerdo": r.acuerdo, "estatus": r.estatus} for r in doc.renglones)
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    return [None] * len(doc.renglones)


def parquet(doc, path):
    import pyarrow
    import pyarrow.parquet

    columns = {
        "Entidad": [r.entidad for r in doc.renglones],
        "Acuerdo": [r.acuerdo for r in doc.renglones],
        "Estatus": [r.estatus or None for r in doc.renglones],
    }
    pyarrow.parquet.write_table(pyarrow.table(columns), path)
    return [None] * len(doc.renglones)
