"""Read Spanish verb forms by their endings and a catalogue of verbs: who does what needs the verb, not a parser."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from nlp_acuerdos.catalogues import load
from nlp_acuerdos.text import fold

_REGULAR = {
    "ar": {
        "presente": "a an", "subjuntivo": "e en", "preterito": "o aron", "imperfecto": "aba aban", "gerundio": "ando",
        "participio": "ado ada ados adas",
    },
    "er": {
        "presente": "e en", "subjuntivo": "a an", "preterito": "io ieron", "imperfecto": "ia ian", "gerundio": "iendo",
        "participio": "ido ida idos idas",
    },
}  # fmt: skip
_REGULAR["ir"] = _REGULAR["er"]
_FUTURE = {"futuro": "a an", "condicional": "ia ian"}
_SPELLING = (("car", "que"), ("gar", "gue"), ("zar", "ce"), ("ger", "ja"), ("gir", "ja"))
_PARTICIPLE = re.compile(r"\w{2,}(?:ad|id)[oa]s?|(?:\w*(?:escrit|puest|abiert|viert|cubiert|hech|vist|suelt))[oa]s?")
_INFINITIVE = re.compile(r"\w+[aei]r(?:se|le|les|lo|los|la|las)?")
FINITE = frozenset({"presente", "subjuntivo", "preterito", "imperfecto", "futuro", "condicional"})


@dataclass(frozen=True, slots=True)
class Verbo:
    """A verb form: its infinitive (as near as endings tell) and its tense or mood."""

    infinitivo: str
    tiempo: str


def _forms(infinitive: str) -> dict[str, Verbo]:
    """Return the folded third-person and non-finite forms of a regular verb."""
    stem, ending = infinitive[:-2], infinitive[-2:]
    forms = {infinitive: Verbo(infinitive, "infinitivo")}
    for tense, endings in _REGULAR[ending].items():
        forms |= {stem + e: Verbo(infinitive, tense) for e in endings.split()}
    for tense, endings in _FUTURE.items():
        forms |= {infinitive + e: Verbo(infinitive, tense) for e in endings.split()}
    for suffix, spelt in _SPELLING:
        if infinitive.endswith(suffix):
            base = infinitive[: -len(suffix)] + spelt
            forms |= {form: Verbo(infinitive, "subjuntivo") for form in (base, base + "n")}
    return forms


def _irregular_tense(form: str) -> str:
    """Return the tense of an irregular form by its ending (near enough: finite is what counts)."""
    if re.search(r"(?:dr|br|ar|er|ir)an?$", form):
        return "futuro"
    return "preterito" if re.search(r"(?:[ieu]o|uvo|[jus]o|eron)$", form) else "presente"


@cache
def lexicon() -> dict[str, Verbo]:
    """Return the known verb forms, folded."""
    data = load("verbos")
    known: dict[str, Verbo] = {}
    for infinitive in data["infinitivos"].split():
        for form, verb in _forms(infinitive).items():
            if len(form) > 3 or form == infinitive:
                known.setdefault(form, verb)
    for infinitive, forms in data["irregulares"].items():
        known |= {form: Verbo(infinitive, _irregular_tense(form)) for form in forms.split()}
    return known


@cache
def word_set(section: str, name: str) -> frozenset[str]:
    """Return a list of the catalogue of verbs as a set of folded words."""
    value = load("verbos")[section][name]
    return frozenset(map(fold, value.split() if isinstance(value, str) else value))


@cache
def word_set_codes(name: str) -> frozenset[str]:
    """Return a list of codes of the catalogue of verbs."""
    return frozenset(code.upper() for code in word_set("nombres", name))


@lru_cache(maxsize=65536)
def read_verb(word: str, original: str) -> Verbo | None:
    """Return the verb form a word is, or None; `word` folded, `original` as written (its accents decide)."""
    if word in word_set("nombres", "no_verbos"):
        return None
    lowered = original.lower()
    known = lexicon().get(word)
    if (
        known is not None
        and known.tiempo == "preterito"
        and word.endswith("o")
        and word in word_set("nombres", "ambiguas")
    ):
        return known if lowered.endswith("ó") else None
    return known or _by_ending(word, lowered)


def _by_ending(word: str, lowered: str) -> Verbo | None:
    """Read an unknown verb by an ending that carries its accent."""
    if len(word) < 5 or not word.isalpha():
        return None
    if lowered.endswith(("rá", "rán")):
        return Verbo(word[: word.rindex("a")], "futuro")
    if lowered.endswith(("aría", "ería", "iría", "arían", "erían", "irían", "dría", "drían")):
        return Verbo(word[: word.rindex("ia")], "condicional")
    if lowered.endswith("ó"):
        return Verbo(word[:-2] + "ir" if word.endswith("io") else word[:-1] + "ar", "preterito")
    if word.endswith(("aron", "ieron")):
        return Verbo(word[:-4] + "ar" if word.endswith("aron") else word[:-5] + "ir", "preterito")
    return None


def is_participle(word: str) -> bool:
    """Tell whether a folded word looks like a past participle."""
    return _PARTICIPLE.fullmatch(word) is not None and word not in word_set("nombres", "no_participios")


def is_infinitive(word: str) -> bool:
    """Tell whether a folded word looks like an infinitive, with or without its pronoun."""
    return _INFINITIVE.fullmatch(word) is not None
