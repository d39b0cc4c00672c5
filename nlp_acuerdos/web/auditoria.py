"""The audit of duplicates: pairs side by side, and the decisions people take on them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import QueryParams

from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.finders.lugares import normalize_entidad
from nlp_acuerdos.pipeline.decisiones import decide, undo_decision
from nlp_acuerdos.pipeline.registros import relation_record
from nlp_acuerdos.records import RELACIONES, Etiquetas, Relacion
from nlp_acuerdos.search import resolve_filters
from nlp_acuerdos.text import fold
from nlp_acuerdos.web.lector import Lector, Vista
from nlp_acuerdos.web.paginas import reading
from nlp_acuerdos.web.pedido import PAGINA_MAX, read_number
from nlp_acuerdos.web.resaltado import Pieza, compare
from nlp_acuerdos.web.respuestas import page, refuse
from nlp_acuerdos.web.seguridad import COOKIE_CSRF, read_form
from nlp_acuerdos.workspace import Workspace

POR_PAGINA = 15
VER = ("pares", "pendientes", "decididos")
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Criba:
    """Which pairs are asked for, all of it in the URL."""

    relacion: str = ""
    entidad: str = ""
    entre_entidades: bool = False
    ver: str = "pares"
    pagina: int = 1

    def url(self, **changes: object) -> str:
        """Return the URL of these pairs, with changes."""
        values = {
            "relacion": self.relacion, "entidad": self.entidad, "entre_entidades": "1" if self.entre_entidades else "",
            "ver": self.ver if self.ver != "pares" else "", "pagina": str(self.pagina) if self.pagina > 1 else "",
        }  # fmt: skip
        query = urlencode({k: v for k, v in (values | changes).items() if v})
        return f"/auditoria?{query}" if query else "/auditoria"


@dataclass(frozen=True, slots=True)
class Par:
    """A pair as the page shows it: its record, both texts in pieces, and the decision on it (relation, who, when)."""

    registro: Mapping[str, Any]
    a: list[Pieza]
    b: list[Pieza]
    decision: tuple[str, str, str] | None


def read_sieve(params: QueryParams) -> Criba:
    """Read which pairs a URL asks for. Raises EntradaInvalida."""
    relation, show = params.get("relacion") or "", params.get("ver") or "pares"
    if relation and relation not in RELACIONES:
        raise EntradaInvalida(f"relación desconocida: «{relation}»; use una de {', '.join(RELACIONES)}")
    if show not in VER:
        raise EntradaInvalida(f"«ver» desconocido: «{show}»; use uno de {', '.join(VER)}")
    across = params.get("entre_entidades") in ("1", "true", "on")
    return Criba(relation, params.get("entidad") or "", across, show, read_number(params, "pagina", 1, PAGINA_MAX))


def sifted(view: Vista, criba: Criba) -> list[Mapping[str, Any]]:
    """Return the records of the pairs asked for, in the order of `acuerdos audit`."""
    wanted = resolve_filters(entidad=[criba.entidad]).entidad if criba.entidad else ()
    decided = view.workspace.decisions()
    pairs = _decided(view, decided) if criba.ver == "decididos" else view.audit(criba.entre_entidades)["relaciones"]
    return [
        r
        for r in pairs
        if (not criba.relacion or r["relacion"] == criba.relacion)
        and (not wanted or wanted[0] in (_official(r["entidad_a"]), _official(r["entidad_b"])))
        and (criba.ver != "pendientes" or (r["a"], r["b"]) not in decided)
    ]


def _decided(view: Vista, decided: Mapping[tuple[str, str], str]) -> list[Mapping[str, Any]]:
    """Return the records of the decided pairs, those of no relation too; without those whose agreements went."""
    known = {(r["a"], r["b"]): r for r in view.audit(True)["relaciones"]}
    by_id = view.workspace.agreements_of({i for pair in decided for i in pair})
    return [
        known.get((a, b)) or relation_record(Relacion(a, b, relation, 0.0), by_id) | {"similitud": None}
        for (a, b), relation in decided.items()
        if a in by_id and b in by_id
    ]


def _official(entidad: str) -> str:
    return normalize_entidad(entidad) or entidad


@router.get("/auditoria")
async def audit_page(request: Request) -> Response:
    """Show the pairs asked for, side by side."""
    nonce = request.cookies.get(COOKIE_CSRF) or secrets.token_urlsafe(16)
    answer = await reading(request, lambda view, _: _audit(view, request, nonce))
    answer.set_cookie(COOKIE_CSRF, nonce, httponly=True, samesite="strict", secure=request.url.scheme == "https")
    return answer


def _audit(view: Vista, request: Request, nonce: str) -> Response:
    criba = read_sieve(request.query_params)
    found = sifted(view, criba)
    start = (criba.pagina - 1) * POR_PAGINA
    part = found[start : start + POR_PAGINA]
    log = dict(sorted(view.workspace.decision_notes().items(), key=lambda d: d[1][2], reverse=True))
    tags = view.workspace.tags_of({r[side] for r in part for side in ("a", "b")})
    pairs = [_pair(r, tags, log) for r in part]
    everything = view.audit(criba.entre_entidades)["relaciones"]
    entities = sorted({_official(r[s]) for r in everything for s in ("entidad_a", "entidad_b")}, key=fold)
    return page(
        request, "auditoria.html.j2", criba=criba, pares=pairs, total=len(found), desde=start + 1, entidades=entities,
        hasta=start + len(part), decididos=len(log), sello=request.app.state.guardia.seal(nonce), codigos=RELACIONES,
        hecho=request.query_params.get("hecho", ""),
    )  # fmt: skip


def _pair(
    r: Mapping[str, Any], tags: Mapping[str, Etiquetas], log: Mapping[tuple[str, str], tuple[str, str, str]]
) -> Par:
    none = Etiquetas()
    left, right = compare(r["texto_a"], r["texto_b"], tags.get(r["a"], none), tags.get(r["b"], none))
    return Par(r, left, right, log.get((r["a"], r["b"])))


def store(lector: Lector, a: str, b: str, relacion: str | None, quien: str) -> None:
    """Keep a decision on a pair, or withdraw it (`relacion` None), and relate anew, one writer at a time."""
    if len(quien) > 120:
        raise EntradaInvalida("el nombre de quien decide pasa de 120 letras; escriba uno más corto")
    with lector.escritura, Workspace.open(lector.settings.espacio) as workspace:
        if relacion is None:
            undo_decision(workspace, a, b)
        else:
            decide(workspace, a, b, relacion, quien)


@router.post("/auditoria/decidir")
async def decide_form(request: Request) -> Response:
    """Keep or withdraw a decision sent by the form of the page."""
    form = await read_form(request)
    if not request.app.state.guardia.sealed(request.cookies.get(COOKIE_CSRF, ""), form.get("sello", "")):
        return refuse(request, 403, "el formulario venció o viene de otro sitio; vuelva a cargar la auditoría y repita")
    a, b, undo = form.get("a", ""), form.get("b", ""), form.get("accion") == "deshacer"
    relation = None if undo else form.get("relacion", "")
    await request.app.state.turnos.run(
        store, request.app.state.lector, a, b, relation, form.get("quien", "").strip(), largo=True
    )
    back = read_sieve(QueryParams(form.get("volver", "")))
    return RedirectResponse(back.url(hecho="deshecho" if undo else "decidido") + f"#par-{a}-{b}", 303)
