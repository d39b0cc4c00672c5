"""Noun phrases around the institutions named: where they begin, what governs them, which are coordinated."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from nlp_acuerdos.finders._frase import Frase
from nlp_acuerdos.finders._gramatica import DETERMINERS, PREPOSITIONS, STOPS
from nlp_acuerdos.finders._verbos import FINITE, Verbo, read_verb, word_set
from nlp_acuerdos.records import Evidencia

_OBJECTS = frozenset({"lo", "la", "los", "las"})
_NEVER_AFTER_OBJECT = frozenset(
    {"esta", "este", "de", "para", "entre", "sobre", "fuera", "previo", "presente", "mesa", "reunion", "parte"}
)
_JOIN = re.compile(
    r"(?:(?:,|y|e|o|u|ni|/|\(|\)|asi como|junto con|junto a|conjuntamente con|en conjunto con|"
    r"de manera conjunta con|ademas de|en conjunto|como|tambien|y/o|incluyendo|incluidos?)(?: |$))+"
)


@dataclass(slots=True)
class Grupo:
    """Coordinated noun phrases that name institutions: tokens [inicio, fin) and the preposition before them."""

    inicio: int
    fin: int
    preposicion: str
    menciones: list[Evidencia] = field(default_factory=list)
    interna: str = ""


class Clausula:
    """The tokens of a text with its verbs and its groups of institutions."""

    def __init__(self, frase: Frase, actores: Sequence[Evidencia]) -> None:
        self.frase = frase
        self.words = frase.words
        self._verbs: dict[int, Verbo | None] = {}
        self._metonyms = word_set("nombres", "metonimias")
        self.spans = [self._tokens(actor) for actor in actores]
        self._inside = {i for a, b in self.spans for i in range(a, b)}
        self.grupos = self._part(self._join(actores))

    def _tokens(self, actor: Evidencia) -> tuple[int, int]:
        """Return the token span of a mention."""
        folded = self.frase.folded
        start = bisect_left(self.frase.starts, folded.position(actor.inicio))
        end = bisect_left(self.frase.starts, folded.position(actor.fin))
        return start, max(end, start + 1)

    def word(self, i: int) -> str:
        """Return token `i`, or an empty string outside the text."""
        return self.words[i] if 0 <= i < len(self.words) else ""

    def verb(self, i: int) -> Verbo | None:
        """Return the verb form at token `i`; names of institutions hold none."""
        if not 0 <= i < len(self.words) or i in self._inside:
            return None
        if i not in self._verbs:
            self._verbs[i] = self._read(i)
        return self._verbs[i]

    def _read(self, i: int) -> Verbo | None:
        """Read a verb, deciding by its neighbours when the form is a noun too."""
        word, original = self.words[i], self.frase.originals[i]
        verb = read_verb(word, original)
        if verb is None or verb.tiempo not in FINITE:
            return verb
        before = self.word(i - 1)
        if word in word_set("nombres", "ambiguas"):
            if before in _OBJECTS and word not in _NEVER_AFTER_OBJECT and self._takes_subject(i):
                return verb
            if word == "esta":
                return verb if original.lower() == "está" else None
            if word == "este":
                return verb if original.lower() == "esté" else None
            accented = original.lower()[-1] in "óáéí"
            follows = i - 1 in self._inside or before in {"se", "le", "les", "no", "que"}
            return verb if accented or (follows and self.word(i + 1) not in {"de", "del"}) else None
        if verb.tiempo in {"presente", "subjuntivo", "imperfecto"} and (
            before in DETERMINERS or before in PREPOSITIONS
        ):
            if before in _OBJECTS and self._takes_subject(i):
                return verb
            return verb if before in {"la", "lo", "los", "las"} and self.word(i - 2) in {"se", "no", "que"} else None
        return verb

    def _takes_subject(self, i: int) -> bool:
        """Tell whether a pronoun, the verb at `i` and its subject follow each other: "las rutas las define la JLE"."""
        before, after = self.word(i - 2), self.word(i + 1)
        if before in PREPOSITIONS or before in DETERMINERS or before in {"que", "y", "e"}:
            sure = self.word(i - 1) == "lo" or self.words[i] not in word_set("nombres", "ambiguas")
            return before in {"que", "y", "e"} and sure
        subject = i - 2
        while self.word(subject) in {"solo", "tambien", "ya", "si", "nada", "mas", "asi", "luego", "despues"}:
            subject -= 1
        return (
            subject in self._inside
            or after in {"el", "la", "los", "las"}
            or i + 1 in self._inside
            or self.word(i - 1) == "lo"
        )

    def finite(self, i: int) -> Verbo | None:
        """Return the finite verb at token `i`, if it is one."""
        verb = self.verb(i)
        return verb if verb is not None and verb.tiempo in FINITE else None

    def sentence_start(self, i: int) -> int:
        """Return the first token of the sentence that holds token `i` (full stops only)."""
        while i > 0 and self.words[i - 1] != ".":
            i -= 1
        return i

    def _head(self, start: int, previous_end: int) -> int:
        """Return where the noun phrase of a mention begins: articles, numbers and "personal de" before it."""
        i = start
        while True:
            plain = i
            i = self._skip_determiners(i)
            if i < plain and self.word(i - 1) not in {"de", "del"}:
                return i
            head = self._metonym_before(i, previous_end)
            if head is None:
                return i
            i = head

    def _skip_determiners(self, i: int) -> int:
        """Step back over articles, numbers and "las y los"."""
        article = False
        while i > 0:
            word = self.words[i - 1]
            if article and word[0].isdigit():
                return i
            article = article or word in _OBJECTS | {"el"}
            joined = word in {"y", "o", "/", ",", "e"} and 1 < i < len(self.words) and self._pairs(i - 2, i)
            if joined or word in DETERMINERS or word[0].isdigit():
                i -= 1
            elif word in {")"} and self.word(i - 3) == "(" and self.word(i - 2) in {"as", "os", "es", "a", "o", "s"}:
                i -= 3
            else:
                return i
        return i

    def _pairs(self, before: int, after: int) -> bool:
        """Tell whether a mark joins two articles or two numbers ("las y los", "09, 13 y 14")."""
        a, b = self.words[before], self.words[after]
        articles = {"el", "la", "los", "las"}
        return (a in articles and b in articles) or (a[0].isdigit() and b[0].isdigit())

    def _metonym_before(self, i: int, limit: int) -> int | None:
        """Return the place of the person or unit that stands for the institution ("el enlace de"), if any."""
        if i <= limit:
            return None
        if self.words[i - 1] in self._metonyms and i - 1 not in self._inside:
            return i - 1
        if self.words[i - 1] not in {"de", "del"}:
            return None
        if i - 2 in self._inside:
            return next(a for a, b in self.spans if a <= i - 2 < b)
        for j in range(i - 2, max(limit, i - 9) - 1, -1):
            word = self.words[j]
            if word in self._metonyms:
                return j
            if (
                not word.isalpha()
                or (word in PREPOSITIONS - {"de", "del", "en"})
                or self.finite(j)
                or j in self._inside
            ):
                return None
            if word in word_set("nombres", "agentes") | word_set("nombres", "custodias") and word != "seguridad":
                return None
        return None

    def _join(self, actores: Sequence[Evidencia]) -> list[Grupo]:
        """Gather the mentions into groups, left to right."""
        groups: list[Grupo] = []
        for actor, (start, end) in zip(actores, self.spans, strict=True):
            last = groups[-1] if groups else None
            if last is not None and start < last.fin:
                last.menciones.append(actor)
                continue
            head = self._head(start, 0)
            if last is not None and head < last.fin:
                last.menciones.append(actor)
                last.fin = end
                continue
            preposition = self.word(head - 1) if self.word(head - 1) in PREPOSITIONS else ""
            if last is not None and self._coordinated(last, head, preposition):
                last.menciones.append(actor)
                last.fin = end
            else:
                inner = self.word(self._skip_determiners(start) - 1)
                groups.append(Grupo(head, end, preposition, [actor], inner if head < start else ""))
        return groups

    def _part(self, groups: list[Grupo]) -> list[Grupo]:
        """Part two phrases that a comma alone joins: the second begins a clause ("con la GN, la SSP hará")."""
        parted: list[Grupo] = []
        for group in groups:
            first, second = group.menciones[0], group.menciones[-1]
            a, b = self._tokens(first)[1], self._head(self._tokens(second)[0], 0)
            cut = self._new_subject(group)
            if cut:
                parted.extend(cut)
            elif len(group.menciones) == 2 and self.words[a:b] == [","] and self.words[b] in {"el", "la", "los", "las"}:
                parted.append(Grupo(group.inicio, a, group.preposicion, [first], group.interna))
                parted.append(Grupo(b, group.fin, "", [second]))
            else:
                parted.append(group)
        return parted

    def _new_subject(self, group: Grupo) -> list[Grupo]:
        """Part the last phrase of a governed group when it is the subject of the verb after it ("de X, y la Y irá")."""
        last = group.menciones[-1]
        start, end = self._tokens(last)
        kept = [m for m in group.menciones if self._tokens(m)[1] <= start]
        head = self._head(start, kept and self._tokens(kept[-1])[1] or 0)
        opens = self.words[head] in DETERMINERS or self.words[head] in self._metonyms
        if not kept or group.preposicion in {"", "entre"} or not (opens or self.word(head - 1) == ","):
            return []
        if (
            self.word(head - 1) != ","
            and self.words[head] not in {"el", "la", "los", "las"}
            and not (self.word(head - 1) in {"y", "e"} and self._verb_before(group.inicio))
        ):
            return []
        verb = end
        while self.word(verb) in {"no", "lo", "la", "los", "las", "le", "les", "tambien", "si"}:
            verb += 1
        found = self.finite(verb)
        if found is None or found.infinitivo in {"ser", "estar", "quedar", "haber"}:
            return []
        members = [m for m in group.menciones if m not in kept]
        return [
            Grupo(group.inicio, self._tokens(kept[-1])[1], group.preposicion, kept, group.interna),
            Grupo(head, end, "", members),
        ]

    def _verb_before(self, i: int) -> bool:
        """Tell whether the sentence has a finite verb before token `i`."""
        return any(self.finite(k) for k in range(self.sentence_start(i), i))

    def _coordinated(self, last: Grupo, head: int, preposition: str) -> bool:
        """Tell whether the phrase that begins at `head` goes on with the group `last`."""
        between = self.words[last.fin : head - 1 if preposition else head]
        if not between and not preposition:
            return last.menciones[-1].texto.isupper() or self.word(head) == "("
        text = " ".join(between)
        if preposition and preposition != last.preposicion:
            if preposition == "con":
                text = f"{text} {preposition}"
            elif not self._same_preposition(last, preposition):
                return False
        if _JOIN.fullmatch(text):
            return True
        if preposition:
            return False
        return self._list_goes_on(last, head, between)

    @staticmethod
    def _same_preposition(last: Grupo, preposition: str) -> bool:
        """Tell whether two coordinated phrases have one preposition ("del INE y de la GN", "enlace de X y de Y")."""
        pairs = ({"de", "del"}, {"a", "al"})
        return any(preposition in pair and (last.preposicion in pair or last.interna in pair) for pair in pairs)

    def _list_goes_on(self, last: Grupo, head: int, between: list[str]) -> bool:
        """Tell whether what lies between is a place or another member of the same list that names nobody."""
        if len(between) > 12 or not between or between[-1] not in {",", "y", "e", "(", "con", "como", "o"}:
            return False
        bad = STOPS | {"que", "se", "para", "quien", "a", "al", "con", "por", "no"}
        if between[-1] == "con":
            bad = bad - {"con"}
            if between[-2:-1] not in (["junto"], ["conjuntamente"]):
                return False
        return not any(
            w in bad or self.verb(last.fin + k) is not None and self.finite(last.fin + k) for k, w in enumerate(between)
        )
