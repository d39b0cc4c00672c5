"""The status of a commitment over snapshots and over documents, in time order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from nlp_acuerdos.config import make_anchor
from nlp_acuerdos.pipeline import anchors
from nlp_acuerdos.pipeline.comparacion import movement
from nlp_acuerdos.pipeline.parejas import ORDEN, match
from nlp_acuerdos.pipeline.relaciones import limits_of
from nlp_acuerdos.records import Acuerdo, Relacion
from nlp_acuerdos.text import fold
from nlp_acuerdos.workspace import Workspace

SIGUEN = frozenset({"exacto", "cambio_estatus", "casi"})
_IGUALES = frozenset({"exacto", "cambio_estatus"})


@dataclass(frozen=True, slots=True)
class _Eslabon:
    """An agreement of the thread: how it is related to the one that led to it."""

    acuerdo: Acuerdo
    relacion: str | None = None
    con: str | None = None


class Hilos:
    """The threads of a workspace: relations, documents and snapshots read once, followed many times."""

    def __init__(self, workspace: Workspace) -> None:
        self._ws = workspace
        self.acuerdos = {a.id: a for a in workspace.agreements()}
        self._fechas = {key: d.fecha_documento for key, d in workspace.documents().items()}
        self._cuando = {number: when for number, when, _ in workspace.snapshots()}
        self._vistos: dict[str, list[tuple[int, str | None]]] = {}
        self._cambios: dict[tuple[str, int], dict[str, _Eslabon]] = {}
        self._cerca: dict[str, dict[str, Relacion]] = defaultdict(dict)
        for r in workspace.relations():
            if r.relacion in SIGUEN and (r.decidida or self._same_entity(r)):
                self._cerca[r.a][r.b] = self._cerca[r.b][r.a] = r

    def _same_entity(self, r: Relacion) -> bool:
        return fold(self.acuerdos[r.a].entidad) == fold(self.acuerdos[r.b].entidad)

    def history(self, id_: str) -> list[dict[str, Any]]:
        """Return what is known of a commitment over time, by document date and then snapshot.

        Each entry: `captura` the first snapshot with that status (`hasta_captura` the last; None when no build has
        recorded it yet), `documento`, `fecha` of the document, `capturada` when the snapshot was taken, `estatus`, `id`,
        and how it is related (`relacion`, None for the agreement itself) to which (`con`).
        """
        links = [link for one in self._over_documents(self.acuerdos[id_]) for link in self._over_rewordings(one)]
        entries = [e for link in links for e in self._entries(link, self._statuses(link.acuerdo.id))]
        return sorted(entries, key=lambda e: (e["fecha"], e["captura"] or 10**9, e["documento"], e["id"]))

    # -- over documents -----------------------------------------------------------------------------------------

    def _over_documents(self, own: Acuerdo) -> list[_Eslabon]:
        """Return the agreement and its counterpart in each other document, found from the nearest in time outwards."""
        thread, refused = {own.documento: _Eslabon(own)}, set[tuple[str, str]]()
        while True:
            open_ = [
                (self._apart(link.acuerdo, other), link.acuerdo, self.acuerdos[other].documento)
                for link in thread.values() for other in self._cerca.get(link.acuerdo.id, ())
                if self.acuerdos[other].documento not in thread
                and (link.acuerdo.id, self.acuerdos[other].documento) not in refused
            ]  # fmt: skip
            if not open_:
                return list(thread.values())
            _, member, document = min(open_, key=lambda x: (x[0], x[1].id, x[2]))
            found = self._counterpart(member, document)
            if found is None:
                refused.add((member.id, document))
            else:
                thread[document] = found

    def _apart(self, a: Acuerdo, other: str) -> int:
        return abs((self._fechas[a.documento] - self._fechas[self.acuerdos[other].documento]).days)

    def _counterpart(self, member: Acuerdo, document: str) -> _Eslabon | None:
        """Return what stands for `member` in another document when its copies there and here are paired one to one."""
        near = self._cerca[member.id]
        copies = [member.id] + [
            i for i, r in near.items() if r.relacion in _IGUALES and self.acuerdos[i].documento == member.documento
        ]
        pairs = [
            (not r.decidida, ORDEN[r.relacion], -r.similitud, self.acuerdos[i].orden, self.acuerdos[j].orden, i, j, r.relacion)
            for i in copies for j, r in self._cerca[i].items() if self.acuerdos[j].documento == document
        ]  # fmt: skip
        taken: set[str] = set()
        for *_, i, j, name in sorted(pairs):
            if i not in taken and j not in taken:
                taken |= {i, j}
                if i == member.id:
                    return _Eslabon(self.acuerdos[j], name, i)
        return None

    # -- over snapshots -----------------------------------------------------------------------------------------

    def _over_rewordings(self, link: _Eslabon) -> Iterator[_Eslabon]:
        """Yield an agreement and those it took the place of in earlier snapshots of its document."""
        yield link
        seen, one = {link.acuerdo.id}, link.acuerdo
        while True:
            runs = self._statuses(one.id)
            before = self._replaced(one, runs[0][0]) if runs and runs[0][0] > 1 else None
            if before is None or before.acuerdo.id in seen:
                return
            yield before
            seen.add(before.acuerdo.id)
            one = before.acuerdo

    def _replaced(self, one: Acuerdo, number: int) -> _Eslabon | None:
        """Return what `one` took the place of when it came with a snapshot; each snapshot is paired once."""
        key = (one.documento, number)
        if key not in self._cambios:
            gone, came = self._ws.replaced(*key)
            anchor = anchors(self._ws).get(one.documento) or make_anchor()
            contexts = {a.id: anchor for a in (*gone, *came)}
            pairs = match(gone, came, contexts, contexts, self._ws.decisions(), limits_of(self._ws)).parejas
            self._cambios[key] = {
                p.b.id: _Eslabon(p.a, p.relacion.relacion, p.b.id)
                for p in pairs if p.relacion.relacion in SIGUEN and not p.entre_entidades
            }  # fmt: skip
        return self._cambios[key].get(one.id)

    def read_ahead(self, ids: Iterable[str]) -> None:
        """Read the statuses of many agreements at once, before their histories are asked for."""
        wanted = list(ids)
        self._vistos |= dict.fromkeys(wanted, []) | self._ws.statuses_captured(wanted)

    def _statuses(self, id_: str) -> list[tuple[int, str | None]]:
        if id_ not in self._vistos:
            self.read_ahead([id_])
        return self._vistos[id_]

    # -- entries ------------------------------------------------------------------------------------------------

    def _entries(self, link: _Eslabon, captured: list[tuple[int, str | None]]) -> Iterator[dict[str, Any]]:
        """Yield an entry for each run of snapshots with one status, and one for what no snapshot has yet."""
        runs: list[list[Any]] = []
        for number, status in captured:
            if runs and runs[-1][2] == status:
                runs[-1][1] = number
            else:
                runs.append([number, number, status])
        now = self.acuerdos.get(link.acuerdo.id)
        if now is not None and (not runs or runs[-1][2] != now.estatus):
            runs.append([None, None, now.estatus])
        for first, last, status in runs:
            yield self._entry(link, first, last, status)

    def _entry(self, link: _Eslabon, first: int | None, last: int | None, status: str | None) -> dict[str, Any]:
        when = self._cuando.get(first or 0, "")
        day: date | None = self._fechas.get(link.acuerdo.documento)
        return {
            "captura": first, "hasta_captura": last, "documento": link.acuerdo.documento,
            "fecha": day.isoformat() if day else when[:10], "capturada": when, "estatus": status,
            "id": link.acuerdo.id, "acuerdo": link.acuerdo.acuerdo, "relacion": link.relacion, "con": link.con,
        }  # fmt: skip


def moved(workspace: Workspace, entidades: Iterable[str] = ()) -> dict[str, Any]:
    """Return every commitment of the workspace whose status moved, with its history: each once, by its latest row."""
    threads, wanted = Hilos(workspace), set(map(fold, entidades))
    threads.read_ahead(threads.acuerdos)
    dates = {key: d.fecha_documento for key, d in workspace.documents().items()}
    latest = sorted(threads.acuerdos.values(), key=lambda a: (-dates[a.documento].toordinal(), a.documento, a.orden))
    covered: set[str] = set()
    found = []
    for a in latest:
        if a.id in covered or (wanted and fold(a.entidad) not in wanted):
            continue
        history = threads.history(a.id)
        covered |= {e["id"] for e in history}
        if len({e["estatus"] for e in history}) > 1:
            first, last = history[0]["estatus"], history[-1]["estatus"]
            found.append({
                "id": a.id, "documento": a.documento, "entidad": a.entidad, "acuerdo": a.acuerdo, "estatus": last,
                "movimiento": movement(first, last), "historia": history,
            })  # fmt: skip
    return {"total": len(found), "compromisos": found}
