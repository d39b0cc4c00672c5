"""What repairs changed, kept beside the agreements, and the repairs that people undid: kept over later readings."""

from __future__ import annotations

import json
from collections.abc import Iterable

from nlp_acuerdos.records import Reparacion
from nlp_acuerdos.workspace import filas
from nlp_acuerdos.workspace.base import Base
from nlp_acuerdos.workspace.esquema import now


class Reparaciones(Base):
    """The part of the workspace that keeps what was read before each repair, and which were undone."""

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
