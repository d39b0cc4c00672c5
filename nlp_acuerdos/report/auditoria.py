"""The audit as html (self-contained), a workbook with a form to fill in, or csv."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nlp_acuerdos.records import RELACIONES as CERRADAS
from nlp_acuerdos.report.hojas import Hoja, as_csv, as_xlsx
from nlp_acuerdos.report.render import RELACIONES, environment

TIPOS = {
    "fecha": "fecha", "numero": "número", "distrito": "distrito", "lugar": "lugar", "institucion": "institución",
    "negacion": "negación", "palabras": "palabras", "estatus": "estatus", "contenido": "contenido", "": "",
}  # fmt: skip
CORTAS = {
    "exacto": "Copia exacta", "cambio_estatus": "Otro estatus", "contenido": "Contenido", "plantilla": "Serie",
    "casi": "Otra redacción",
}  # fmt: skip
FORMULARIO = (
    "a", "b", "relacion", "decision", "quien", "similitud", "entidad_a", "entidad_b", "texto_a", "texto_b", "estatus_a",
    "estatus_b", "diferencias", "representante", "decidida",
)  # fmt: skip
_ANCHOS = (15, 15, 16, 16, 14, 10, 18, 18, 60, 60, 13, 13, 36, 15, 22)
_GRUPOS = (
    "grupo", "tipo", "papel", "id", "apunta_a", "relacion", "similitud", "mas_debil", "ranura", "valor", "entidad",
    "estatus", "acuerdo", "origen",
)  # fmt: skip


def render_audit(informe: dict[str, Any]) -> str:
    """Return the audit as one html page that needs nothing else and runs nothing."""
    template = environment().get_template("auditoria.html.j2")
    return template.render(
        r=informe, tipos=TIPOS, relaciones=RELACIONES, cortas=CORTAS, tabla=_table(informe), diferencias=show_differences
    )  # fmt: skip


def audit_csv(registro: dict[str, Any]) -> bytes:
    """Return the form of decisions as csv, one pair a row."""
    return as_csv(FORMULARIO, map(_pair, registro["relaciones"]))


def audit_xlsx(informe: dict[str, Any]) -> bytes:
    """Return the audit as a workbook: Relaciones (the form), Grupos and Conteos."""
    pairs = Hoja(
        "Relaciones", FORMULARIO, [_pair(r) for r in informe["relaciones"]], _ANCHOS, (("decision", CERRADAS),)
    )
    groups = Hoja("Grupos", _GRUPOS, list(_members(informe["grupos"])), (15, 9, 14, 15, 15, 16, 10, 11, 11, 14, 18, 13, 70, 34))  # fmt: skip
    names = [n for n in CERRADAS if n in informe["totales"]]
    rows = [(f["entidad"], *(f.get(n, 0) for n in names), f["total"]) for f in _table(informe)]
    counts = Hoja("Conteos", ("entidad", *names, "total"), rows, (26, *(16 for _ in names), 10))
    return as_xlsx([pairs, groups, counts])


def show_differences(diferencias: Iterable[dict[str, str]]) -> str:
    """Return typed differences as a person reads them: "fecha: 2024-05-02 → 2024-05-09"."""
    return "; ".join(f"{TIPOS.get(d['tipo'], d['tipo'])}: {d['a'] or '—'} → {d['b'] or '—'}" for d in diferencias)


def _pair(r: dict[str, Any]) -> tuple[Any, ...]:
    who = ", ".join(filter(None, (r["quien"], r["cuando"][:10])))
    shown = {
        **r, "decision": "", "quien": "", "diferencias": show_differences(r["diferencias"]),
        "decidida": (f"sí ({who})" if who else "sí") if r["decidida"] else "",
    }  # fmt: skip
    return tuple("" if shown[k] is None else shown[k] for k in FORMULARIO)


def _members(groups: Iterable[dict[str, Any]]) -> Iterable[tuple[Any, ...]]:
    for g in groups:
        for m in g["miembros"]:
            kept = m["es_representante"]
            yield (
                g["id"], g["tipo"], "representante" if kept else "miembro", m["id"], "" if kept else g["representante"],
                "" if kept else m["relacion"], m["similitud"], "sí" if m["mas_debil"] else "", g["ranura"] or "",
                m["valor"], m["entidad"], m["estatus"] or "", m["acuerdo"], m["origen"],
            )  # fmt: skip


def _table(informe: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the counts as one row an entity, all relations side by side."""
    rows: dict[str, dict[str, Any]] = {}
    for c in informe["conteos"]:
        row = rows.setdefault(
            c["entidad"], {"entidad": c["entidad"], **dict.fromkeys(informe["totales"], 0), "total": 0}
        )
        row[c["relacion"]] += c["n"]
        row["total"] += c["n"]
    return list(rows.values())
