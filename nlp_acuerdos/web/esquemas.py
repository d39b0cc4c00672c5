"""The shapes of the JSON API, for its OpenAPI document; answers are made by the pipeline and checked in the tests."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class _Forma(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Error(_Forma):
    """Una línea: qué, dónde y cómo remediarlo."""

    error: str


class Salud(_Forma):
    """El servidor vive."""

    estado: str


class Fecha(_Forma):
    """Una expresión de tiempo: tipo TIMEX3, valor ISO 8601 y lugar en el texto."""

    texto: str
    tipo: str
    valor: str
    inicio: int
    fin: int


class Origen(_Forma):
    """Dónde se leyó."""

    archivo: str
    pagina: int | None
    fila: int | None


class EtiquetaMotivo(_Forma):
    """Una etiqueta que la consulta nombra."""

    conjunto: str
    codigo: str


class Motor(_Forma):
    """La parte de un motor en el puntaje."""

    motor: str
    rango: int
    aporte: float


class Pasaje(_Forma):
    """Dónde del texto está lo que coincide, en puntos de código."""

    inicio: int
    fin: int


class Motivo(_Forma):
    """Por qué se halló."""

    texto: str
    palabras: list[str]
    etiquetas: list[EtiquetaMotivo]
    motores: list[Motor]
    pasaje: Pasaje


class Resultado(_Forma):
    """Un acuerdo hallado."""

    id: str
    puntaje: float
    entidad: str
    acuerdo: str
    estatus: str | None
    actores: list[str]
    responsables: list[str]
    actividades: list[str]
    fechas: list[Fecha]
    origen: Origen
    motivo: Motivo
    cita: str


class Busqueda(_Forma):
    """Lo que halla una búsqueda."""

    consulta: str
    total: int
    coincidencias: int
    sin_coincidencias: bool
    sugerencia: str | None
    facetas: dict[str, dict[str, int]]
    resultados: list[Resultado]


class Evidencia(_Forma):
    """Por qué se dio una etiqueta."""

    conjunto: str
    etiqueta: str
    regla: str
    inicio: int
    fin: int
    texto: str


class Vinculo(_Forma):
    """Una relación con otro acuerdo."""

    con: str
    relacion: str
    similitud: float


class Ficha(_Forma):
    """Un acuerdo con todo lo que se sabe de él."""

    id: str
    documento: str
    entidad: str
    acuerdo: str
    estatus: str | None
    estatus_original: str
    actores: list[str]
    responsables: list[str]
    actividades: list[str]
    fechas: list[Fecha]
    evidencia: list[Evidencia]
    origen: Origen
    cita: str
    correcciones: list[dict[str, Any]]
    reparaciones: list[str]
    ajustes: list[dict[str, str | None]]
    extra: dict[str, str]
    avisos: list[dict[str, str]]
    relaciones: list[Vinculo]
    historia: list[dict[str, Any]]


class Vecino(_Forma):
    """Un acuerdo parecido."""

    id: str
    similitud: float
    entidad: str
    acuerdo: str
    estatus: str | None


class Diferencia(_Forma):
    """En qué difieren dos textos."""

    tipo: str
    a: str
    b: str


class Relacion(_Forma):
    """Dos acuerdos relacionados."""

    a: str
    b: str
    relacion: str
    texto_a: str
    texto_b: str
    entidad_a: str
    entidad_b: str
    estatus_a: str | None
    estatus_b: str | None
    similitud: float | None
    diferencias: list[Diferencia]
    representante: str | None
    decidida: bool
    quien: str
    cuando: str


class Miembro(_Forma):
    """Un miembro de un grupo."""

    id: str
    relacion: str
    similitud: float


class Grupo(_Forma):
    """Copias o una serie."""

    id: str
    tipo: str
    representante: str
    miembros: list[Miembro]
    par_mas_debil: list[str]
    ranura: str | None
    valores: list[str]


class Auditoria(_Forma):
    """Relaciones, grupos, cuentas por entidad y decisiones."""

    relaciones: list[Relacion]
    grupos: list[Grupo]
    conteos: list[dict[str, Any]]
    decisiones: list[dict[str, Any]]


class Estado(_Forma):
    """Qué hay en el espacio."""

    espacio: str
    version: str
    modelo: str
    acuerdos: int
    documentos: list[str]
    captura: int
    avisos: int
    relaciones: int
    decisiones: int
    correcciones: int
    por_etiquetar: int


class Decidido(_Forma):
    """La decisión guardada; relación null, si se retiró."""

    a: str
    b: str
    relacion: str | None
    quien: str
