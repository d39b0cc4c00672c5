"""A query as a person writes it, read once: words, phrases, musts and nots, and what it names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nlp_acuerdos.config import make_anchor
from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.finders import actividades, actores, conceptos, fechas
from nlp_acuerdos.finders.conceptos import Tesauro
from nlp_acuerdos.finders.fechas_valor import interval
from nlp_acuerdos.finders.lugares import normalize_entidad
from nlp_acuerdos.finders.sitios import Sitio, sitios
from nlp_acuerdos.records import ACTIVIDADES, ACTORES
from nlp_acuerdos.text import STOPWORDS, fold, stem, stems, tokens

_PART = re.compile(r'(?<!\S)([+-]?)"([^"]+)"|(?<!\S)([+-])(?=[^\W_])(\S+)')
_STATE_WORDS = 4


@dataclass(frozen=True, slots=True)
class Consulta:
    """A read query.

    `texto` is what is asked, marks aside; `raices` its content stems; `unidades` (stem, whether it is a stopword) and
    `conceptos` (start, end, concepts) what coverage is measured on; `frases`, `con` and `sin` what must and must not be
    there, as stems; `codigos` the tags it names, `entidades` the states, `sitios` the places that say a state (those that say all of it
    are in `entidades` too), `dias` the dated intervals as ordinals.
    """

    original: str
    texto: str
    raices: tuple[str, ...]
    unidades: tuple[tuple[str, bool], ...]
    conceptos: tuple[tuple[int, int, tuple[int, ...]], ...]
    frases: tuple[tuple[str, ...], ...]
    con: tuple[str, ...]
    sin: tuple[str, ...]
    codigos: tuple[tuple[str, str], ...]
    entidades: frozenset[str]
    sitios: tuple[Sitio, ...]
    dias: tuple[tuple[int, int], ...]


def read_query(consulta: str, tesauro: Tesauro) -> Consulta:
    """Read a query: quoted phrases must be there word by word, `+word` must be there, `-word` or `-"a phrase"` must not.

    Raises EntradaInvalida for an empty one, or one that only says what must not be there.
    """
    if not fold(consulta):
        raise EntradaInvalida("la consulta está vacía; escriba qué busca, por ejemplo «custodia de boletas»")
    phrases: list[tuple[str, ...]] = []
    must: list[str] = []
    never: list[str] = []
    kept = []
    last = 0
    for part in _PART.finditer(consulta):
        sign, content = part.group(1) or part.group(3) or "", part.group(2) or part.group(4)
        words = tuple(stems(content, keep_stopwords=True))
        kept.append(consulta[last : part.start()])
        last = part.end()
        if not words:
            continue
        if sign == "-":
            never.extend(words if part.group(2) is None else [" ".join(words)])
            continue
        (phrases.append(words) if part.group(2) else must.extend(words))
        kept.append(content)
    text = " ".join("".join([*(f"{k} " for k in kept), consulta[last:]]).split())
    if not fold(text):
        raise EntradaInvalida(
            "la consulta solo dice qué no debe estar; agregue qué busca, por ejemplo «custodia -boletas»"
        )
    units = conceptos.phrase(text)
    common = {stem(word) for word in STOPWORDS}
    return Consulta(
        consulta, text, tuple(stems(text)), tuple((unit, unit in common) for unit in units),
        tesauro.asked(units), tuple(phrases), tuple(must), tuple(never), query_codes(text),
        *_placed(text), _days(text),
    )  # fmt: skip


def query_codes(consulta: str) -> tuple[tuple[str, str], ...]:
    """Return the (set, code) tags a query names, through the same catalogues as the tagger."""
    named = {e.etiqueta for e in actores.find(consulta)}
    acts = {e.etiqueta for e in actividades.find(consulta, respaldo=False)}
    return (*(("actores", c) for c in ACTORES if c in named), *(("actividades", c) for c in ACTIVIDADES if c in acts))


def _placed(consulta: str) -> tuple[frozenset[str], tuple[Sitio, ...]]:
    """Return the states a query names or says ("tabasqueño"), and its places; of two states, the one it names stands."""
    found = sitios(consulta)
    rest = " ".join(tokens(consulta))
    for site in found:
        if not site.estado and len(site.palabras) > 1:  # "Guerrero Negro" is not in Guerrero
            rest = rest.replace(" ".join(site.palabras), " · ")
    named = states(rest).union(*(site.entidades for site in found if site.estado))
    settled = (replace(site, entidades=site.entidades & named or site.entidades) for site in found)
    return named, tuple(settled)


def states(consulta: str) -> frozenset[str]:
    """Return the states a query names, in any case, by name, alias or abbreviation of four letters or more."""
    words = tokens(consulta)
    spans: Sequence[str] = [
        " ".join(words[i : i + size]) for size in range(_STATE_WORDS, 0, -1) for i in range(len(words) - size + 1)
    ]
    found = (normalize_entidad(span) for span in spans if len(span) > 3 or span in ("slp", "edomex"))
    return frozenset(name for name in found if name)


def _days(consulta: str) -> tuple[tuple[int, int], ...]:
    spans = (interval(f.valor) for f in fechas.find(consulta, make_anchor()) if f.tipo in ("DATE", "TIME"))
    return tuple((s[0].toordinal(), s[1].toordinal()) for s in spans if s is not None)
