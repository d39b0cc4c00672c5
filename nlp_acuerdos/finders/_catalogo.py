"""Build the trie of institutions from the catalogues, once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from nlp_acuerdos.catalogues import load
from nlp_acuerdos.finders._formas import Corrector, Nodo, Regla, add, inline
from nlp_acuerdos.records import ACTORES
from nlp_acuerdos.text import fold

NADIE = "NADIE"


@dataclass(frozen=True, slots=True)
class Catalogo:
    """What the finder needs: the trie, the tries of its classes, equal words, homonyms, corrector, aliases by code."""

    raiz: Nodo
    clases: dict[str, Nodo]
    iguales: dict[str, str]
    homonimos: frozenset[str]
    corrector: Corrector
    nombres: dict[str, tuple[str, ...]]


def _tables() -> list[dict[str, Any]]:
    main = load("actores")
    return [main, *(load(name) for name in main["archivos"])]


def _forms(tables: list[dict[str, Any]]) -> Iterator[tuple[str, str, str]]:
    """Yield (code, name, form) of every plain entry, in the order of the files."""
    for table in tables:
        for code, entries in table.get("formas", {}).items():
            for name, forms in entries.items():
                yield from ((code, name, form) for form in forms)


def _context_rule(entry: dict[str, Any]) -> Regla:
    """Build a rule with contexts from its `[[contexto]]` table."""

    def pattern(key: str) -> re.Pattern[str] | None:
        return re.compile(entry[key]) if key in entry else None

    return Regla(
        entry["codigo"],
        f"contexto:{entry['codigo']}/{entry['regla']}",
        pattern("antes"),
        pattern("despues"),
        pattern("salvo_antes"),
        pattern("salvo_despues"),
        entry.get("mayusculas", True),
        entry.get("sin_propio", False),
        entry.get("salvo", ""),
    )


def _plain_rule(code: str, name: str) -> Regla:
    """Build the rule of a plain entry; a name that ends in "!" yields to the OPL that owns the body."""
    return Regla(code, f"catalogo:{code}/{name.rstrip('!')}", cede=name.endswith("!"))


def _words(node: Nodo) -> Iterator[str]:
    for word, child in node.palabras.items():
        yield word
        yield from _words(child)
    for child in node.clases.values():
        yield from _words(child)


def _equal() -> dict[str, str]:
    """Return the words the trie takes for one: inflections and abbreviations, to the form it keeps."""
    table = load("actores")["iguales"]
    return {fold(word): fold(kept) for kept, words in table.items() for word in words.split()}


@cache
def catalogo() -> Catalogo:
    """Return the compiled catalogue of actors."""
    tables = _tables()
    macros = {key: value for table in tables for key, value in table.get("macros", {}).items()}
    root, equal = Nodo(), _equal()
    names: dict[str, dict[str, None]] = {code: {} for code in (*ACTORES, NADIE)}
    for code, name, form in _forms(tables):
        names[code] |= dict.fromkeys(add(root, inline(form, macros), _plain_rule(code, name), equal))
    for entry in (entry for table in tables for entry in table.get("contexto", ())):
        rule = _context_rule(entry)
        for form in entry["formas"]:
            add(root, inline(form, macros), rule, equal)
    aliases = {code: tuple(n for n in found if "{" not in n) for code, found in names.items()}
    homonyms = frozenset(map(fold, load("actores")["homonimos"]))
    return Catalogo(root, _classes(macros, equal), equal, homonyms, Corrector([*_words(root), *equal]), aliases)


def _classes(macros: dict[str, str], equal: dict[str, str]) -> dict[str, Nodo]:
    """Return the trie of each class: the states and every macro."""
    tries = {"estado": Nodo()}
    for state in load("institutos")["estados"]:
        add(tries["estado"], state, Regla("", state), equal)
    for name, form in macros.items():
        tries[name] = Nodo()
        add(tries[name], inline(form, macros), Regla("", name), equal)
    return tries
