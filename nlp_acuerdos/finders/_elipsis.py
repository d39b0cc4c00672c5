"""Subjects that stand apart from their verb: fronted objects, gapping, pronouns and clauses without a verb."""

from __future__ import annotations

from nlp_acuerdos.finders._gramatica import CLITICS, DETERMINERS, STOPS
from nlp_acuerdos.finders._grupos import Grupo
from nlp_acuerdos.finders._predicados import Predicados
from nlp_acuerdos.finders._verbos import is_infinitive, word_set, word_set_codes

_OBJECTS = frozenset({"lo", "la", "los", "las"})
_PRONOUNS = frozenset({"este", "esta", "estos", "estas", "aquel", "aquella", "aquellos"})
_JOINTS = frozenset({"y", "e", ",", ";", ":", ".", ""})
_REACH = 16
_NO_DEEDS = frozenset({"conocer", "tener", "necesitar", "requerir", "haber", "agradecer"})


class Elipsis(Predicados):
    """A clause whose missing verbs and pronouns can be filled from what stands around them."""

    def _fronted(self, group: Grupo) -> str:
        """Read "las rutas las define X", "la repondrá, de pedirlo el partido, X": the object is before the verb."""
        for j in range(group.inicio - 1, max(-1, group.inicio - _REACH), -1):
            if self.words[j] in STOPS:
                return ""
            if any(g is not group and g.inicio <= j < g.fin and not g.preposicion for g in self.grupos):
                return ""
            if self._has_object(j):
                undergone = self.verb(j).infinitivo in _NO_DEEDS  # type: ignore[union-attr]
                free = not self._relative(j) and self._agrees(group, j)
                return "objeto-antepuesto" if free and not undergone and self.word(j - 2) != "no" else ""
            if self.finite(j):
                return ""
        return ""

    def _has_object(self, j: int) -> bool:
        """Tell whether token `j` is a finite verb with its object as a pronoun before it."""
        return self.word(j - 1) in _OBJECTS and self.finite(j) is not None and self.word(j - 2) != "que"

    def _agrees(self, group: Grupo, j: int) -> bool:
        """Tell whether the verb at `j` can have the group as its subject by number."""
        return not self.words[j].endswith("n") or self._plural(group)

    def _plural(self, group: Grupo) -> bool:
        """Tell whether a group is several institutions or a plural noun phrase."""
        places = {(m.inicio, m.fin) for m in group.menciones}
        first = self.word(group.inicio)
        return len(places) > 1 or first in {"los", "las", "ambas", "ambos"} or first.isdigit() or first.endswith("s")

    def _gapped(self, group: Grupo) -> str:
        """Read "…; la SSP, la bodega", "…; los matutinos, la GN" and "cerco, SSPE; ambulancias, el municipio"."""
        start, end = self._segment(group)
        if any(self.finite(k) or is_infinitive(self.word(k)) for k in range(start, end) if k not in self._inside):
            return ""
        after = self.word(group.fin) == "," and self._starts_phrase(group.fin + 1)
        after = after or self.word(group.fin) in word_set("nombres", "lugares") or self.word(group.fin) == "al"
        first = group.inicio == start and after
        last = group.fin == end and self.word(group.inicio - 1) == "," and group.inicio - 1 > start
        if not (first or last):
            return ""
        if self._listed(start, end) or (self._parts_without_verb(start)):
            return "lista-sin-verbo"
        return "verbo-elidido" if self._deed_before(start) else ""

    def _starts_phrase(self, i: int) -> bool:
        word = self.word(i)
        return bool(word) and word.isalnum() and (i not in self._inside or word in DETERMINERS)

    def _segment(self, group: Grupo) -> tuple[int, int]:
        """Return the tokens [start, end) between the marks, or the conjunction of clauses, around a group."""
        start = group.inicio
        while start > 0 and self.words[start - 1] not in STOPS:
            if start == group.inicio and self.words[start - 1] in {"y", "e"}:
                break
            start -= 1
        end = group.fin
        while end < len(self.words) and self.words[end] not in STOPS:
            end += 1
        while end - group.fin > 1 and self.words[end - 1] == ",":
            end -= 1
        return start, end

    def _listed(self, start: int, end: int) -> bool:
        """Tell whether the segment is one of several after a colon, none with a verb."""
        colon = next((k for k in range(start - 1, -1, -1) if self.words[k] in {":", "."}), None)
        if colon is None or self.words[colon] != ":":
            return False
        stop = next((k for k in range(end, len(self.words)) if self.words[k] == "."), len(self.words))
        if any(self.finite(k) for k in range(colon + 1, stop)):
            return False
        return ";" in self.words[colon + 1 : stop]

    def _parts_without_verb(self, start: int) -> bool:
        """Tell whether token `start` is in a sentence of several parts and no verb ("charla; expositor, el vocal")."""
        opening = self.sentence_start(start)
        end = next((k for k in range(start, len(self.words)) if self.words[k] == "."), len(self.words))
        return ";" in self.words[opening:end] and not any(self.finite(k) for k in range(opening, end))

    def _deed_before(self, start: int) -> bool:
        """Tell whether the sentence has, before token `start`, a verb of doing whose subject a phrase may share."""
        opening = self.sentence_start(start)
        verbs = [k for k in range(opening, start) if self.finite(k) and not self._relative(k)]
        return any(not self._idle(k) for k in verbs[-2:])

    def _pronoun(self, group: Grupo) -> str:
        """Read "avisará al C4; éste mandará…": a pronoun that takes up the group does what comes next."""
        after = [g.inicio for g in self.grupos if g.inicio >= group.fin]
        limit = min(after, default=len(self.words))
        for j in range(group.fin, min(limit, len(self.words))):
            if self.words[j] == ".":
                return ""
            if self.words[j] in _PRONOUNS and self.word(j - 1) in {";", ",", "y", "e"}:
                verb = self._own_verb(j + 1)
                return "" if verb is None or self._idle(verb) else "pronombre"
        return ""

    def _own_verb(self, j: int) -> int | None:
        """Return the verb of a subject that ends before token `j`, a parenthesis between commas aside."""
        while self.word(j) in CLITICS:
            j += 1
        if self.word(j) == ",":
            close = next((k for k in range(j + 1, min(len(self.words), j + 12)) if self.words[k] == ","), None)
            if close is None:
                return None
            j = close + 1
            while self.word(j) in CLITICS:
                j += 1
        return j if self.finite(j) else None

    def _verbless(self, group: Grupo) -> str:
        """Read "PERNOCTA: ELEMENTOS DE LA GN ADENTRO", "Helicópteros de la Sedena para…": forces at hand, no verb."""
        if self._closes_row(group):
            return "lista-sin-verbo"
        opens = self.word(group.inicio - 1) in {":", ".", ""}
        if not opens or not {m.etiqueta for m in group.menciones} & word_set_codes("fuerzas"):
            return ""
        if self.word(group.inicio - 1) != ":" and not (group.interna and self.words[group.inicio] != "el"):
            return ""
        end = next((k for k in range(group.fin, len(self.words)) if self.words[k] in STOPS), len(self.words))
        verbs = (k for k in range(group.fin, end) if k not in self._inside)
        if any(
            (self.finite(k) and not self._relative(k)) or is_infinitive(self.words[k])
            for k in verbs
            if self.word(k - 1) != "para"
        ):
            return ""
        return "lista-sin-verbo" if end > group.fin and self.word(group.fin) not in {",", "y", "e"} else ""

    def _closes_row(self, group: Grupo) -> bool:
        """Tell whether the group ends, or stands with its post in, a row with no verb ("rondines: Ejército y GN")."""
        start = self.sentence_start(group.inicio)
        end = next((k for k in range(group.fin, len(self.words)) if self.words[k] == "."), len(self.words))
        if self.word(group.inicio - 1) not in {":", ","} or group.inicio - 1 <= start:
            return False
        posted = (
            self.word(group.fin) in {"en"} | word_set("nombres", "lugares") and ":" in self.words[start : group.inicio]
        )
        if group.fin != end and self.word(group.fin) not in STOPS and not posted:
            return False
        verbs = (k for k in range(start, end) if k not in self._inside)
        return not any(
            (self.finite(k) and not self._relative(k)) or is_infinitive(self.words[k]) for k in verbs
        ) and not word_set("nombres", "encuentros") & set(self.words[start : group.inicio])

    def _shared_noun(self, group: Grupo) -> str:
        """Read "escolta de la GN de día; de la Policía, de noche": the noun before a comma is shared."""
        if self.word(group.inicio - 2) not in {",", ";"}:
            return ""
        start, end = self._segment(group)
        if any(self.finite(k) for k in range(start, end)):
            return ""
        opening = self.sentence_start(group.inicio)
        for other in self.grupos:
            if opening <= other.inicio and other.fin <= group.inicio - 2 and self._governed(other):
                return "nombre-compartido"
        return ""

    def _governed(self, group: Grupo) -> str:
        """Return the rule by which a group after "de" acts (filled in by the reader)."""
        raise NotImplementedError

    def _opening_noun(self, group: Grupo) -> str:
        """Read "Tres patrullas de la GN irán", "Informe de la SSP sobre…": the noun that opens the clause is theirs."""
        start = group.inicio - 2
        while start >= 0 and self.words[start] not in STOPS | {"que", ",", "y"} and group.inicio - start < 6:
            if self.finite(start) or start in self._inside:
                return ""
            start -= 1
        opens = start < 0 or self.words[start] in STOPS | {"que", ",", "y"}
        if not opens or not {m.etiqueta for m in group.menciones} & word_set_codes("fuerzas"):
            return ""
        if start < 0 and self.words[0] in word_set("nombres", "escritos"):
            return "" if any(self.finite(k) for k in range(len(self.words))) else "lista-sin-verbo"
        j = group.fin
        while self.word(j) in CLITICS:
            j += 1
        verb = self.finite(j)
        if verb is None or self._idle(j) or verb.infinitivo in {"ser", "estar", "quedar", "haber"}:
            return ""
        return "nucleo-del-sujeto" if self.word(j - 1) not in {"se", "no"} else ""

    def _among(self, group: Grupo) -> str:
        """Read "reunión entre la dirección del penal, el INE y el IEEG": "entre" stands before one who has no code."""
        for j in range(group.inicio - 1, max(-1, group.inicio - 12), -1):
            word = self.words[j]
            if word == "entre":
                return "reciproco" if self.word(j - 1) in word_set("nombres", "reciprocos") else ""
            if word in STOPS or self.finite(j) or word in {"que", "con", "para"}:
                return ""
        return ""
