"""Errors a user can mend. Each message is one Spanish line: what, where, how to mend it."""


class AcuerdosError(Exception):
    """Anything the user can mend; the command line turns it into exit code 1."""


class EntradaInvalida(AcuerdosError):
    """A source, a line of a source or an option value that cannot be used as given."""


class EspacioInvalido(AcuerdosError):
    """The workspace is missing, damaged, from a newer version, or cannot be written."""


class NoEncontrado(AcuerdosError):
    """An id, document or filter value that is not in the workspace."""


class ModeloInvalido(AcuerdosError):
    """An encoder or artefact that is missing, damaged or does not match its manifest."""
