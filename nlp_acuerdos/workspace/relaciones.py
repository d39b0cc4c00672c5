"""Relations, their groups and candidates, and what people decided of them."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict

from nlp_acuerdos.errors import NoEncontrado
from nlp_acuerdos.records import Diferencia, Grupo, Relacion
from nlp_acuerdos.workspace import filas
from nlp_acuerdos.workspace.base import Base
from nlp_acuerdos.workspace.esquema import now


class Relaciones(Base):
    """The part of the workspace that keeps the duplicate audit."""

    def save_relations(self, relaciones: Iterable[Relacion], grupos: Iterable[Grupo]) -> None:
        """Replace all relations and groups."""
        self._db.execute("DELETE FROM relaciones")
        self._db.executemany("INSERT INTO relaciones VALUES (?,?,?,?,?,?)", map(filas.relation_row, relaciones))
        self._save_groups(grupos)

    def replace_relations(
        self, pares: Iterable[tuple[str, str]], relaciones: Iterable[Relacion], grupos: Iterable[Grupo]
    ) -> None:
        """Replace the relations of some pairs (a < b), and all groups."""
        changed = set(pares)
        self._db.executemany("DELETE FROM relaciones WHERE a=? AND b=?", changed)
        rows = (filas.relation_row(r) for r in relaciones if (r.a, r.b) in changed)
        self._db.executemany("INSERT INTO relaciones VALUES (?,?,?,?,?,?)", rows)
        self._save_groups(grupos)

    def _save_groups(self, grupos: Iterable[Grupo]) -> None:
        self._db.execute("DELETE FROM grupos")
        groups = [(g.id, json.dumps(asdict(g), ensure_ascii=False)) for g in grupos]
        self._db.executemany("INSERT INTO grupos VALUES (?,?)", groups)

    def save_candidates(self, pares: Iterable[tuple[str, str]]) -> None:
        """Keep the pairs that were compared, so that thresholds can be moved without finding them again."""
        text = "\n".join(f"{a} {b}" for a, b in sorted(pares))
        self._db.execute("DELETE FROM candidatos")
        self._db.execute("INSERT INTO candidatos VALUES (?)", (zlib.compress(text.encode(), 1),))

    def candidates(self) -> list[tuple[str, str]]:
        """Return the pairs (a < b) that were compared, sorted."""
        rows = self._rows("SELECT pares FROM candidatos")
        pairs = (line.split(" ") for line in zlib.decompress(rows[0][0]).decode().splitlines()) if rows else ()
        return [(a, b) for a, b in pairs]

    def relations(self, id_: str | None = None) -> list[Relacion]:
        """Return every relation, sorted by the pair of ids, or those of one agreement."""
        where, values = (" WHERE a = ?1 OR b = ?1", (id_,)) if id_ else ("", ())
        rows = self._rows(f"SELECT * FROM relaciones{where} ORDER BY a, b", values)
        return [
            Relacion(a, b, r, s, tuple(Diferencia(**d) for d in json.loads(j)), bool(d)) for a, b, r, s, j, d in rows
        ]

    def relation_counts(self) -> Counter[str]:
        """Return how many relations there are, by name."""
        return Counter(dict(self._rows("SELECT relacion, count(*) FROM relaciones GROUP BY relacion")))

    def groups(self, id_: str | None = None) -> list[Grupo]:
        """Return every group, sorted by id, or those one agreement is a member of."""
        sql = "SELECT datos FROM grupos WHERE ?1 IS NULL OR instr(datos, ?1) ORDER BY id"
        found = [filas.read_group(json.loads(data)) for (data,) in self._rows(sql, (id_,))]
        return [g for g in found if id_ is None or any(m.id == id_ for m in g.miembros)]

    def decide(self, a: str, b: str, relacion: str, quien: str) -> None:
        """Store a person's decision on a pair; a later one replaces it."""
        first, second = sorted((a, b))
        self._db.execute(
            "INSERT OR REPLACE INTO decisiones VALUES (?,?,?,?,?)", (first, second, relacion, quien, now())
        )

    def undo_decision(self, a: str, b: str) -> None:
        """Withdraw a decision. Raises NoEncontrado when there is none on the pair."""
        if not self._db.execute("DELETE FROM decisiones WHERE a=? AND b=?", sorted((a, b))).rowcount:
            raise NoEncontrado(f"no hay una decisión sobre «{a}» y «{b}»; nada que deshacer")

    def decisions(self) -> dict[tuple[str, str], str]:
        """Return the decided relation by pair of ids."""
        return {(a, b): r for a, b, r in self._rows("SELECT a, b, relacion FROM decisiones ORDER BY a, b")}

    def decision_notes(self) -> dict[tuple[str, str], tuple[str, str, str]]:
        """Return relation, who and when of each decision, by pair of ids."""
        rows = self._rows("SELECT a, b, relacion, quien, cuando FROM decisiones ORDER BY a, b")
        return {(a, b): (r, w, c) for a, b, r, w, c in rows}
