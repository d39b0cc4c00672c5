"""The profile of an agreement: its text as canonical pieces, computed once and compared many times."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from nlp_acuerdos.catalogues import load
from nlp_acuerdos.dedup import reparto
from nlp_acuerdos.dedup.lexico import canonical, content_keys, phrases, root, roots, term_pattern
from nlp_acuerdos.finders import actores, lugares, slots
from nlp_acuerdos.finders.slots import TIPOS, Slot, Spans
from nlp_acuerdos.records import Acuerdo, Ancla, Etiquetas, Evidencia, Fecha
from nlp_acuerdos.text import STOPWORDS, Folded, fold, word_spans

PALABRA, INSTITUCION, NEGACION = "palabra", "institucion", "negacion"


@dataclass(frozen=True, slots=True)
class Perfil:
    """An agreement ready to be compared. The tuples from `claves` to `formas` run in parallel, one entry a piece.

    `texto` is the wording without form; `tipos` says palabra, institucion, negacion or the type of a slot; `oraciones`
    and `clausulas` number the sentence and clause of each piece; `papeles` its role ("s" does it, "a" receives it, "y"
    is joined to the one before, "p" its complement, "" unknown); `formas` the words as written; `marca` is `claves` with the slots masked
    by their type, `conjunto` the set of `claves`, `ranuras` the (type, value) of the slots in order, `palabras` the
    set of the words; `redaccion` the words as `texto` has them, without articles and the like.
    """

    id: str
    texto: str
    estatus: str | None
    contenidas: int
    claves: tuple[str, ...]
    tipos: tuple[str, ...]
    oraciones: tuple[int, ...]
    clausulas: tuple[int, ...]
    papeles: tuple[str, ...]
    formas: tuple[str, ...]
    marca: tuple[str, ...]
    conjunto: frozenset[str]
    ranuras: tuple[tuple[str, str], ...]
    palabras: frozenset[str]
    redaccion: str = ""

    def of_type(self, tipo: str) -> tuple[str, ...]:
        """Return the pieces of one type, in order."""
        return tuple(k for k, t in zip(self.claves, self.tipos, strict=True) if t == tipo)

    def sentences(self) -> Iterator[tuple[str, ...]]:
        """Yield the pieces of each sentence."""
        for n in range(self.oraciones[-1] + 1 if self.oraciones else 0):
            yield tuple(k for k, o in zip(self.claves, self.oraciones, strict=True) if o == n)


@dataclass(frozen=True, slots=True)
class _Pieza:
    clave: str
    tipo: str
    inicio: int
    fin: int
    papel: str = ""
    agente: bool = False


def profile(acuerdo: Acuerdo, contexto: Ancla | Etiquetas) -> Perfil:
    """Return the profile of `acuerdo`; with `Etiquetas` the dates and actors found before are used again."""
    base = _read(acuerdo.acuerdo, contexto)
    return replace(base, id=acuerdo.id, estatus=acuerdo.estatus)


def profiles(
    acuerdos: Sequence[Acuerdo], contextos: Sequence[Ancla | Etiquetas], progress: reparto.Avance = lambda done, total: None
) -> list[Perfil]:  # fmt: skip
    """Return the profiles of `acuerdos`; equal texts under one anchor are read once."""
    place: dict[tuple[str, object], int] = {}
    work: list[tuple[str, Ancla | Etiquetas]] = []
    rows = []
    for acuerdo, contexto in zip(acuerdos, contextos, strict=True):
        mark = contexto if isinstance(contexto, Ancla) else contexto.fechas
        row = place.setdefault((acuerdo.acuerdo, mark), len(work))
        if row == len(work):
            work.append((acuerdo.acuerdo, contexto))
        rows.append(row)
    bases = reparto.spread(_read_part, work, progress)
    return [replace(bases[i], id=a.id, estatus=a.estatus) for a, i in zip(acuerdos, rows, strict=True)]


def _read_part(work: Sequence[tuple[str, Ancla | Etiquetas]]) -> list[Perfil]:
    return [_read(texto, contexto) for texto, contexto in work]


_SLASHED = {"p": "para", "c": "con", "s": "sobre", "x": "por", "d": "de"}  # "p/", "c/", "s/"
_NINGUNA = Ancla.__new__(Ancla)


def _read(texto: str, contexto: Ancla | Etiquetas) -> Perfil:
    fechas: Sequence[Fecha] | None = None
    if isinstance(contexto, Etiquetas):
        evidence: Iterable[Evidencia] = (e for e in contexto.evidencia if e.conjunto == "actores")
        fechas, anchor = contexto.fechas, _NINGUNA
    else:
        evidence, anchor = actores.find(texto), contexto
    named = _institutions(texto, sorted(evidence, key=lambda e: (e.inicio, e.fin)))
    spans = [(p.inicio, p.fin) for p in named]
    found = slots.find(texto, anchor, fechas=fechas, instituciones=spans)
    words = [
        (_SLASHED.get(w, w) if texto[end : end + 1] == "/" and end - start == 1 else w, start, end)
        for w, start, end in word_spans(texto)
    ]
    dated = [(s.inicio, s.fin) for s in found if s.tipo == "fecha"]
    terms = [t for t in _terms(texto, spans) if not any(i <= t.inicio and t.fin <= j for i, j in dated)]
    return _assemble(texto, words, _merge(named, [*_outside(found, terms)], terms, words))


def _terms(texto: str, spans: Spans) -> list[_Pieza]:
    """Return a piece for each term an acronym stands for, outside institutions: no capital inside it is a place."""
    pattern, keys = term_pattern()
    folded = Folded.of(texto)
    found = []
    for match in pattern.finditer(folded.text):
        key = keys.get(" ".join(content_keys(match.group())))
        start, end = folded.span(*match.span())
        if key and all(end <= i or j <= start for i, j in spans):
            found.append(_Pieza(key, PALABRA, start, end))
    return found


def _outside(found: Iterable[Slot], terms: Sequence[_Pieza]) -> Iterator[Slot]:
    return (s for s in found if all(s.fin <= t.inicio or t.fin <= s.inicio for t in terms))


def _assemble(texto: str, words: list[tuple[str, int, int]], pieces: list[_Pieza]) -> Perfil:
    oraciones, clausulas = _boundaries(texto, pieces)
    content = [word for word, _, _ in words if word not in STOPWORDS]
    keys = tuple(p.clave for p in pieces)
    return Perfil(
        "", _POINT.sub(" ", " ".join(w for w, _, _ in words)) or fold(texto), None, len(content),
        keys, tuple(p.tipo for p in pieces), oraciones, clausulas,
        tuple(p.papel for p in pieces), tuple(" ".join(texto[p.inicio : p.fin].split()) for p in pieces),
        tuple(p.tipo if p.tipo in TIPOS else p.clave for p in pieces), frozenset(keys),
        tuple((p.tipo, p.clave) for p in pieces if p.tipo in TIPOS),
        frozenset(p.clave for p in pieces if p.tipo == PALABRA), _POINT.sub(" ", " ".join(content)),
    )  # fmt: skip


_POINT = re.compile(r"(?<=\d)[.](?=\d)")  # "17.30" is "17:30" with another punctuation
_STOP = re.compile(r"[.;:!?\n](?=\s|$)|[;:\n]")
_COMMA = re.compile(r"[,()—–]")


def _boundaries(texto: str, pieces: list[_Pieza]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the number of the sentence and of the clause of each piece, by the marks between them."""
    sentence = clause = last = 0
    sentences, clauses = [], []
    for piece in pieces:
        gap = texto[last : piece.inicio]
        if last and _STOP.search(gap):
            sentence, clause = sentence + 1, clause + 1
        elif last and _COMMA.search(gap):
            clause += 1
        sentences.append(sentence)
        clauses.append(clause)
        last = max(last, piece.fin)
    return tuple(sentences), tuple(clauses)


def _merge(
    named: list[_Pieza], found: list[Slot], terms: list[_Pieza], words: list[tuple[str, int, int]]
) -> list[_Pieza]:
    """Join institutions, slots, terms and the words outside them, in the order of the text."""
    institutes = [(p.inicio, p.fin) for p in named if p.clave.startswith("@OPL")]
    forces = [(p.inicio, p.fin) for p in named if p.clave.startswith(("@SEMAR", "@SEDENA"))]
    own = [  # places that are part of a name: the state of an institute, "Armada de México"
        s
        for s in found
        if (s.tipo == "lugar" and s.valor in _states() and any(i <= s.fin and s.inicio <= j + 4 for i, j in institutes))
        or (s.valor == "mexico" and any(i <= s.inicio <= j + 4 for i, j in forces))
    ]
    kept = [_Pieza(s.valor, s.tipo, s.inicio, s.fin) for s in found if s not in own]
    spans = [(p.inicio, p.fin) for p in (*named, *kept, *terms)] + [(s.inicio, s.fin) for s in own]
    plain = list(_words(words, spans))
    roles = _roles(named, words)
    return _join_phrases(_collapse(sorted((*roles, *kept, *terms, *plain), key=lambda p: (p.inicio, p.tipo))))


@cache
def _states() -> frozenset[str]:
    return frozenset(map(fold, lugares.entidades()))


def _words(words: list[tuple[str, int, int]], spans: list[tuple[int, int]]) -> Iterator[_Pieza]:
    """Yield the words that carry content or a negation, outside `spans`; with their role."""
    role, ordered, at = "", sorted(spans), 0
    reached = -1  # the furthest end of the spans that began
    for n, (word, start, end) in enumerate(words):
        if word == "fuera" and words[n + 1 : n + 2] and words[n + 1][0] in ("de", "del"):
            word = "afuera"
        while at < len(ordered) and ordered[at][0] <= start:
            reached = max(reached, ordered[at][1])
            at += 1
        if start < reached:
            role = ""
            continue
        own = root(word)
        if own in roots("negaciones"):
            yield _Pieza("¬" if word in _SHORT_NO else f"¬{own}", NEGACION, start, end)
        elif word in STOPWORDS:
            role = _word_role(word, role)
        elif own not in roots("vacias"):
            yield _Pieza(canonical(word), PALABRA, start, end, role)
            role = ""


def _word_role(word: str, role: str) -> str:
    """Return the role a small word gives to the next: joined to the one before, or complement of it."""
    if word in ("y", "e", "o", "u"):
        return "y"
    if word in _PREPOSITIONS:
        return role or "p"
    return role if word in _LINKS else ""


_PREPOSITIONS = frozenset("de del a al en con para por contra sobre entre ante desde hasta".split())
_LINKS = frozenset("el la los las un una unos unas lo su sus".split())
_SHORT_NO = frozenset(["no", "sin", "ni", "nunca", "jamas", "tampoco"])


def _institutions(texto: str, evidence: list[Evidencia]) -> list[_Pieza]:
    """Return one piece a named institution: code, class inside the code, and number or state."""
    groups: list[list[Evidencia]] = []
    for item in evidence:
        if groups and item.inicio < groups[-1][-1].fin:
            groups[-1].append(item)
        else:
            groups.append([item])
    return [
        _Pieza(key, INSTITUCION, group[0].inicio, max(_end(texto, e) for e in group))
        for group in groups
        for key in _keys(group)
    ]


def _keys(group: list[Evidencia]) -> list[str]:
    """Return the key of the institution a group of evidence names; staff of both kinds ("SE y CAE") are two."""
    keys = sorted({_key(e) for e in group})
    return ["@INE/supervisores#", "@INE/capacitadores#"] if keys == ["@INE/campo#"] else ["+".join(keys)]


_COUNTED = re.compile(r"(?<=junta local)\s+\d+$")


def _end(texto: str, item: Evidencia) -> int:
    """Return where a name ends: "la Junta Local 15 radios" counts radios, for a local board has no number."""
    counted = _COUNTED.search(texto[item.inicio : item.fin].lower())
    return item.inicio + counted.start() if counted else item.fin


@cache
def _classes(code: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    table = load("sinonimos")["instituciones"].get(code, {})
    return tuple((name, re.compile(pattern)) for name, pattern in table.items())


def _key(item: Evidencia) -> str:
    entry = item.regla.partition("/")[2]
    return _institution_key(item.etiqueta, entry, fold(item.texto).replace(".", ""))


@lru_cache(maxsize=16384)
def _institution_key(code: str, entry: str, name: str) -> str:
    """Return "@CODE/class" with "#" and what tells it from its like: its number, or the state of an institute."""
    group = next((n for n, pattern in _classes(code) if pattern.search(name)), entry)
    mark = ""
    if code == "OPL":
        states = lugares.estados(name)
        plain = (s for alias, s in lugares.plain_states(todos=True).items() if re.search(rf"\b{alias}\b", name))
        mark = states[0].etiqueta if states else next(plain, "") or load("sinonimos")["institutos"].get(entry, "")
        mark = fold(mark)
    elif code == "PARTIDOS":
        mark = "" if entry == "partidos políticos" else entry
    elif code in ("SEDENA", "SEMAR", "C5"):
        mark = "".join(re.findall(r"\d+", name)) or _ordinal(name)
    return f"@{code}/{group}#{mark}"


_ORDINAL = re.compile(r"[ivx]+|(?:\w+)?(?:decim|gesim|cuart|quint|sext|septim|octav|noven|tercer|primer|segund)\w*")


def _ordinal(name: str) -> str:
    word = next((word for word in name.split() if _ORDINAL.fullmatch(word)), "")
    return str(load("sinonimos")["ordinales"].get(word[:-1] if word[-1:] in ("a", "o") else word, word))


_ARTICLES = frozenset({"la", "el", "los", "las"})
_AGENT = re.compile(
    r"(?:por(?: parte de| conducto de| (?:los |las )?(?:elementos|personal|efectivos|agentes|integrantes|miembros|oficiales) (?:de|del))?"
    r"|a cargo de|responsabilidad de|bajo)$"
)


def _roles(named: list[_Pieza], words: list[tuple[str, int, int]]) -> list[_Pieza]:
    """Give each institution its role by the words before it."""
    found: list[_Pieza] = []
    for piece in named:
        before = [w for w, _, end in words if end <= piece.inicio][-5:]
        first = next((w for w, start, _ in words if start == piece.inicio), "")
        while before and (before[-1] in _ARTICLES or (before[-1] == "y" and before[-2:-1] and before[-2] in _ARTICLES)):
            before.pop()
        if found and _AGENT.search(" ".join(before)):  # "A will be summoned by B": A does nothing
            found = [replace(p, papel="") if p.papel == "s" and not p.agente else p for p in found]
        agent = bool(_AGENT.search(" ".join(before)))
        found.append(replace(piece, papel=_role(before, first, found), agente=agent))
    return found


def _role(before: list[str], first: str, found: list[_Pieza]) -> str:
    left = " ".join(before)
    if before and before[-1] == "del":
        left = left[:-1]
    if first == "al" or (before and before[-1] in ("a", "al", "ante")):
        return "a"
    if _AGENT.search(left):
        return "s"
    if before and before[-1] in ("y", "e", "o", "u"):
        return found[-1].papel if found else ""
    if not before or before[-1] in ("que",):
        return "s"
    return ""


def _join_phrases(pieces: list[_Pieza]) -> list[_Pieza]:
    """Write each run of words that is a phrase of the catalogue as one piece."""
    table, at = phrases(), 0
    joined: list[_Pieza] = []
    while at < len(pieces):
        size, key = next(
            (
                (len(keys), head)
                for keys, head in table.get(pieces[at].clave, ())
                if tuple(p.clave for p in pieces[at : at + len(keys)]) == keys
            ),
            (1, ""),
        )
        last = pieces[at + size - 1]
        joined.append(replace(pieces[at], clave=key, fin=last.fin) if key else pieces[at])
        at += size
    return joined


_BOARDS = {"@INE/junta_distrital#": "@INE/vocalia_distrital#", "@INE/junta_local#": "@INE/vocalia_local#"}


def _collapse(pieces: list[_Pieza]) -> list[_Pieza]:
    """Drop what repeats the piece before ("… (SSC)", "candidatas y candidatos") and the INE of a body of its own."""
    kept: list[_Pieza] = []
    for piece in pieces:
        last = kept[-1] if kept else None
        if last and piece.tipo == last.tipo and piece.inicio - last.fin < 9 and _absorbs(last, piece):
            continue
        board = _BOARDS.get(piece.clave) if last and last.clave == "@INE/vocalia#" else None
        if last and board and piece.inicio - last.fin < 12:  # "la Vocal Ejecutiva de la Junta Distrital" is one body
            kept[-1] = replace(last, clave=board, fin=piece.fin)
            continue
        kept.append(piece)
    return kept


def _absorbs(last: _Pieza, piece: _Pieza) -> bool:
    if piece.tipo == PALABRA:
        return last.clave == piece.clave
    if piece.tipo != INSTITUCION:
        return False
    return last.clave == piece.clave or (last.clave.startswith("@INE/") and piece.clave == "@INE/ine#")
