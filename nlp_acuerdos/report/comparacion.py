"""A comparison as html (self-contained), a workbook, or csv."""

from __future__ import annotations

from typing import Any

from nlp_acuerdos.report.auditoria import CORTAS, TIPOS, show_differences
from nlp_acuerdos.report.hojas import Hoja, as_csv, as_xlsx
from nlp_acuerdos.report.render import environment

CLASES = {
    "nuevo": "nuevos", "desaparecido": "desaparecidos", "movido": "con otro estatus", "reformulado": "con otra redacción",
    "serie": "siguientes de una serie", "repetido": "iguales",
}  # fmt: skip
TITULOS = {
    "nuevo": "Nuevos", "desaparecido": "Ya no están", "movido": "Cambiaron de estatus",
    "reformulado": "Cambiaron de redacción", "serie": "Siguientes de una serie", "repetido": "Siguen igual",
}  # fmt: skip
MOVIMIENTOS = {"avanzo": "avanzó", "retrocedio": "retrocedió", "estatus_cambiado": "cambió"}
LADOS = {"documento": "documento", "captura": "captura del espacio", "archivo": "archivo leído sin guardar"}
COLUMNAS = (
    "clase", "movimiento", "entidad_a", "entidad_b", "acuerdo_a", "acuerdo_b", "estatus_a", "estatus_b", "relacion",
    "similitud", "diferencias", "entre_entidades", "id_a", "id_b", "cercano",
)  # fmt: skip
_ANCHOS = (14, 16, 18, 18, 60, 60, 13, 13, 16, 10, 40, 15, 15, 15, 15)


def render_comparison(registro: dict[str, Any]) -> str:
    """Return a comparison, with its `tramos` where texts differ, as one html page that needs nothing else."""
    by_class: dict[str, list[dict[str, Any]]] = {}
    for row in registro["filas"]:
        by_class.setdefault(row["clase"], []).append(row)
    template = environment().get_template("comparacion.html.j2")
    return template.render(
        r=registro, porclase=by_class, clases=CLASES, titulos=TITULOS, movimientos=MOVIMIENTOS, lados=LADOS,
        cortas=CORTAS, tipos=TIPOS,
    )  # fmt: skip


def comparison_csv(registro: dict[str, Any]) -> bytes:
    """Return the rows of a comparison as csv."""
    return as_csv(COLUMNAS, map(comparison_row, registro["filas"]))


def comparison_xlsx(registro: dict[str, Any]) -> bytes:
    """Return a comparison as a workbook: Comparación and Resumen."""
    rows = Hoja("Comparación", COLUMNAS, [comparison_row(r) for r in registro["filas"]], _ANCHOS)
    counts = [*registro["resumen"].items(), *registro["movimientos"].items()]
    sides = [(f"{s} ({registro['lados'][s]['nombre']})", registro["lados"][s]["acuerdos"]) for s in "ab"]
    return as_xlsx([rows, Hoja("Resumen", ("clase", "acuerdos"), [*counts, *sides], (40, 12))])


def comparison_row(r: dict[str, Any]) -> tuple[Any, ...]:
    """Return a row of a comparison in the order of COLUMNAS."""
    a, b = r["a"] or {}, r["b"] or {}
    both = [side.get(key) or "" for key in ("entidad", "acuerdo", "estatus") for side in (a, b)]
    return (
        r["clase"], r["movimiento"] or "", *both, r["relacion"] or "", "" if r["similitud"] is None else r["similitud"],
        show_differences(r["diferencias"]), "sí" if r["entre_entidades"] else "", a.get("id", ""), b.get("id", ""),
        (r["cercano"] or {}).get("id", ""),
    )  # fmt: skip
