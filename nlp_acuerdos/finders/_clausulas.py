"""The rules of agency: each reads one group of institutions in its clause and says whether it acts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlp_acuerdos.finders._frase import Frase
from nlp_acuerdos.finders._gramatica import (
    CLITICS,
    DETERMINERS,
    RELATIVES,
    STOPS,
    SUBORDINATORS,
)
from nlp_acuerdos.finders._grupos import Grupo
from nlp_acuerdos.finders._regidos import Regidos
from nlp_acuerdos.finders._verbos import is_infinitive, word_set, word_set_codes
from nlp_acuerdos.records import Evidencia

_LIMIT = 60
_SPOKEN_WITH = frozenset({"con", "a", "al", "ante"})


@dataclass(frozen=True, slots=True)
class Hallazgo:
    """Mentions that act, and the rule that says so."""

    menciones: tuple[Evidencia, ...]
    regla: str


class Lector(Regidos):
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
        return self._own_rule(group) or self._pronoun(group)

    def _own_rule(self, group: Grupo) -> str:
        """Return the rule by which a group acts where it stands."""
        prep = group.preposicion
        if prep in {"de", "del"}:
            return self._governed(group) or self._shared_noun(group) or self._opening_noun(group) or self._who(group)
        if prep == "por":
            return self._passive(group)
        if prep == "entre":
            return self._reciprocal(group)
        if prep in {"a", "al", "en"}:
            return self._entrusted(group) or self._who(group)
        if prep:
            return self._who(group)
        if self.word(group.inicio - 1) in {"ni", "ningun", "ninguna", "tampoco"}:
            return ""
        return (
            self._heading(group)
            or self._fronted(group)
            or self._active(group)
            or self._gapped(group)
            or self._verbless(group)
            or self._among(group)
        )

    # -- ungoverned groups -----------------------------------------------------------------------------------------

    def _heading(self, group: Grupo) -> str:
        """Read "INE: remitir el listado" at the start of a sentence."""
        first = group.inicio == 0 or self.words[group.inicio - 1] == "."
        if not first or self.word(group.fin) != ":":
            return ""
        end = next((k for k in range(group.fin, len(self.words)) if self.words[k] == "."), len(self.words))
        verbless = not any(self.finite(k) and not self._relative(k) for k in range(group.fin, end))
        does = is_infinitive(self.word(group.fin + 1)) or self.finite(group.fin + 1) is not None
        return "encabezado" if does or verbless else ""

    def _active(self, group: Grupo) -> str:
        """Read an ungoverned group as subject of the verb after it or before it."""
        before = self.word(group.inicio - 1)
        previous = self.verb(group.inicio - 1)
        if previous is not None and previous.tiempo in {"infinitivo", "gerundio"}:
            return self._periphrasis(group)
        if before in SUBORDINATORS or (before == "como" and self.word(group.inicio - 2) not in {"asi", "tanto"}):
            return ""
        if before == "que" and not self._content_clause(group.inicio - 1):
            return self._planned(group)
        if self.finite(group.inicio - 1) and before not in {",", "que"}:
            return self._postverbal(group, group.inicio - 1)
        return self._preverbal(group) or self._distant(group)

    def _planned(self, group: Grupo) -> str:
        """Read "una mesa en la que X y Y desahogarán": what a relative of place says will be done."""
        if self.word(group.inicio - 3) != "en":
            return ""
        verb = self.finite(group.fin)
        planned = verb is not None and verb.tiempo in {"futuro", "condicional"} and not self._idle(group.fin)
        return "relativa-de-servicio" if planned else ""

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
            if word == "si" and j == group.fin and self.finite(j + 1):
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
        if verb is not None and verb.infinitivo == "quedar" and self._bound(group.fin):
            return "sujeto-pospuesto"
        if verb is None or j in self._taken or self._idle_after(j) or self._denied(j):
            return ""
        if self.word(j - 1) == "se" and verb.infinitivo not in word_set("clases", "pronominales") - {
            "hacer",
            "integrar",
        }:
            return ""
        if verb.infinitivo in word_set("clases", "objetos") and not self._object_follows(group, j):
            return ""
        if self._relative(j):
            serves = verb.infinitivo in word_set("clases", "servicios") and verb.tiempo in {"futuro", "condicional"}
            guards = any(m.etiqueta in word_set_codes("fuerzas") for m in group.menciones)
            attends = verb.infinitivo in word_set("clases", "asistentes") and self._held_in(j)
            return "relativa-de-servicio" if (serves and guards) or attends else ""
        self._taken.add(j)
        return "sujeto-pospuesto"

    def _object_follows(self, group: Grupo, j: int) -> bool:
        """Tell whether the verb at `j` has its object besides the group: "instalará la FISEL un módulo"."""
        if self.word(j - 1) in CLITICS - {"tambien", "ademas", "asimismo", "ya"} or not self._agrees(group, j):
            return False
        after, verb = self.word(group.fin), self.finite(j)
        if j == group.inicio - 1:
            if verb is not None and verb.tiempo == "presente" and self.word(j - 1) in STOPS | {","}:
                return True
            return after in {
                "un",
                "una",
                "unos",
                "unas",
                "cuantos",
                "cuantas",
                "que",
                "a",
                "al",
                "su",
                "sus",
                "por",
            } or (after.isdigit() and self.word(group.fin - 1) != "distrital")
        return self.word(j + 1) in DETERMINERS and self.words[j].endswith("n")

    def _bound(self, i: int) -> bool:
        """Tell whether "de enviar" stands at token `i` ("queda la JDE 02 de enviar")."""
        return self.word(i) in {"de", "en"} and is_infinitive(self.word(i + 1))

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
                if verb.infinitivo == "hacer" and self.word(j + 1) == "cargo" and self.word(j - 1) == "se":
                    return "sujeto-pospuesto"
                if not self._agrees(group, j) and len(self.words[j]) > 4:
                    return ""
                presence = verb.infinitivo == "estar" and self.word(j + 1) in word_set("clases", "activos")
                return "sujeto-pospuesto" if presence else self._postverbal(group, j)
        return ""

    # -- elided subject --------------------------------------------------------------------------------------------

    def _elided(self) -> Iterator[Hallazgo]:
        """Yield the institution spoken with, when the next clause of the sentence says what it will do."""
        spoken = [g.fin for g in self.grupos if g.preposicion in _SPOKEN_WITH]
        for j in range(min(spoken, default=len(self.words)), len(self.words)):
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
        if not before or before[-1].preposicion not in _SPOKEN_WITH:
            return None
        opening = [k for k in range(start, before[-1].inicio) if self.finite(k)]
        impersonal = bool(opening) and all(self.word(k - 1) == "se" for k in opening)
        return before[-1] if impersonal else None
