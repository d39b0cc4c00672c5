"""Words and numbers as a report writes them: "1,234", "31.2 %", "2 de junio de 2024"."""

from __future__ import annotations

from datetime import date
from typing import Any

from nlp_acuerdos.catalogues import load

NOMBRES = {
    "actividad": "Actividad", "actor": "Institución nombrada", "responsable": "Responsable", "entidad": "Entidad",
    "estatus": "Estatus", "mes": "Mes de las fechas citadas",
}  # fmt: skip
AVISOS = {
    "estatus_faltante": "sin estatus en el documento", "entidad_tardia": "con la etiqueta de entidad después de sus filas",
    "entidad_ajena": "que nombran otra entidad", "distrito_inexistente": "con distritos que la entidad no tiene",
    "fecha_imposible": "con una fecha imposible", "columnas_corridas": "leídos de columnas corridas",
    "fila_continuada": "unidos de varias filas", "texto_danado": "con letras mal codificadas",
    "dato_personal": "con un posible dato personal",
}  # fmt: skip
RELACIONES = {
    "exacto": "copias exactas", "cambio_estatus": "mismo texto, otro estatus", "contenido": "un texto dentro de otro",
    "plantilla": "series (cambia una fecha, número o lugar)", "casi": "misma obligación, otra redacción",
}  # fmt: skip
MESES = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
)  # fmt: skip


class Porcentaje(float):
    """A share in percent, shown with one decimal."""


class Medida(float):
    """A score from 0 to 1, shown with three decimals."""


class Diferencia(int):
    """A difference of counts, shown with its sign."""


def show(value: Any) -> str:
    """Return a cell as people read it."""
    if isinstance(value, Porcentaje):
        return f"{value:.1f} %"
    if isinstance(value, Medida):
        return f"{value:.3f}"
    if isinstance(value, Diferencia):
        return f"{value:+,}" if value else "0"
    return f"{value:,}" if isinstance(value, int) else str(value)


def show_in(value: Any, grafica: str) -> str:
    """Return a cell as people read it in a table of that kind: nothing is a point where cells are shaded."""
    return "·" if grafica == "calor" and value == 0 else show(value)


def plural(n: int, one: str, many: str) -> str:
    """Return the count with its noun."""
    return f"{n:,} {one if n == 1 else many}"


def day(iso: str) -> str:
    """Return an ISO date as "2 de junio de 2024"."""
    found = date.fromisoformat(iso)
    return f"{found.day} de {MESES[found.month - 1]} de {found.year}"


def short_day(iso: str) -> str:
    """Return an ISO date as "2 jun"."""
    found = date.fromisoformat(iso)
    return f"{found.day} {MESES[found.month - 1][:3]}"


def period(desde: str, hasta: str, unidad: str) -> str:
    """Return a week, month or year of a calendar as people read it."""
    first = date.fromisoformat(desde)
    if unidad == "semana":
        return f"{short_day(desde)} – {short_day(hasta)} {hasta[:4]}"
    return str(first.year) if unidad == "año" else month(desde[:7])


def month(valor: str) -> str:
    """Return "2024-05" as "mayo de 2024"."""
    return f"{MESES[int(valor[5:7]) - 1]} de {valor[:4]}"


def legible(valor: str) -> str:
    """Return an activity's code as people write it, any other value as it is."""
    names = load("actividades")["nombres"].get(valor)
    return str(names[0]) if names else valor
