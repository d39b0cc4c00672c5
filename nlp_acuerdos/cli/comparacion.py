"""Compare two documents, snapshots or files, and follow statuses over time."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from nlp_acuerdos.cli.app import app, open_workspace
from nlp_acuerdos.cli.options import Espacio, Formato, Salida
from nlp_acuerdos.cli.tablas import write_rows
from nlp_acuerdos.cli.terminal import as_json, deliver, format_of, note, out, say_assumed
from nlp_acuerdos.config import resolve

FORMATOS = ("tabla", "json", "html", "xlsx", "csv")


@app.command()
def compare(
    a: Annotated[str | None, typer.Argument(metavar="A", help="Documento, captura (#1) o archivo.", show_default=False)] = None,
    b: Annotated[str | None, typer.Argument(metavar="B", help="El otro, más reciente.", show_default=False)] = None,
    capturas: Annotated[bool, typer.Option("--capturas", help="A y B son números de captura.")] = False,
    historia: Annotated[bool, typer.Option("--historia", help="Solo lo que cambió de estatus; sin A ni B, en todo el espacio.")] = False,
    formato: Formato = None, salida: Salida = None, espacio: Espacio = None,
) -> None:  # fmt: skip
    """Dice qué es nuevo, qué ya no está, qué cambió de estatus o de redacción y qué sigue igual.

    Ejemplo: acuerdos compare marzo abril
    """
    if (a is None) != (b is None) or (a is None and not historia):
        raise typer.BadParameter(
            "dé los dos lados; por ejemplo: acuerdos compare marzo abril, o acuerdos compare '#1' '#2'"
        )
    if a is None or b is None:
        return _all_moved(format_of(formato, salida, ("tabla", "json")), salida, espacio)
    chosen = format_of(formato, salida, FORMATOS)
    from nlp_acuerdos.pipeline import comparacion as comparing
    from nlp_acuerdos.pipeline.bitacora import stage

    with comparing.open_if_there(resolve(espacio).espacio) as workspace:
        left, right = (comparing.side(workspace, name, captura=capturas) for name in (a, b))
        with stage("comparación") as told:
            record = comparing.compare(workspace, left, right, solo_movidos=historia)
            told(f"filas {len(record['filas'])}")
    say_assumed(dict.fromkeys((*left.supuestos, *right.supuestos)))
    if chosen == "html":
        record = comparing.mark_rows(record, left, right)
    if chosen != "tabla":
        return deliver(_bytes(chosen, record), salida, "comparación escrita")
    return _write(record)


def _bytes(formato: str, record: dict[str, Any]) -> bytes:
    from nlp_acuerdos.report.comparacion import comparison_csv, comparison_xlsx, render_comparison

    if formato == "html":
        return render_comparison(record).encode("utf-8", "replace")
    if formato == "xlsx":
        return comparison_xlsx(record)
    return as_json(record) if formato == "json" else comparison_csv(record)


def _write(record: dict[str, Any]) -> None:
    """Print what changed; what stays the same is only counted."""
    rows = [_row(r) for r in record["filas"] if r["clase"] != "repetido"]
    write_rows(("clase", "entidad", "antes", "ahora", "estatus"), rows)
    for name, n in record["resumen"].items():
        out(f"{name}: {n}")
    moves = record["movimientos"]
    note(
        f"{moves['avanzo']} avanzaron, {moves['retrocedio']} retrocedieron, {moves['estatus_cambiado']} cambiaron de otro modo; "
        "los iguales no se listan: --formato json los trae"
    )


def _row(r: dict[str, Any]) -> tuple[str, ...]:
    a, b = r["a"] or {}, r["b"] or {}
    one = b or a
    before, now = (x.get("estatus") or "sin estatus" if x else "" for x in (a, b))
    entity = one["entidad"] if not r["entre_entidades"] else f"{a['entidad']} → {b['entidad']}"
    status = now or before if not r["movimiento"] else f"{before} → {now}"
    same = a and b and a["acuerdo"] == b["acuerdo"]
    return (
        r["movimiento"] or r["clase"],
        entity,
        a.get("acuerdo", ""),
        "(igual)" if same else b.get("acuerdo", ""),
        status,
    )


def _all_moved(formato: str, salida: Any, espacio: Any) -> None:
    from nlp_acuerdos.pipeline.historia import moved

    with open_workspace(espacio) as workspace:
        record = moved(workspace)
    if formato == "json":
        return deliver(as_json(record), salida, "historia escrita")
    for c in record["compromisos"]:
        out(f"{c['id']} {c['entidad']}: {c['acuerdo']}")
        write_history(c["historia"])
    return note(f"{record['total']} compromisos cambiaron de estatus")


def write_history(historia: list[dict[str, Any]]) -> None:
    """Print the status history of a commitment."""
    rows = [
        (h["fecha"], h["captura"] or "—", h["documento"], h["estatus"] or "sin estatus", h["id"], h["relacion"] or "este")
        for h in historia
    ]  # fmt: skip
    write_rows(("fecha", "captura", "documento", "estatus", "id", "relacion"), rows)
