"""The rules of agency: each reads one group of institutions in its clause and says whether it acts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlp_acuerdos.finders._frase import Frase
from nlp_acuerdos.finders._gramatica import AUXILIARIES, CLITICS, PREPOSITIONS, RELATIVES, STOPS, SUBORDINATORS
from nlp_acuerdos.finders._grupos import Grupo
from nlp_acuerdos.finders._predicados import Predicados
from nlp_acuerdos.finders._verbos import is_infinitive, is_participle, word_set, word_set_codes
from nlp_acuerdos.records import Evidencia

_BY_WAY = ("conducto", "parte", "medio", "traves", "cargo", "cuenta", "intermedio")
_LIMIT = 60


@dataclass(frozen=True, slots=True)
class Hallazgo:
    """Mentions that act, and the rule that says so."""

    menciones: tuple[Evidencia, ...]
    regla: str


class Lector(Predicados):
    """Apply the rules to one text."""

    def __init__(self, frase: Frase, actores: Sequence[Evidencia]) -> None:
        super().__init__(frase, actores)
        self._taken: set[int] = set()
        self._ends = {a: b for a, b in self.spans}

    def read(self) -> Iterator[Hallazgo]:
        """Yield what each group does, then who is the elided subject."""
        for group in self.grupos:
            rule = self._rule(group)
            if rule:
                yield Hallazgo(tuple(self._agents(group, rule)), rule)
        yield from self._elided()

    def _agents(self, group: Grupo, rule: str) -> list[Evidencia]:
        """Return the members of the group the rule speaks of."""
        if rule == "nominal-custodia":
            return [m for m in group.menciones if m.etiqueta in word_set_codes("fuerzas")]
        return group.menciones

    def _rule(self, group: Grupo) -> str:
        """Return the rule by which a group acts, or an empty string."""
        prep = group.preposicion
        if prep in {"de", "del"}:
            return self._by_way(group) or self._nominal(group) or self._who(group)
        if prep == "por":
            return self._passive(group)
        if prep == "entre":
            return self._reciprocal(group)
        if prep in {"a", "al", "en"}:
            return self._entrusted(group) or self._who(group)
        if prep:
            return self._who(group)
        return self._heading(group) or self._active(group)

    # -- governed groups -------------------------------------------------------------------------------------------

    def _by_way(self, group: Grupo) -> str:
        """Read "por conducto de", "a cargo de", "por parte de", "a través de"."""
        noun, before = self.word(group.inicio - 2), self.word(group.inicio - 3)
        if noun not in _BY_WAY or before not in {"por", "a", "al"}:
            return ""
        if noun in {"traves", "medio", "intermedio"} and {m.etiqueta for m in group.menciones} <= {
            "C5",
            "MESA",
            "PARTIDOS",
        }:
            return ""
        asker = self.finite(group.inicio - 4) is not None
        if noun == "parte" and not asker and (self._requested(group.inicio - 3) or self._background(group.inicio - 3)):
            return ""
        return {"cargo": "a-cargo-de", "parte": "por-parte-de", "cuenta": "a-cargo-de"}.get(noun, "por-conducto")

    def _nominal(self, group: Grupo) -> str:
        """Read "apoyo de X", "patrullaje de elementos de X", "compromiso de X"."""
        codes = {m.etiqueta for m in group.menciones}
        place = self._agent_noun(group.inicio - 1)
        if place is None or self._requested(place) or self._attendance(place):
            return ""
        noun = self.words[place]
        if (noun, self.word(place - 1)) in {("disposicion", "a"), ("operativo", "plan"), ("operativos", "planes")}:
            return ""
        if noun in word_set("nombres", "agentes"):
            return "" if self.word(place - 1) == "sin" else "nominal-de"
        if noun in word_set("nombres", "responsabilidades"):
            ours = self.word(place - 1) in AUXILIARIES or "bajo" in self.words[max(0, place - 2) : place]
            return "responsabilidad-de" if ours else ""
        if noun in word_set("nombres", "docencia"):
            trained = all(m.regla.endswith("SE y CAE") for m in group.menciones)
            return "nominal-de" if codes <= word_set_codes("docentes") and not trained else ""
        return "nominal-custodia" if codes & word_set_codes("fuerzas") else ""

    def _agent_noun(self, i: int) -> int | None:
        """Return the place of the agent noun before the preposition at token `i` (adjectives may stand between)."""
        nouns = ("agentes", "custodias", "docencia", "responsabilidades")
        for j in range(i - 1, max(-1, i - 4), -1):
            word = self.words[j]
            if any(word in word_set("nombres", name) for name in nouns) and j not in self._inside:
                return j
            if not word.isalpha() or self.finite(j) or word in PREPOSITIONS - {"a"} or j in self._inside:
                return None
            if word in word_set("nombres", "metonimias") or word in {"que", "se"}:
                return None
        return None

    def _passive(self, group: Grupo) -> str:
        """Read "será custodiada por X", "custodiada por X", "resguardo por X", "se brindará por X"."""
        opens = group.inicio == 1 or self.word(group.inicio - 2) in STOPS
        if opens and self.finite(group.fin) and not self._idle(group.fin):
            return "en-representacion"
        for j in range(group.inicio - 2, max(-1, group.inicio - 22), -1):
            word = self.words[j]
            if word in STOPS:
                return ""
            if is_participle(word) and j not in self._inside:
                return self._participle(j)
            if self.finite(j):
                return "pasiva-refleja" if self.word(j - 1) == "se" and not self._relative(j) else ""
            if self._is_deed(j, group.inicio):
                return "" if self._requested(j) else "nominal-por"
        return ""

    def _is_deed(self, j: int, start: int) -> bool:
        """Tell whether token `j` is a noun of action that "por X", at `start`, may close ("envío por el INE")."""
        word = self.words[j]
        if any(word in word_set("nombres", name) for name in ("custodias", "agentes", "docencia")):
            return True
        return j == start - 2 and (word.endswith(("cion", "miento")) or word in word_set("nombres", "acciones"))

    def _participle(self, j: int) -> str:
        """Decide on a participle with "por X": main passive, service, or background."""
        k = j - 1
        while self.word(k) in {"y", ",", "o"} or is_participle(self.word(k)) or self.word(k).endswith("mente"):
            if self.word(k) in AUXILIARIES:
                break
            k -= 1
        if self.word(k) in AUXILIARIES:
            conditional = self.word(k) == "ser" and self.word(k - 1) in {"de", "al"}
            background = conditional or self._relative(k) or self.word(k) in {"es", "son"}
            return "" if background and not self._serves(self.words[j]) else "pasiva-por"
        return "custodiada-por" if self._serves(self.words[j]) else ""

    def _reciprocal(self, group: Grupo) -> str:
        """Read "reunión entre A, B y C"."""
        return "reciproco" if len({(m.inicio, m.fin) for m in group.menciones}) > 1 else ""

    def _entrusted(self, group: Grupo) -> str:
        """Read "corresponde a X", "se encomendó a X"."""
        for j in range(group.inicio - 2, max(-1, group.inicio - 4), -1):
            verb = self.verb(j)
            if verb is not None:
                return "encomienda" if verb.infinitivo in word_set("clases", "encomiendas") else ""
        return ""

    def _who(self, group: Grupo) -> str:
        """Read "con X, quien hará" (the relative that goes on with the deed)."""
        j = group.fin
        if self.word(j) in {",", ")"}:
            j += 1
        if self.word(j) in {"quien", "quienes"} or (self.word(j) in {"cual", "cuales"} and self.word(j - 2) == ","):
            j += 1
            while self.word(j) in CLITICS:
                j += 1
            verb = self.finite(j)
            if verb is not None and verb.tiempo in {"futuro", "condicional", "preterito"} and not self._idle(j):
                return "quien-hara"
        return ""

    # -- ungoverned groups -----------------------------------------------------------------------------------------

    def _heading(self, group: Grupo) -> str:
        """Read "INE: remitir el listado" at the start of a sentence."""
        first = group.inicio == 0 or self.words[group.inicio - 1] == "."
        named = first and self.word(group.fin) == ":"
        return "encabezado" if named and is_infinitive(self.word(group.fin + 1)) else ""

    def _active(self, group: Grupo) -> str:
        """Read an ungoverned group as subject of the verb after it or before it."""
        before = self.word(group.inicio - 1)
        previous = self.verb(group.inicio - 1)
        if previous is not None and previous.tiempo in {"infinitivo", "gerundio"}:
            return self._periphrasis(group)
        if before in SUBORDINATORS or (before == "como" and self.word(group.inicio - 2) not in {"asi", "tanto"}):
            return ""
        if before == "que" and not self._content_clause(group.inicio - 1):
            return ""
        if self.finite(group.inicio - 1) and before not in {",", "que"}:
            return self._postverbal(group, group.inicio - 1)
        return self._preverbal(group) or self._distant(group)

    def _periphrasis(self, group: Grupo) -> str:
        """Read "deberá asistir la SSP": the subject after an infinitive that a finite verb governs."""
        j = group.inicio - 2
        while self.word(j) in {"que", "de", "a"}:
            j -= 1
        verb = self.finite(j)
        if verb is None or verb.infinitivo not in {"deber", "poder", "haber", "tener", "ir"}:
            return ""
        main = self.verb(group.inicio - 1)
        blocked = word_set("clases", "objetos") | word_set("clases", "receptores")
        if self.word(j - 1) == "se" or main is None or main.infinitivo in blocked or verb.infinitivo == "poder":
            return ""
        return "sujeto-pospuesto"

    def _preverbal(self, group: Grupo) -> str:
        """Find the verb whose subject the group is; go on past asking verbs to a coordinated one."""
        j, crossed, excluded = group.fin, False, False
        while j < min(len(self.words), group.fin + _LIMIT):
            word = self.words[j]
            if word in STOPS:
                return ""
            if word in {"y", "e", ","}:
                crossed = crossed or word != ","
                if excluded and not self._opens_clause(j + 1):
                    j += 1
                    continue
            if word in RELATIVES and not (word == "como" and self.word(j - 1) in {"asi", "tanto"}):
                if word in {"quien", "quienes"} and j <= group.fin + 1 and not self._idle(self._verb_after(j)):
                    return "quien-hara"
                j = self._verb_after(j) + 1
                continue
            if self.finite(j) and j not in self._taken:
                impersonal = self.word(j - 1) == "se" or self.word(j - 2) == "se"
                if impersonal and not self._pronominal(j, crossed or excluded):
                    return ""
                if excluded and not self._coordinated_verb(j):
                    j += 1
                    continue
                self._taken.add(j)
                if not self._idle(j):
                    return "sujeto-activo"
                excluded = True
            j += 1
        return ""

    def _postverbal(self, group: Grupo, j: int) -> str:
        """Read "participará la GN", "se compromete la JLE"."""
        verb = self.finite(j)
        if verb is not None and verb.infinitivo == "ser" and self._is_the_one(group.fin):
            return "sujeto-pospuesto"
        if verb is None or j in self._taken or self._idle_after(j):
            return ""
        if self.word(j - 1) == "se" and verb.infinitivo not in word_set("clases", "pronominales") - {
            "hacer",
            "integrar",
        }:
            return ""
        if verb.infinitivo in word_set("clases", "objetos"):
            return ""
        if self._relative(j):
            serves = verb.infinitivo in word_set("clases", "servicios") and verb.tiempo in {"futuro", "condicional"}
            guards = any(m.etiqueta in word_set_codes("fuerzas") for m in group.menciones)
            attends = verb.infinitivo in word_set("clases", "asistentes") and self._held_in(j)
            return "relativa-de-servicio" if (serves and guards) or attends else ""
        self._taken.add(j)
        return "sujeto-pospuesto"

    def _held_in(self, j: int) -> bool:
        """Tell whether "en los que" stands before the verb at token `j`."""
        relative = self.words[max(0, j - 3) : j]
        return len(relative) == 3 and relative[0] == "en" and relative[2] in {"que", "cual", "cuales"}

    def _distant(self, group: Grupo) -> str:
        """Read "brindará seguridad la GN": the subject closes the clause, other words after the verb."""
        if self.word(group.inicio) not in {"el", "la", "los", "las"} and self.word(group.inicio - 1).isalnum() is False:
            return ""
        before = self.word(group.inicio - 1)
        if before in {",", "y", "e", "(", "", "que"} or before in STOPS:
            return ""
        for j in range(group.inicio - 2, max(-1, group.inicio - 14), -1):
            word = self.words[j]
            if word in STOPS or word in {",", "que"}:
                return ""
            verb = self.finite(j)
            if verb is not None:
                presence = verb.infinitivo == "estar" and self.word(j + 1) in word_set("clases", "activos")
                return "sujeto-pospuesto" if presence else self._postverbal(group, j)
        return ""

    # -- elided subject --------------------------------------------------------------------------------------------

    def _elided(self) -> Iterator[Hallazgo]:
        """Yield the institution spoken with, when the next clause of the sentence says what it will do."""
        for j in range(len(self.words)):
            verb = self.finite(j)
            if verb is None or j in self._taken or verb.tiempo not in {"futuro", "preterito", "condicional"}:
                continue
            if verb.infinitivo in word_set("clases", "eventos") or self._idle(j) or not self._bare(j):
                continue
            group = self._interlocutor(j)
            if group is not None:
                yield Hallazgo(tuple(group.menciones), "sujeto-eliptico")

    def _interlocutor(self, j: int) -> Grupo | None:
        """Return the last group before token `j` in its sentence that the impersonal clause spoke with."""
        start = self.sentence_start(j)
        before = [g for g in self.grupos if start <= g.inicio and g.fin <= j]
        if not before or before[-1].preposicion not in {"con", "a", "al", "ante"}:
            return None
        opening = [k for k in range(start, before[-1].inicio) if self.finite(k)]
        impersonal = bool(opening) and all(self.word(k - 1) == "se" for k in opening)
        return before[-1] if impersonal else None
