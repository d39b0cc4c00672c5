"""How fast agreements are tagged, beside spaCy's tokeniser alone: python -m tests.benchmarks.etiquetas [-j N].

The whole pipeline by rules (`nlp.pipe`, spans set), the same joined with the classifier, and `spacy.blank("es")`; also
es_core_news_sm when it is installed. Agreements: the annex and the composed ones of the parts one may read.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import spacy

from nlp_acuerdos.evaluate import load_gold
from nlp_acuerdos.tagging.clasificador import etiquetador
from nlp_acuerdos.tagging.components import make_nlp, tag_all

RUNS = 7


def rate(run, n: int) -> tuple[float, float]:
    """Return agreements a second: the median of the runs and the best."""
    run()
    taken = []
    for _ in range(RUNS):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return n / statistics.median(taken), n / min(taken)


def main() -> None:
    annex = [c for c in load_gold(Path("data/gold"), "desarrollo") if c.id.startswith("anexo")]
    composed = load_gold(Path("data/gold"), "entrenamiento")[:1000]
    nlp, blank = make_nlp(), spacy.blank("es")
    for name, cases in (("annex", annex * 5), ("composed", composed)):
        items = [(c.texto, c.ancla) for c in cases]
        words = statistics.mean(len(t.split()) for t, _ in items)
        print(f"{name}: {len(items)} agreements of {words:.0f} words")
        base, _ = rate(lambda: list(blank.pipe(t for t, _ in items)), len(items))  # noqa: B023
        rows = {
            'spacy.blank("es") alone': (base, base),
            "rules, nlp.pipe": rate(lambda: list(tag_all(items, nlp)), len(items)),  # noqa: B023
        }
        few = items[:300]
        rows["rules and classifier"] = rate(lambda: list(tag_all(few, nlp, etiquetador=etiquetador())), len(few))  # noqa: B023
        if spacy.util.is_package("es_core_news_sm"):
            small = spacy.load("es_core_news_sm")
            rows["es_core_news_sm"] = rate(lambda: list(small.pipe(t for t, _ in few)), len(few))  # noqa: B023
        for label, (median, best) in rows.items():
            print(f"  {label:26}{median:10.0f}/s median{best:10.0f}/s best{base / median:9.1f} times blank")


if __name__ == "__main__":
    main()
