"""acuerdos: read, tag, compare and search short Spanish agreements of public bodies."""

from nlp_acuerdos.config import Settings, make_anchor, resolve
from nlp_acuerdos.errors import AcuerdosError
from nlp_acuerdos.records import Acuerdo, Ancla, Etiquetas
from nlp_acuerdos.workspace import Workspace

__all__ = ["Acuerdo", "AcuerdosError", "Ancla", "Etiquetas", "Settings", "Workspace", "make_anchor", "resolve"]
