"""What changed between two documents, snapshots or files: new, gone, moved, reworded, repeated, next of a series."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from nlp_acuerdos.config import make_anchor
from nlp_acuerdos.dedup import Perfil, profiles
from nlp_acuerdos.dedup.marcas import mark
from nlp_acuerdos.errors import EntradaInvalida, EspacioInvalido, NoEncontrado
from nlp_acuerdos.pipeline import anchors, read_sources
from nlp_acuerdos.pipeline.parejas import Contextos, Emparejado, Pareja, match
from nlp_acuerdos.pipeline.relaciones import limits_of
from nlp_acuerdos.records import Acuerdo, Ancla, Etiquetas
from nlp_acuerdos.workspace import ARCHIVO, Workspace

CLASES = ("nuevo", "desaparecido", "movido", "reformulado", "serie", "repetido")
MOVIMIENTOS = ("avanzo", "retrocedio", "estatus_cambiado")
_AVANCE = {"Planeación": 0, "En proceso": 1, "Concluido": 2}
_CLASE = {"casi": "reformulado", "contenido": "reformulado", "plantilla": "serie"}


@dataclass(frozen=True, slots=True)
class Lado:
    """One side of a comparison: its name, kind (documento, captura, archivo), date, agreements and contexts by id."""

    nombre: str
    tipo: str
    fecha: str
    acuerdos: tuple[Acuerdo, ...]
    contextos: Contextos = field(repr=False)
    supuestos: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return what the heading of a comparison says."""
        return {"nombre": self.nombre, "tipo": self.tipo, "fecha": self.fecha, "acuerdos": len(self.acuerdos)}


def open_if_there(folder: Path) -> Any:
    """Open the workspace, or give None where there is none: files are compared without one."""
    return Workspace.open(folder) if (folder / ARCHIVO).is_file() else nullcontext()


def side(workspace: Workspace | None, nombre: str, *, captura: bool = False) -> Lado:
    """Find what a person named: "#2" a snapshot, a document's key, a snapshot's number, or a file, in this order.

    Raises NoEncontrado or EntradaInvalida.
    """
    number = nombre.removeprefix("#")
    if workspace is not None:
        if nombre.startswith("#") or captura:
            return _snapshot(workspace, _number(number))
        if nombre in workspace.documents():
            return _document(workspace, nombre)
        if nombre.isdecimal():
            return _snapshot(workspace, _number(number))
    path = Path(nombre)
    if path.exists() and not captura:
        return _file(path)
    if workspace is None:
        raise EspacioInvalido(f"no hay un archivo «{nombre}» ni un espacio de trabajo; créelo con «acuerdos build»")
    documents = ", ".join(sorted(workspace.documents())) or "ninguno"
    raise NoEncontrado(
        f"no hay un documento, captura ni archivo «{nombre}»; hay documentos {documents} "
        f"y capturas {', '.join(f'#{n}' for n, _, _ in workspace.snapshots()) or 'ninguna'}"
    )


def _number(value: str) -> int:
    if not value.isdecimal() or len(value) > 9:
        raise EntradaInvalida(f"número de captura inválido: «{value}»; escriba por ejemplo «#2»")
    return int(value)


def _document(workspace: Workspace, key: str) -> Lado:
    rows = tuple(a for a in workspace.agreements() if a.documento == key)
    day = workspace.documents()[key].fecha_documento.isoformat()
    return Lado(key, "documento", day, rows, _contexts(workspace, rows))


def _snapshot(workspace: Workspace, number: int) -> Lado:
    rows = tuple(workspace.captured(number))
    when = next(c for n, c, _ in workspace.snapshots() if n == number)
    return Lado(f"#{number}", "captura", when[:10], rows, _contexts(workspace, rows))


def _contexts(workspace: Workspace, rows: Sequence[Acuerdo]) -> Contextos:
    """Return the tags of each agreement where its text is still the one tagged, else the anchor of its document."""
    anchor, default = anchors(workspace), make_anchor()
    ids = [a.id for a in rows]
    tags, now = workspace.tags_of(ids), workspace.agreements_of(ids)
    found: dict[str, Ancla | Etiquetas] = {}
    for a in rows:
        same = a.id in tags and now[a.id].acuerdo == a.acuerdo
        found[a.id] = tags[a.id] if same else anchor.get(a.documento, default)
    return found


def _file(path: Path) -> Lado:
    readings = read_sources([path])
    rows = tuple(a for r in readings for a in r.acuerdos)
    by_key = {r.documento.clave: make_anchor(r.documento.proceso, r.documento.fecha_documento) for r in readings}
    day: date = max(r.documento.fecha_documento for r in readings)
    assumed = tuple(r.documento.clave for r in readings if r.documento.proceso_supuesto)
    contexts: Contextos = {a.id: by_key[a.documento] for a in rows}
    return Lado(path.name, "archivo", "" if assumed else day.isoformat(), rows, contexts, assumed)


def compare(workspace: Workspace | None, a: Lado, b: Lado, *, solo_movidos: bool = False) -> dict[str, Any]:
    """Return the comparison as data: every agreement of both sides is in one row; decisions of people are honoured.

    `solo_movidos` keeps the rows whose status moved; the counts stay those of all.
    """
    decisions, limits = (workspace.decisions(), limits_of(workspace)) if workspace is not None else ({}, None)
    rows = sorted(_rows(match(a.acuerdos, b.acuerdos, a.contextos, b.contextos, decisions, limits)), key=_place)
    counts, moves = Counter(r["clase"] for r in rows), Counter(r["movimiento"] for r in rows)
    shown = [r for r in rows if r["movimiento"]] if solo_movidos else rows
    return {
        "a": a.nombre, "b": b.nombre, "lados": {"a": a.as_dict(), "b": b.as_dict()},
        "resumen": {name: counts[name] for name in CLASES}, "movimientos": {name: moves[name] for name in MOVIMIENTOS},
        "filas": shown,
    }  # fmt: skip


def _rows(found: Emparejado) -> list[dict[str, Any]]:
    rows = [_row(_class(p), p) for p in found.parejas]
    rows += [_alone("desaparecido", a, near) for a, near in found.solo_a]
    for b, near in found.solo_b:
        next_one = near is not None and near.relacion.relacion == "plantilla" and not near.entre_entidades
        rows.append(_alone("serie" if next_one else "nuevo", b, near))
    return rows


def _class(p: Pareja) -> str:
    same = "repetido" if p.a.estatus == p.b.estatus else "movido"
    return _CLASE.get(p.relacion.relacion, same)


def movement(before: str | None, after: str | None) -> str | None:
    """Return how a status moved: avanzo, retrocedio, estatus_cambiado (from or to none), or None when it did not."""
    if before == after:
        return None
    if before not in _AVANCE or after not in _AVANCE:
        return "estatus_cambiado"
    return "avanzo" if _AVANCE[before] < _AVANCE[after] else "retrocedio"


def _row(clase: str, p: Pareja) -> dict[str, Any]:
    moved = None if clase == "serie" else movement(p.a.estatus, p.b.estatus)
    return {
        "clase": clase, "a": _brief(p.a), "b": _brief(p.b), "relacion": p.relacion.relacion,
        "similitud": round(p.relacion.similitud, 4), "diferencias": [asdict(d) for d in p.relacion.diferencias],
        "movimiento": moved, "entre_entidades": p.entre_entidades, "decidida": p.relacion.decidida, "cercano": None,
    }  # fmt: skip


def _alone(clase: str, own: Acuerdo, near: Pareja | None) -> dict[str, Any]:
    """Return the row of an agreement with no pair; `cercano` is the nearest of the other side, that has another pair."""
    gone = clase == "desaparecido"
    row: dict[str, Any] = {
        "clase": clase, "a": _brief(own) if gone else None, "b": None if gone else _brief(own), "relacion": None,
        "similitud": None, "diferencias": [], "movimiento": None, "entre_entidades": False, "decidida": False,
        "cercano": None,
    }  # fmt: skip
    if near is not None:
        link = near.relacion
        row["cercano"] = {
            **_brief(near.b if gone else near.a), "relacion": link.relacion, "similitud": round(link.similitud, 4),
            "entre_entidades": near.entre_entidades, "diferencias": [asdict(d) for d in link.diferencias],
        }  # fmt: skip
    if clase == "serie" and near is not None:
        row |= {k: row["cercano"][k] for k in ("relacion", "similitud", "diferencias")}
    return row


def _brief(a: Acuerdo) -> dict[str, Any]:
    return {
        "id": a.id, "documento": a.documento, "orden": a.orden, "entidad": a.entidad, "acuerdo": a.acuerdo,
        "estatus": a.estatus,
    }  # fmt: skip


def _place(row: dict[str, Any]) -> tuple[int, str, int, str]:
    own = row["b"] or row["a"]
    return (CLASES.index(row["clase"]), own["documento"], own["orden"], own["id"])


def mark_rows(record: dict[str, Any], a: Lado, b: Lado) -> dict[str, Any]:
    """Return a comparison whose paired rows have their texts marked (`tramos`: stretches of side a and of side b)."""
    marked = [r for r in record["filas"] if _differs(r)]
    chosen_a, chosen_b = _profiles(a, {r["a"]["id"] for r in marked}), _profiles(b, {r["b"]["id"] for r in marked})
    found = []
    for r in record["filas"]:
        tramos = None
        if _differs(r):
            x, y = r["a"], r["b"]
            tramos = dict(
                zip("ab", mark(x["acuerdo"], chosen_a[x["id"]], y["acuerdo"], chosen_b[y["id"]]), strict=True)
            )
        found.append(r | {"tramos": tramos})
    return record | {"filas": found}


def _differs(r: dict[str, Any]) -> bool:
    return bool(r["a"] and r["b"]) and r["clase"] != "repetido"


def _profiles(one: Lado, ids: set[str]) -> dict[str, Perfil]:
    rows = [a for a in one.acuerdos if a.id in ids]
    return {p.id: p for p in profiles(rows, [one.contextos[a.id] for a in rows])}
