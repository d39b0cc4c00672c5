"""The thresholds of the audit, each with what it was measured on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Umbrales:
    """What the relations and their candidates depend on; a piece is a content word, an institution or a slot.

    Rows are those of the annex. "Composed" are the pairs of tests/test_dedup.py.
    """

    # The guide: a contained text is a whole sentence or six content words.
    palabras_contenidas: int = 6
    # Content words of one that is shorter, where all that was added is parted from it by marks (gold pairs: 5).
    palabras_cortas: int = 4
    # Other pieces a missing slot or institution must go with to be a whole clause: rows 101-102 lack "4" with three.
    tramo_clausula: int = 3
    # Words a light edit may add inside a clause (composed: one; two leaves room for an adverb and its adjective).
    insercion_breve: int = 2
    # Share of the shorter and of the longer text the other has: rows 101-102 have .65 and .38.
    cobertura_menor: float = 0.55
    cobertura_mayor: float = 0.33
    # Run of equal pieces a free rewording needs: rows 101-102 share 7; all unrelated pairs of the annex 5 or fewer
    # but two (41-42, 113-114: 8), which the slots keep apart.
    tramo_comun: int = 6
    # Slots a free rewording must share: rows 101-102 share 3; at 2, a synthetic corpus of 10,000 gave false pairs.
    ranuras_comunes: int = 3
    # Least overlap of the pieces of a candidate by MinHash: the 36 composed casi have .50, .71, .75 and more.
    jaccard: float = 0.5
    # Texts a run of four pieces may be in and still be rare, and rare runs two candidates share: rows 101-102 share 4.
    raros: int = 8
    tramos_raros: int = 3
    # Equal or masked-equal texts compared all with all; beyond, each with the first. The annex needs 7; 100,000
    # synthetic rows with 40 kept every planted pair but one in two thousand.
    bloque: int = 40
    # Texts one text is looked for inside of; beyond, it is a formula of the office.
    continentes: int = 100
