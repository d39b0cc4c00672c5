"""The web page and its JSON API: pages that work without script, every state in the URL, nothing from outside.

`make_app(settings)` gives the ASGI application; `acuerdos serve` runs it.
"""

from nlp_acuerdos.web.aplicacion import make_app
from nlp_acuerdos.web.seguridad import Guardia

__all__ = ["Guardia", "make_app"]
