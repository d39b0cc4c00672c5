"""What people accept of the warnings: changes of fields, kept over what later readings say, and warnings seen."""

from __future__ import annotations

import json
from collections.abc import Iterable

from nlp_acuerdos.records import Aviso, Cambio
from nlp_acuerdos.workspace.base import Base
from nlp_acuerdos.workspace.esquema import now

CAMPOS = ("entidad", "estatus", "acuerdo")


class Ajustes(Base):
    """The part of the workspace that keeps warnings and what was accepted of them."""

    def save_avisos(self, avisos: Iterable[Aviso]) -> None:
        """Add warnings."""
        rows = (
            (a.id, a.tipo, a.detalle, a.sugerencia, json.dumps([[c.id, c.campo, c.valor] for c in a.cambios]))
            for a in avisos
        )
        self._db.executemany(
            "INSERT INTO avisos (acuerdo, tipo, detalle, sugerencia, cambios) VALUES (?,?,?,?,?)", rows
        )

    def avisos(self, id_: str | None = None) -> list[Aviso]:
        """Return every warning in document and row order, or those of one agreement."""
        rows = self._rows(
            "SELECT v.tipo, v.acuerdo, v.detalle, v.sugerencia, v.cambios FROM avisos v JOIN acuerdos a ON a.id = v.acuerdo"
            f" {'WHERE v.acuerdo = ?' if id_ else ''} ORDER BY a.documento, a.orden, v.rowid",
            (id_,) if id_ else (),
        )
        return [Aviso(t, i, d, s, tuple(Cambio(*c) for c in json.loads(x))) for t, i, d, s, x in rows]

    def accept(self, aviso: Aviso, cambios: Iterable[Cambio], quien: str) -> None:
        """Note a warning as accepted and make its changes, keeping what was read."""
        when = now()
        self._db.execute("INSERT OR REPLACE INTO avisos_vistos VALUES (?,?,?,?)", (aviso.id, aviso.tipo, quien, when))
        for c in cambios:
            assert c.campo in CAMPOS
            sql = (
                f"INSERT INTO ajustes SELECT id, ?, ?, {c.campo}, ?, ?, ?, ? FROM acuerdos WHERE id=?"
                " ON CONFLICT (acuerdo, campo) DO UPDATE SET valor=excluded.valor, aviso=excluded.aviso,"
                " origen=excluded.origen, quien=excluded.quien, cuando=excluded.cuando"
            )
            self._db.execute(sql, (c.campo, c.valor, aviso.tipo, aviso.id, quien, when, c.id))
        self._apply()

    def withdraw(self, id_: str, tipo: str) -> bool:
        """Undo what was accepted of a warning; return whether there was anything."""
        gone = self._db.execute("DELETE FROM avisos_vistos WHERE acuerdo=? AND tipo=?", (id_, tipo)).rowcount
        for acuerdo, campo, leido in self._rows(
            "SELECT acuerdo, campo, leido FROM ajustes WHERE origen=? AND aviso=?", (id_, tipo)
        ):
            self._db.execute(f"UPDATE acuerdos SET {campo}=? WHERE id=?", (leido, acuerdo))
            gone += self._db.execute("DELETE FROM ajustes WHERE acuerdo=? AND campo=?", (acuerdo, campo)).rowcount
        self._touch()
        return bool(gone)

    def accepted(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Return who accepted each warning and when, by agreement and type."""
        rows = self._rows("SELECT acuerdo, tipo, quien, cuando FROM avisos_vistos")
        return {(acuerdo, tipo): (quien, cuando) for acuerdo, tipo, quien, cuando in rows}

    def adjustments(self, id_: str) -> list[dict[str, str | None]]:
        """Return the changes people accepted on an agreement: field, value, what was read, the warning, who and when."""
        names = ("campo", "valor", "leido", "aviso", "origen", "quien", "cuando")
        sql = f"SELECT {', '.join(names)} FROM ajustes WHERE acuerdo=? ORDER BY campo"
        return [dict(zip(names, row, strict=True)) for row in self._rows(sql, (id_,))]

    def _readjust(self, documento: str) -> None:
        """After a document was read again: keep its new readings, and put the accepted changes over them."""
        for campo in CAMPOS:
            self._db.execute(
                f"UPDATE ajustes SET leido=(SELECT {campo} FROM acuerdos WHERE id=ajustes.acuerdo) WHERE campo=?"
                " AND acuerdo IN (SELECT id FROM acuerdos WHERE documento=?)",
                (campo, documento),
            )
        self._apply()

    def _apply(self) -> None:
        for campo in CAMPOS:
            self._db.execute(
                f"UPDATE acuerdos SET {campo}=(SELECT valor FROM ajustes WHERE acuerdo=acuerdos.id AND campo=?)"
                " WHERE id IN (SELECT acuerdo FROM ajustes WHERE campo=?)",
                (campo, campo),
            )
        self._touch()
