"""The engine of the grammar: rules over classes of tokens, applied in stages, each node eating its tokens.

A pattern is a regular expression over class names in capitals (`NUM DE MES`), spaces are nothing, and `<x>` is a
macro. A stage tries its rules in order at each place; a rule's builder returns the nodes that replace what was
matched, or None when the context refuses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from nlp_acuerdos.finders.fechas_lexico import CLASE, Nodo
from nlp_acuerdos.finders.fechas_valor import Valor
from nlp_acuerdos.records import Ancla
from nlp_acuerdos.text import Folded

_MACROS = {
    "n": "(?:NUM|BIG|PALU|PALD|PALT|PALC|PALN)",
    "dn": "(?:NUM|PALU|PALD|PALT|PALN|PRIMERO)",
    "mes": "(?:MES|ABR DOT?)",
    "year": "(?:YEAR|PYEAR)",
    "relmes": "(?:ESTE MESU|MESU EN CURSO|MESU ESTE|SIG MESU|MESU SIG|PAS MESU|MESU PAS|MESU QUE VIENE)",
    "anio": "(?:COMA? DE? EL? ANO? <year>|(?:GUION|DIAG) YEAR|DE EL? ANO NUM|DE EL? (?:ESTE ANO|ANO EN CURSO|ANO CURSO"
    "|ANO ESTE|SIG ANO|ANO SIG|PAS ANO|ANO PAS|ANO QUE VIENE)|DE EL? ESTE(?=$|COMA|DOT|PUNTUA|A|EN|Y))",
    "mesx": "(?:DE? EL? (?:MESU DE)? <mes> <anio>?|DE EL? <relmes>)",
    "item": "(?:(?:DIASEM (?:COMA|PAREN)? EL? DIA?)? <dn>)",
    "itemd": "(?:EL? DIA? <item>)",
    "ritem": "(?:(?:DE|DESDE)? <itemd> (?:A|GUION|HASTA) <itemd>|ENTRE <itemd> Y <itemd>)",
    "sep": "(?:(?:COMA Y?|Y DIAG O|Y|O) (?:DE? EL? DIA?))",
    "mesd": "(?:EL? (?:MESU DE)? <mes> <anio>?)",
    "fechad": "(?:EL? DIA? SIG? FECHA)",
    "uni": "(?:HORA|UNIDAD|DIA|SEMANA|QUINCENA|MESU|TRIMESTRE|ANO)",
    "ord": "(?:ORD|PRIMERO|CUARTO)",
    "parte": "(?:MANANA|PARTE)",
}
Constructor = Callable[["Lectura", int, int], "Sequence[Nodo] | None"]
Regla = tuple[str, str, Constructor]


def compile_pattern(pattern: str) -> str:
    """Return the regular expression over class characters that a pattern stands for."""
    while "<" in pattern:
        pattern = re.sub(r"<(\w+)>", lambda m: _MACROS[m.group(1)], pattern)
    return re.sub(r"[A-Z]+| +", lambda m: CLASE[m.group()] if m.group()[0] != " " else "", pattern)


class Lectura:
    """One text being read: its nodes, and what the rules need to look around."""

    __slots__ = ("ancla", "clases", "folded", "nodos")

    def __init__(self, folded: Folded, nodos: list[Nodo], ancla: Ancla) -> None:
        self.folded, self.ancla = folded, ancla
        self.replace(nodos)

    def replace(self, nodos: list[Nodo]) -> None:
        """Put other nodes in place, and their classes as one string."""
        self.nodos = nodos
        self.clases = "".join([n.clase for n in nodos])

    def is_a(self, i: int, *names: str) -> bool:
        """Tell whether node `i` exists and is of one of the classes."""
        return 0 <= i < len(self.nodos) and any(self.nodos[i].clase == CLASE[name] for name in names)

    def word(self, i: int) -> str:
        """Return the folded text of node `i`, or nothing outside the text."""
        return self.folded.text[self.nodos[i].inicio : self.nodos[i].fin] if 0 <= i < len(self.nodos) else ""

    def capitalised(self, i: int) -> bool:
        """Tell whether node `i` is written Like This: a capital, then a small letter."""
        if not 0 <= i < len(self.nodos):
            return False
        piece = self.folded.slice(self.nodos[i].inicio, self.nodos[i].fin)
        return piece[:1].isupper() and not piece.isupper()

    def first(self, i: int, j: int, *names: str) -> Nodo | None:
        """Return the first node of `[i, j)` of one of the classes."""
        wanted = {CLASE[name] for name in names}
        return next((n for n in self.nodos[i:j] if n.clase in wanted), None)

    def all(self, i: int, j: int, *names: str) -> list[Nodo]:
        """Return the nodes of `[i, j)` of the classes."""
        wanted = {CLASE[name] for name in names}
        return [n for n in self.nodos[i:j] if n.clase in wanted]

    def make(self, i: int, j: int, clase: str, tipo: str, valor: Valor) -> list[Nodo]:
        """Return the node that stands for `[i, j)`, without a final full stop."""
        while j - i > 1 and self.is_a(j - 1, "DOT"):
            j -= 1
        return [Nodo(CLASE[clase], self.nodos[i].inicio, self.nodos[j - 1].fin, valor, tipo)]


class Etapa:
    """A stage: rules in order of preference, as one alternation, tried if any class of `necesita` is there."""

    def __init__(self, necesita: str, *reglas: Regla) -> None:
        self._reglas = reglas
        self._needs = frozenset(CLASE[name] for name in necesita.split())
        self._builders = {name: builder for name, _, builder in reglas}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """Compile the alternation of the rules, each a named group, at first use."""
        return re.compile("|".join(f"(?P<{name}>{compile_pattern(p)})" for name, p, _ in self._reglas))

    def apply(self, lectura: Lectura) -> None:
        """Replace in `lectura` all that the rules accept, left to right."""
        classes = lectura.clases
        if self._needs.isdisjoint(classes):
            return
        match = self._pattern.search(classes)
        if match is None:
            return
        done: list[Nodo] = []
        copied = 0
        while match is not None:
            start, end = match.span()
            made = self._builders[str(match.lastgroup)](lectura, start, end) if end > start else None
            if made is not None:
                for node in made:
                    node.regla = node.regla or str(match.lastgroup)
                done += [*lectura.nodos[copied:start], *made]
                copied = end
            match = self._pattern.search(classes, end if made is not None else start + 1)
        if copied:
            lectura.replace([*done, *lectura.nodos[copied:]])


def number(node: Nodo) -> int:
    """Return the number of a node; "primero" is 1."""
    value: Any = node.valor
    return int(value) if isinstance(value, int) else 1
