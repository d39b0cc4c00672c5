"""`python -m nlp_acuerdos.cli`."""

from nlp_acuerdos.cli import main

main()
