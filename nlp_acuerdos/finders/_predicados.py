"""What a verb says of its subject: whether it acts, receives, is asked, or stands in a clause of background."""

from __future__ import annotations

from nlp_acuerdos.finders._gramatica import AUXILIARIES, CLITICS, DETERMINERS, PREPOSITIONS, PURPOSE, RELATIVES, STOPS
from nlp_acuerdos.finders._grupos import Clausula
from nlp_acuerdos.finders._verbos import is_infinitive, is_participle, word_set


class Predicados(Clausula):
    """A clause whose verbs can be asked what they make of their subject."""

    def _opens_clause(self, i: int) -> bool:
        """Tell whether a finite verb begins at token `i`, after its pronouns."""
        while self.word(i) in CLITICS:
            i += 1
        return self.finite(i) is not None

    def _coordinated_verb(self, j: int) -> bool:
        """Tell whether the verb at `j` follows a conjunction, its pronouns aside."""
        k = j - 1
        while self.word(k) in CLITICS or self.word(k).endswith("mente"):
            k -= 1
        return self.word(k) in {"y", "e", ",", "pero", "sino"}

    def _verb_after(self, j: int) -> int:
        """Return the place of the verb of the relative at token `j` (the next word when no verb is known), or `j`."""
        first = j + 1
        while self.word(first) in CLITICS - DETERMINERS:
            first += 1
        for k in range(first, min(len(self.words), j + 15)):
            if self.words[k] in STOPS:
                return j
            word = self.words[k]
            unknown = k == first and word.isalpha() and word not in DETERMINERS | PREPOSITIONS and k not in self._inside
            if self.finite(k) or unknown:
                return k
        return j

    def _pronominal(self, j: int, crossed: bool) -> bool:
        """Tell whether "se" + verb may have the group as its agent."""
        verb = self.verb(j)
        if verb is None or self.word(j - 1) in {"le", "les", "lo", "la"}:
            return False
        if verb.infinitivo in word_set("clases", "pronominales"):
            return not (
                crossed and verb.infinitivo in {"hacer", "poner", "presentar", "mantener", "integrar", "desplegar"}
            )
        undergone = word_set("clases", "objetos") | word_set("clases", "sucesos")
        return not crossed and verb.infinitivo not in undergone

    def _idle(self, j: int) -> bool:
        """Tell whether the verb at `j` makes its subject receive, ask leave or undergo, and not do."""
        verb = self.finite(j)
        if verb is None:
            return True
        name, following = verb.infinitivo, self._next_words(j)
        if self._denied(j):
            return True
        if name == "requerir" and any(g.preposicion in {"a", "al"} and j < g.inicio < j + 9 for g in self.grupos):
            return False
        if name in word_set("clases", "receptores"):
            return not (name == "encontrar" and following[:1] and following[0].endswith("ndo"))
        if name in word_set("clases", "dichos"):
            return "que" not in following[:1] or verb.tiempo == "preterito"
        if name == "tomar" and {"curso", "cursos", "taller", "capacitacion", "protesta"} & set(following[:8]):
            return True
        if name == "poder":
            return bool(word_set("clases", "facultades") & set(following[:3])) or self._undergoes(following[1:])
        if name in {"deber", "haber", "tener", "ir"} and len(following) > 0:
            infinitive = next((w for w in following[:3] if is_infinitive(w)), "")
            if infinitive in word_set("clases", "receptores"):
                return True
            if infinitive in {"ser", "estar", "quedar"}:
                return self._undergoes(following[following.index(infinitive) + 1 :])
            if name == "haber" and following[0] == "sido":
                return self._undergoes(following[1:])
            return name == "tener" and self.word(j) in {"tiene", "tienen", "tenia"} and "que" not in following[:1]
        if name in {"ser", "estar", "quedar"}:
            return self._undergoes(following, copula=self.word(j) in {"es", "son", "era", "eran", "fue", "fueron"})
        return False

    def _denied(self, j: int) -> bool:
        """Tell whether "no" stands before the verb at `j`, its pronouns aside."""
        k = j - 1
        while self.word(k) in CLITICS - {"no"}:
            k -= 1
        return self.word(k) in {"no", "tampoco", "nunca", "jamas"}

    def _next_words(self, j: int) -> list[str]:
        """Return the words after token `j`, adverbs aside, up to a mark."""
        words: list[str] = []
        for k in range(j + 1, min(len(self.words), j + 7)):
            if not self.words[k].isalnum():
                break
            if not self.words[k].endswith("mente") and self.words[k] not in {"tambien", "no"}:
                words.append(self.words[k])
        return words

    @staticmethod
    def _undergoes(following: list[str], copula: bool = False) -> bool:
        """Tell whether what follows ser, estar or quedar leaves the subject passive."""
        if not following:
            return True
        word = following[0]
        active = word_set("clases", "activos")
        if word in active and not copula:
            return False
        if any(word.startswith(stem) for stem in active if len(stem) > 5):
            return False
        if copula:
            return not any(w.startswith(("encargad", "responsable", "enlace")) for w in following[:3])
        return is_participle(word)

    def _content_clause(self, i: int) -> bool:
        """Tell whether the "que" at token `i` opens what was agreed or said (not a wish, purpose or relative)."""
        before = self.word(i - 1)
        if before in {"mientras", "asi", "decir"} or (before == "lo" and self.word(i - 2) == "por"):
            return True
        if before in PURPOSE:
            return False
        if before == "que" or not before:
            return True
        if before in STOPS:
            return not self._asked_for(i - 1)
        if before in {",", "y", "e"} and self._content_before(i - 1):
            return True
        agreed, asked = word_set("clases", "acuerdos"), word_set("clases", "peticiones")
        for j in range(i - 1, max(-1, i - 16), -1):
            word = self.words[j]
            if word in STOPS:
                return False
            if word in {"acuerdo", "compromiso", "acuerdos"} and j >= i - 2:
                return True
            verb = self.verb(j)
            if verb is not None and verb.tiempo != "participio":
                near = j == i - 1 or before in {",", "y", ")"} or (i - 1 in self._inside)
                return (
                    verb.infinitivo in agreed and verb.infinitivo not in asked and (near or verb.tiempo != "infinitivo")
                )
        return False

    def _asked_for(self, i: int) -> bool:
        """Tell whether the phrase that ends before the mark at token `i` is a request ("petición de la JLE:")."""
        start = max((k for k in range(i) if self.words[k] in STOPS), default=-1)
        return self.word(start + 1) in {"peticion", "solicitud", "propuesta", "peticiones", "solicitudes"}

    def _content_before(self, i: int) -> bool:
        """Tell whether the sentence opens with "que", or "se acordó que", before token `i`."""
        start = self.sentence_start(i)
        first = next((k for k in range(start, i) if self.words[k] == "que"), None)
        if first is None or first - start > 6:
            return False
        return first == start or self._content_clause(first)

    def _relative(self, j: int) -> bool:
        """Tell whether the finite verb at `j` is in a relative or subordinate clause."""
        k = j - 1
        while self.word(k) in CLITICS or self.word(k).endswith("mente"):
            k -= 1
        word = self.word(k)
        if word == "que":
            return not self._content_clause(k)
        return word in RELATIVES

    def _idle_after(self, j: int) -> bool:
        """Tell whether a verb followed by its subject leaves it idle (ser and estar want what lies beyond it)."""
        verb = self.finite(j)
        if verb is None or verb.infinitivo in word_set("clases", "receptores"):
            return True
        return verb.infinitivo in {"ser", "estar", "quedar", "haber", "poder", "tener"}

    def _is_the_one(self, j: int) -> bool:
        """Tell whether "quien" or "la encargada" stands at token `j` ("será la GN quien custodie")."""
        following = self.words[j : j + 3]
        return any(w in {"quien", "quienes"} or w.startswith(("encargad", "responsable")) for w in following)

    def _bare(self, j: int) -> bool:
        """Tell whether the verb opens its clause with no "se" and no subject after it."""
        k = j - 1
        while self.word(k) in CLITICS - {"se"} or self.word(k) in {"posteriormente", "quienes", "quien", "mismos"}:
            k -= 1
        if self.word(k) not in {";", ",", "y", "e"}:
            return False
        return not any(j < g.inicio <= j + 2 and not g.preposicion for g in self.grupos)

    @staticmethod
    def _serves(participle: str) -> bool:
        return any(participle.startswith(stem) for stem in word_set("clases", "participios_de_servicio"))

    def _requested(self, i: int) -> bool:
        """Tell whether what stands at token `i` is asked for or wished, earlier in the same clause."""
        requests = word_set("clases", "peticiones")
        for j in range(i - 1, max(-1, i - 26), -1):
            word = self.words[j]
            if word in STOPS or (word in {"y", ","} and self._opens_clause(j + 1)):
                return False
            verb = self.verb(j)
            if verb is not None and verb.tiempo != "participio":
                if verb.infinitivo in requests:
                    return True
                asked = verb.tiempo in {"infinitivo", "gerundio", "subjuntivo"} or self.word(j - 1) == "que"
                if not asked:
                    return False
            if word in {"solicitud", "solicitudes", "peticion", "peticiones", "requerimiento", "requerimientos"}:
                return (
                    self.word(j + 1) in {"de", "del", "para"}
                    and self.word(j - 1) not in {"a", "por"}
                    and j + 4 >= i - 2
                )
        return False

    def _background(self, i: int) -> bool:
        """Tell whether a participle of giving stands right before token `i` ("entregado por parte de")."""
        word = self.word(i - 1)
        return is_participle(word) and not self._serves(word) and self.word(i - 2) not in AUXILIARIES

    def _attendance(self, place: int) -> bool:
        """Tell whether the noun is attendance at a meeting ("reunión con la presencia de X") or thanks for help."""
        if self.words[place] not in word_set("nombres", "asistencias"):
            return False
        before = self.words[max(0, place - 2) : place]
        start = self.sentence_start(place)
        return "con" in before and bool(word_set("nombres", "encuentros") & set(self.words[start:place]))
