"""Find the institutions an agreement names, by the catalogue of forms and its rules of context."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from nlp_acuerdos.finders._catalogo import NADIE, Catalogo, catalogo
from nlp_acuerdos.finders._formas import Nodo, Regla
from nlp_acuerdos.finders._frase import Frase, read
from nlp_acuerdos.records import Evidencia

_NUMBER = re.compile(
    r"\d{1,3}(?:[aoe]|er|ra|ro|da|va|vo|ta|to|ma|mo|na|no)?|[ivxl]{1,7}|(?:decimo|decima)?(?:primer[oa]?|segund[oa]|"
    r"tercer[oa]?|cuart[oa]|quint[oa]|sext[oa]|septim[oa]|octav[oa]|noven[oa]|decim[oa]|vigesim[oa]|trigesim[oa]|"
    r"cuadragesim[oa]|undecim[oa]|duodecim[oa])"
)
_LINKS = frozenset({"de", "del", "la", "las", "los", "y"})
_NOT_PLACES = frozenset(
    (
        "mexico", "gobierno", "la", "los", "las", "el", "este", "esta", "dicha", "dicho", "guardia", "secretaria",
        "instituto", "republica", "consejo", "junta", "mesa", "jornada", "proceso", "seguridad", "fiscalia", "ejercito",
        "marina", "federacion", "investigacion", "caminos", "proximidad", "reaccion", "transito",
    )
)  # fmt: skip
_WINDOW = 100


@dataclass(frozen=True, slots=True)
class _Match:
    """A reading of tokens [inicio, fin)."""

    inicio: int
    fin: int
    regla: Regla


class _Walker:
    """Walk the trie over the tokens of one text."""

    def __init__(self, frase: Frase, cat: Catalogo) -> None:
        self.frase = frase
        self.cat = cat
        equal = cat.iguales.get
        self.words = [equal(word, word) for word in frase.words]

    def matches(self, start: int, root: Nodo | None = None) -> Iterator[_Match]:
        """Yield every reading that begins at token `start`, tolerating one misspelt word in names of two or more."""
        words = self.words
        stack = [(root or self.cat.raiz, start, False)]
        while stack:
            node, i, edited = stack.pop()
            for rule, mask in node.finales:
                if self._case_holds(mask, start, i) and not (edited and i - start < 2):
                    yield _Match(start, i, rule)
            if i >= len(words):
                continue
            child = node.palabras.get(words[i])
            if child is not None:
                stack.append((child, i + 1, edited))
            elif not edited and node.palabras and len(words[i]) > 4:
                near = {self.cat.iguales.get(w, w) for w in self.cat.corrector.near(words[i])}
                stack.extend((node.palabras[w], i + 1, True) for w in near if w in node.palabras)
            for name, following in node.clases.items():
                stack.extend((following, end, edited) for end in self._class_ends(name, i))

    def _case_holds(self, mask: str, start: int, end: int) -> bool:
        """Tell whether the capitals a form asks for are in the text (`mask` has one sign a word or class)."""
        if "U" not in mask and "C" not in mask:
            return True
        if self.frase.capitals:
            return True
        signs = mask if len(mask) == end - start else mask.ljust(end - start, "-")
        return all(self._sign_holds(sign, i) for i, sign in zip(range(start, end), signs, strict=False))

    def _sign_holds(self, sign: str, i: int) -> bool:
        """Tell whether token `i` has the capitals `sign` asks for."""
        if sign == "-":
            return True
        original, word = self.frase.originals[i], self.frase.words[i]
        if sign == "C":
            return original[0].isupper()
        if len(word) == 2 and "." in original and word in self.cat.homonimos:
            return False  # the initials of a person
        letters = original.replace(".", "").replace(" ", "")
        if letters.isupper():
            return True
        return word not in self.cat.homonimos and len(word) > 1 and (letters[0].isupper() or self.frase.plain)

    def _class_ends(self, name: str, i: int) -> list[int]:
        """Return the token ends of the class `name` from token `i`."""
        if name == "num":
            return [i + 1] if _NUMBER.fullmatch(self.frase.words[i]) else []
        if name == "estado":
            return self._states(i)
        if name in self.cat.clases:
            return sorted({m.fin for m in self.matches(i, self.cat.clases[name])})
        if name == "propio":
            return self._proper(i)
        if name == "lugar":
            return sorted({*self._states(i), *self._proper(i)})
        return sorted({m.fin for m in self.matches(i) if m.regla.codigo == "OPL"})

    def _states(self, i: int) -> list[int]:
        if self.words[i] not in self.cat.clases["estado"].palabras:
            return []
        return [m.fin for m in self.matches(i, self.cat.clases["estado"])]

    def _proper(self, i: int) -> list[int]:
        """Return the ends of a proper name: capitalised words, linked by small ones."""
        words, originals = self.frase.words, self.frase.originals
        ends: list[int] = []
        if self.frase.capitals or words[i] in _NOT_PLACES:
            return ends
        for j in range(i, min(i + 5, len(words))):
            if originals[j][0].isupper() and not (originals[j].isupper() and len(originals[j]) < 6):
                ends.append(j + 1)
            elif not ends or words[j] not in _LINKS:
                break
        return ends[-1:]


def _context_holds(rule: Regla, frase: Frase, start: int, end: int) -> bool:
    """Tell whether the text around tokens [start, end) allows `rule`."""
    text, a, b = frase.folded.text, frase.starts[start], frase.ends[end - 1]
    if frase.capitals and not rule.mayusculas:
        return False
    before, after = text[max(0, a - _WINDOW) : a], text[b : b + _WINDOW]
    return (
        (rule.antes is None or rule.antes.search(before) is not None)
        and (rule.despues is None or rule.despues.match(after) is not None)
        and (rule.salvo_antes is None or rule.salvo_antes.search(before) is None)
        and (rule.salvo_despues is None or rule.salvo_despues.match(after) is None)
        and not (rule.sin_propio and _name_follows(frase, end))
    )


def _name_follows(frase: Frase, end: int) -> bool:
    """Tell whether a capitalised word goes on with the name that ends before token `end`."""
    if frase.capitals or end >= len(frase.words) or frase.folded.text[frase.ends[end - 1] : frase.starts[end]] != " ":
        return False
    return frase.originals[end][0].isupper()


def _best(walker: _Walker, i: int) -> list[_Match]:
    """Return the longest readings at token `i` whose context holds (several when a name has several codes)."""
    found = [m for m in walker.matches(i) if _context_holds(m.regla, walker.frase, m.inicio, m.fin)]
    longest = max((m.fin for m in found), default=i)
    return [m for m in found if m.fin == longest]


@lru_cache(maxsize=65536)
def _may_begin(word: str) -> bool:
    """Tell whether a name may begin with `word`, misspelt or not."""
    cat = catalogo()
    number = cat.raiz.clases and _NUMBER.fullmatch(word)
    return word in cat.raiz.palabras or bool(number) or (len(word) > 4 and bool(cat.corrector.near(word)))


def _scan(walker: _Walker) -> list[_Match]:
    """Read the text from left to right, the longest name first."""
    words = walker.words
    found: list[_Match] = []
    i = 0
    while i < len(words):
        if _may_begin(words[i]):
            best = _best(walker, i)
            found.extend(best)
            i = best[0].fin if best else i + 1
        else:
            i += 1
    return found


def _yields(match: _Match, following: _Match | None, frase: Frase) -> bool:
    """Tell whether a federal-looking body belongs to the OPL named right after it ("vocales del OPL")."""
    if not match.regla.cede or following is None or following.regla.codigo != "OPL":
        return False
    between = frase.words[match.fin : following.inicio]
    return len(between) <= 6 and "," not in between and bool({"de", "del"} & set(between)) and "y" not in between


def _settle(found: list[_Match], frase: Frase) -> list[_Match]:
    """Drop what names nobody, what yields to an OPL, and what another code in the text explains."""
    kept = [m for m, after in zip(found, [*found[1:], None][: len(found)], strict=True) if not _yields(m, after, frase)]
    codes = {m.regla.codigo for m in kept if not m.regla.salvo}
    return [m for m in kept if m.regla.codigo != NADIE and (m.regla.salvo not in codes or m.regla.codigo in codes)]


def find(texto: str) -> list[Evidencia]:
    """Return the institutions named in `texto`, in order: code, rule and half-open span of code points.

    The codes and what counts as a name are those of the annotation guide ("actores").
    """
    frase = read(texto)
    matches = _settle(_scan(_Walker(frase, catalogo())), frase)
    first = {(m.inicio, m.fin, m.regla.codigo): m for m in reversed(matches)}  # one evidence a place and code
    return [_evidence(first[key], frase, texto) for key in reversed(first)]


def _evidence(match: _Match, frase: Frase, texto: str) -> Evidencia:
    start, end = frase.folded.span(frase.starts[match.inicio], frase.ends[match.fin - 1])
    return Evidencia("actores", match.regla.codigo, match.regla.nombre, start, end, texto[start:end])


def names(codigo: str) -> tuple[str, ...]:
    """Return the catalogue's names and acronyms of a code, without classes of places, in the catalogue's order."""
    return catalogo().nombres.get(codigo, ())
