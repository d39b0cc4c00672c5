"""What repairs changed, kept beside the agreements, and the repairs that people undid: kept over later readings."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from nlp_acuerdos.records import Lectura, Reparacion
from nlp_acuerdos.workspace import filas
from nlp_acuerdos.workspace.esquema import now


class Reparaciones:
    """The part of the workspace that keeps what was read before each repair, and which were undone."""

    _db: sqlite3.Connection

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        raise NotImplementedError

    def reading(self, clave: str) -> Lectura:
        """Return what was read of a document, as it stands now."""
        raise NotImplementedError

    def _save_repairs(self, documento: str, reparaciones: Iterable[Reparacion]) -> None:
        self._db.execute("DELETE FROM reparaciones WHERE documento=?", (documento,))
        rows = (
            (documento, r.id, r.tipo, json.dumps([filas.agreement_row(a) for a in r.filas], ensure_ascii=False))
            for r in reparaciones
        )
        self._db.executemany("INSERT INTO reparaciones VALUES (?,?,?,?)", rows)

    def repairs(self, documento: str | None = None) -> list[Reparacion]:
        """Return what repairs changed, of one document or of all."""
        where, values = (" WHERE documento=?", (documento,)) if documento else ("", ())
        rows = self._rows(f"SELECT acuerdo, tipo, filas FROM reparaciones{where} ORDER BY rowid", values)
        return [Reparacion(i, t, tuple(filas.agreement(tuple(row)) for row in json.loads(x))) for i, t, x in rows]

    def undo_repair(self, id_: str, tipo: str, quien: str) -> None:
        """Note a repair as undone; the document has to be saved again for it to show."""
        self._db.execute("INSERT OR REPLACE INTO deshechas VALUES (?,?,?,?)", (id_, tipo, quien, now()))

    def redo_repair(self, id_: str, tipo: str) -> None:
        """Forget that a repair was undone; the document has to be saved again for it to show."""
        self._db.execute("DELETE FROM deshechas WHERE acuerdo=? AND tipo=?", (id_, tipo))

    def undone(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Return who undid each repair and when, by agreement and type; those of agreements that are gone wait."""
        return {(i, t): (q, c) for i, t, q, c in self._rows("SELECT acuerdo, tipo, quien, cuando FROM deshechas")}

    def reading_as_read(self, clave: str) -> Lectura:
        """Return what was read of a document, without the changes people accepted over it."""
        read: dict[str, dict[str, Any]] = {}
        for id_, campo, leido in self._rows(
            "SELECT j.acuerdo, j.campo, j.leido FROM ajustes j JOIN acuerdos a ON a.id=j.acuerdo WHERE a.documento=?",
            (clave,),
        ):
            read.setdefault(id_, {})[campo] = leido
        lectura = self.reading(clave)
        return replace(lectura, acuerdos=tuple(replace(a, **read.get(a.id, {})) for a in lectura.acuerdos))
