"""The rules of agency of groups under a preposition: by way of, noun of action, passive, entrusted, "quien"."""

from __future__ import annotations

from nlp_acuerdos.finders._elipsis import Elipsis
from nlp_acuerdos.finders._gramatica import AUXILIARIES, CLITICS, PREPOSITIONS, STOPS
from nlp_acuerdos.finders._grupos import Grupo
from nlp_acuerdos.finders._verbos import is_infinitive, is_participle, word_set, word_set_codes

_BY_WAY = ("conducto", "parte", "medio", "traves", "cargo", "cuenta", "intermedio")
_HANDED = frozenset(
    {
        ("al", "cuidado"),
        ("bajo", "cuidado"),
        ("de", "manos"),
        ("al", "mando"),
        ("en", "manos"),
        ("de", "parte"),
        ("bajo", "custodia"),
        ("bajo", "resguardo"),
        ("bajo", "vigilancia"),
    }
)


class Regidos(Elipsis):
    """Apply the rules to groups that a preposition governs."""

    def _governed(self, group: Grupo) -> str:
        """Read a group after "de": "por conducto de X", "apoyo de X"."""
        return self._by_way(group) or self._nominal(group)

    def _by_way(self, group: Grupo) -> str:
        """Read "por conducto de", "a cargo de", "por parte de", "a través de"."""
        noun, before = self.word(group.inicio - 2), self.word(group.inicio - 3)
        if (before, noun) in _HANDED:
            return "a-cargo-de"
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
        if self._asks_by_name(group):
            return "peticion-de"
        place = self._agent_noun(group.inicio - 1)
        if place is None or self._requested(place) or self._attendance(place):
            return ""
        noun = self.words[place]
        if {"falta", "innecesaria", "innecesario", "cancela", "cancelar", "cancelo"} & set(
            self.words[max(0, place - 3) : place]
        ):
            return ""
        if self.words[group.inicio - 2].startswith("conjunt") and noun not in {"rueda", "conferencia", "prensa"}:
            return "nominal-de"
        if (noun, self.word(place - 1)) in {("disposicion", "a"), ("operativo", "plan"), ("operativos", "planes")}:
            return ""
        if noun in word_set("nombres", "agentes"):
            return "" if self.word(place - 1) == "sin" else "nominal-de"
        if noun in word_set("nombres", "responsabilidades"):
            ours = self.word(place - 1) in AUXILIARIES or "bajo" in self.words[max(0, place - 2) : place]
            return "responsabilidad-de" if ours else ""
        if noun in word_set("nombres", "docencia"):
            trained = all(m.regla.endswith("SE y CAE") for m in group.menciones)
            given = self.word(group.fin) in {"sobre", "para", "acerca", "a", "al"}
            return "nominal-de" if (given or codes <= word_set_codes("docentes")) and not trained else ""
        walked = group.interna and noun in {"recorrido", "recorridos", "visita"}
        if walked:
            return "nominal-de"
        return "nominal-custodia" if codes & word_set_codes("fuerzas") else ""

    def _asks_by_name(self, group: Grupo) -> bool:
        """Tell whether "solicitud de X:" or "reunión de X con Y" makes X the one who asks or calls."""
        noun, before = self.word(group.inicio - 2), self.word(group.inicio - 3)
        opens = before in STOPS or not before
        if noun in {"solicitud", "peticion", "propuesta"}:
            return opens and self.word(group.fin) == ":"
        met = noun in {"reunion", "reuniones", "encuentro", "videoconferencia", "videollamada", "sesion"}
        several = len({(m.inicio, m.fin) for m in group.menciones}) > 1
        return met and opens and (several or self.word(group.fin) == "con")

    def _agent_noun(self, i: int) -> int | None:
        """Return the place of the agent noun before the preposition at token `i` (adjectives may stand between)."""
        nouns = ("agentes", "custodias", "docencia", "responsabilidades")
        for j in range(i - 1, max(-1, i - 4), -1):
            word = self.words[j]
            if j < i - 1 and self.words[j + 1].startswith("conjunt") and word.isalpha():
                return j
            if any(word in word_set("nombres", name) for name in nouns) and j not in self._inside:
                return j
            if not word.isalpha() or self.finite(j) or word in PREPOSITIONS - {"a"} or j in self._inside:
                return None
            if word in word_set("nombres", "metonimias") or word in {"que", "se"}:
                return None
        return None

    def _passive(self, group: Grupo) -> str:
        """Read "será custodiada por X", "custodiada por X", "resguardo por X", "se brindará por X"."""
        if self._represents(group):
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

    def _represents(self, group: Grupo) -> bool:
        """Tell whether "por X" says for whom somebody comes: "por la FGR acudirán dos fiscales; por la GN, uno"."""
        before = self.word(group.inicio - 2)
        opens = group.inicio == 1 or before in STOPS
        if opens and self.finite(group.fin) and not self._idle(group.fin):
            return True
        came = word_set("clases", "representaciones")
        verb = self.finite(group.inicio - 2)
        if verb is not None:
            return verb.infinitivo in came and verb.infinitivo not in {"ser", "estar"}
        if self.word(group.fin) != "," or not (opens or before == ","):
            return False
        start = self.sentence_start(group.inicio)
        verbs = [self.finite(k) for k in range(start, group.inicio)]
        return any(v is not None and v.infinitivo in came for v in verbs)

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
                told = verb.infinitivo != "instruir" or any(
                    is_infinitive(w) or w in {"que", "para"} for w in self.words[group.fin : group.fin + 3]
                )
                if self._denied(j):
                    return ""
                return "encomienda" if verb.infinitivo in word_set("clases", "encomiendas") and told else ""
        return ""

    def _who(self, group: Grupo) -> str:
        """Read "con X, quien hará" (the relative that goes on with the deed)."""
        j = group.fin
        if group.preposicion == "con" and self.word(j) in word_set("nombres", "lugares"):
            return "con-puesto"
        if self.word(j) in {",", ")"}:
            j += 1
            serves = self.finite(j + 1)
            if self.word(j) == "que" and serves and serves.tiempo == "futuro" and not self._idle(j + 1):
                return "quien-hara" if serves.infinitivo not in {"ser", "estar", "tener", "haber"} else ""
        if self.word(j) in {"quien", "quienes"} or (self.word(j) in {"cual", "cuales"} and self.word(j - 2) == ","):
            j += 1
            while self.word(j) in CLITICS:
                j += 1
            verb = self.finite(j)
            if verb is not None and verb.tiempo in {"futuro", "condicional", "preterito"} and not self._idle(j):
                return "quien-hara"
        return ""
