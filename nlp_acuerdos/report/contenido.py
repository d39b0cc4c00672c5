"""A summary said in words and tables: the one text that every format of the report dresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from nlp_acuerdos.catalogues import load
from nlp_acuerdos.records import ACTORES
from nlp_acuerdos.report.bloques import Apartado, Bloque, Cifras, Cita, Citas, Contenido, Parrafo, Subtitulo, Tabla
from nlp_acuerdos.report.datos import Cuenta, Ejemplo, Matriz, Resumen, Seccion
from nlp_acuerdos.report.rotulos import (
    AVISOS,
    NOMBRES,
    RELACIONES,
    Diferencia,
    Medida,
    Porcentaje,
    day,
    legible,
    month,
    period,
    plural,
    show,
)  # fmt: skip

CITADOS, DOCUMENTOS = 200, 12  # quotations of a list that a report shows; titles of documents at its head
_DE = {
    "actividad": "actividad", "actor": "institución nombrada", "responsable": "responsable", "entidad": "entidad",
    "estatus": "estatus", "mes": "mes de las fechas citadas",
}  # fmt: skip


def compose(r: Resumen) -> Contenido:
    """Return what a report says, section by section."""
    parts = [
        ("Cifras principales", _headline(r)),
        ("Temas", _themes(r)),
        ("Panorama", _overview(r)),
        ("Mapa por entidad", _map(r)),
        ("Calendario y compromisos vencidos", _dates(r)),
        ("A quién se pide qué", _asked(r)),
        (f"Detalle por {_DE[r.por]}", _detail(r)),
        ("Copias, avances y series", _repeated(r)),
        ("Qué cambió", _changed(r)),
        ("Calidad de los datos", _quality(r)),
        ("Cómo se etiquetó", _method(r)),
    ]
    if not r.total:
        gone = r.cambios is not None
        parts = [
            (t, b) for t, b in parts if t in ("Cifras principales", "Cómo se etiquetó") or gone and t == "Qué cambió"
        ]
    made = [(title, tuple(blocks)) for title, blocks in parts]
    sections = (Apartado(n, t, b) for n, (t, b) in enumerate((p for p in made if p[1]), 1))
    return Contenido(r.titulo, tuple(_documents(r.documentos)), tuple(_facts(r)), r.fecha, tuple(sections))


def _documents(titles: Sequence[str]) -> Iterator[str]:
    yield from titles[:DOCUMENTOS]
    if len(titles) > DOCUMENTOS:
        yield f"y {plural(len(titles) - DOCUMENTOS, 'documento', 'documentos')} más"


def name_of(por: str, valor: str) -> str:
    """Return a value of a grouping as people read it."""
    return month(valor) if por == "mes" else legible(valor)


def _facts(r: Resumen) -> Iterator[tuple[str, str]]:
    yield "Filtros", "; ".join(f"{k} = {v}" for k, v in r.filtros) or "ninguno: todos los acuerdos"
    yield "Fecha de referencia", day(r.al)
    if r.cambios:
        yield "Comparado con", r.cambios.anterior


def _headline(r: Resumen) -> Iterator[Bloque]:
    if not r.total:
        yield Parrafo("Ningún acuerdo pasa los filtros: no hay cifras que dar.")
        return
    status = ((f"{c.n:,}", f"{c.valor} ({show(Porcentaje(c.porcentaje))})") for c in r.estatus)
    yield Cifras(
        (
            (f"{r.total:,}", "acuerdo" if r.total == 1 else "acuerdos"),
            (f"{r.entidades:,}", "entidad" if r.entidades == 1 else "entidades"),
            *status,
            (f"{len(r.vencidos):,}", "con fecha pasada, sin concluir"),
            (f"{r.distintos:,}", "distintos, cada copia contada una vez"),
        )
    )
    yield Parrafo(
        f"Los porcentajes son sobre {plural(r.total, 'acuerdo', 'acuerdos')}. Un acuerdo puede tener varias actividades, "
        "instituciones y fechas, y entonces las partes suman más de 100 %.",
        nota=True,
    )


def _themes(r: Resumen) -> Iterator[Bloque]:
    rows = [(t.nombre, t.n, Porcentaje(t.porcentaje)) for t in r.temas if t.n]
    counts = tuple(Cuenta(t.nombre, t.n, t.porcentaje) for t in r.temas if t.n)
    if rows:
        yield Tabla("Acuerdos por tema", ("Tema", "Acuerdos", "%"), tuple(rows), 1, "barras", counts)
    rest = f" {plural(r.sin_tema, 'acuerdo queda', 'acuerdos quedan')} fuera de los temas." if r.sin_tema else ""
    yield Parrafo(
        "Los temas agrupan actividades según el catálogo temas.toml, que puede editarse; cada acuerdo se cuenta una vez en "
        f"cada tema que toca.{rest}",
        nota=True,
    )
    for t in (t for t in r.temas if t.n):
        yield Subtitulo(t.nombre, f"{plural(t.n, 'acuerdo', 'acuerdos')} · {show(Porcentaje(t.porcentaje))}")
        if len(t.detalle) > 1:
            yield Parrafo("; ".join(f"{legible(c.valor)}, {c.n:,}" for c in t.detalle) + ".")
        yield _quoted(f"Tema: {t.nombre}", t.ejemplos)


def _quoted(title: str, examples: Sequence[Ejemplo], notes: Sequence[str] = ()) -> Citas:
    shown = list(_beside(examples, notes))[:CITADOS]
    return Citas(title, tuple(Cita(e.id, e.acuerdo, e.cita, e.estatus + (f" · {n}" if n else "")) for e, n in shown))


def _cut(found: Sequence[object]) -> Iterator[Bloque]:
    """Say that a list is longer than what is quoted of it."""
    if len(found) > CITADOS:
        yield Parrafo(
            f"Se citan los primeros {CITADOS} de {len(found):,}; el informe en json los lleva todos.", nota=True
        )


def _beside(examples: Iterable[Ejemplo], notes: Sequence[str]) -> Iterator[tuple[Ejemplo, str]]:
    for n, example in enumerate(examples):
        yield example, notes[n] if notes else ""


def _overview(r: Resumen) -> Iterator[Bloque]:
    tables = dict(r.tablas)
    for por in ("estatus", "mes", "actividad", "entidad", "actor", "responsable"):
        counts = tuple(Cuenta(name_of(por, c.valor), c.n, c.porcentaje) for c in tables[por])
        rows = tuple((c.valor, c.n, Porcentaje(c.porcentaje)) for c in counts)
        if rows:
            yield Tabla(
                f"Acuerdos por {_DE[por]}", (NOMBRES[por], "Acuerdos", "%"), rows, 1, "barras", counts, mitad=True
            )
    known, used = load("siglas")["siglas"], {c.valor for por in ("actor", "responsable") for c in tables[por]}
    if said := "; ".join(f"{code}, {known[code]}" for code in ACTORES if code in used & known.keys()):
        yield Parrafo(f"Siglas: {said}.", nota=True)


def _map(r: Resumen) -> Iterator[Bloque]:
    rows = sorted((t for t in r.mapa if t.n), key=lambda t: (-t.n, t.entidad))
    if not rows:
        return
    cells = tuple((t.entidad, t.sigla, t.n, Porcentaje(t.porcentaje)) for t in rows)
    yield Tabla("Acuerdos por entidad federativa", ("Entidad", "Sigla", "Acuerdos", "%"), cells, 2, "mapa", r.mapa)
    empty = [t.entidad for t in sorted(r.mapa, key=lambda t: t.entidad) if not t.n]
    lost = (
        f" {plural(r.sin_ubicar, 'acuerdo no dice', 'acuerdos no dicen')} un estado reconocible."
        if r.sin_ubicar
        else ""
    )
    said = f"Sin acuerdos en esta selección: {', '.join(empty)}." if empty else "Las 32 entidades tienen acuerdos."
    yield Parrafo(said + lost, nota=True)


def _dates(r: Resumen) -> Iterator[Bloque]:
    c = r.calendario
    rows = tuple(
        (period(p.desde, p.hasta, c.unidad), "Jornada Electoral" if p.jornadas else "", p.n, p.concluidos)
        for p in c.periodos
    )
    heads = ({"semana": "Semana", "mes": "Mes", "año": "Año"}[c.unidad], "Marca", "Compromisos", "Concluidos")
    if rows:
        yield Tabla(f"Compromisos por {c.unidad} de su última fecha", heads, rows, 2, "calendario", c)
    yield Parrafo(" ".join(_dated(r)), nota=True)
    yield Subtitulo("Compromisos vencidos", f"{len(r.vencidos):,} al {day(r.al)}")
    yield Parrafo(
        f"Acuerdos cuya última fecha es anterior al {day(r.al)} y que no están concluidos. La fecha es la que el texto "
        "cita: puede no ser un plazo, y conviene leer el acuerdo."
        if r.vencidos
        else f"Ningún acuerdo tiene su última fecha antes del {day(r.al)} sin estar concluido."
    )
    notes = [f"última fecha: {day(v.ultima_fecha)} (hace {plural(v.dias, 'día', 'días')})" for v in r.vencidos]
    if r.vencidos:
        yield _quoted("Compromisos vencidos", [v.ejemplo for v in r.vencidos], notes)
        yield from _cut(r.vencidos)


def _dated(r: Resumen) -> Iterator[str]:
    """Yield what the calendar counts, and what it cannot place."""
    c = r.calendario
    yield f"{plural(c.fechados, 'acuerdo cita', 'acuerdos citan')} una fecha de calendario; {c.sin_fecha:,} no."
    if c.amplias:
        yield f"{plural(c.amplias, 'más cita', 'más citan')} solo un plazo de más de un mes, que no se dibuja."
    if c.jornadas:
        yield f"Jornada Electoral: {', '.join(map(day, c.jornadas))}."


def _asked(r: Resumen) -> Iterator[Bloque]:
    titles = {"responsable": "A quién se pide (responsables)", "actor": "A quién se nombra (instituciones)"}
    for por, m in r.matrices:
        if m.filas:
            yield _heat(titles[por], NOMBRES[por], m)
    if any(m.filas for _, m in r.matrices):
        yield Parrafo(
            "Cada celda cuenta los acuerdos que tienen a la vez la institución de la fila y la actividad de la columna.",
            nota=True,
        )


def _heat(title: str, head: str, m: Matriz) -> Tabla:
    rows = tuple((name, *cells) for name, cells in zip(m.filas, m.celdas, strict=True))
    return Tabla(title, (head, *map(legible, m.columnas)), rows, 1, "calor", max(map(max, m.celdas)))


def _detail(r: Resumen) -> Iterator[Bloque]:
    if not r.secciones:
        yield Parrafo(f"Ningún acuerdo de esta selección tiene {_DE[r.por]}.")
        return
    status = [c.valor for c in r.estatus] if r.por != "estatus" else []
    rows = tuple((name_of(r.por, s.nombre), s.n, Porcentaje(s.porcentaje), *_by_status(s, status)) for s in r.secciones)
    yield Tabla(
        f"Acuerdos por {_DE[r.por]} y estatus" if status else "Acuerdos por estatus",
        (NOMBRES[r.por], "Acuerdos", "%", *status),
        rows,
    )
    for s in r.secciones if r.por != "actividad" else ():
        yield Subtitulo(
            name_of(r.por, s.nombre), f"{plural(s.n, 'acuerdo', 'acuerdos')} · {show(Porcentaje(s.porcentaje))}"
        )
        yield _quoted(f"{NOMBRES[r.por]}: {name_of(r.por, s.nombre)}", s.ejemplos)


def _by_status(s: Seccion, status: Iterable[str]) -> tuple[int, ...]:
    counts = {c.valor: c.n for c in s.detalle}
    return tuple(counts.get(name, 0) for name in status)


def _repeated(r: Resumen) -> Iterator[Bloque]:
    if not (r.relaciones or r.copias or r.series):
        yield Parrafo("No se hallaron copias ni series en esta selección.")
        return
    yield Parrafo(
        f"{plural(r.copias, 'grupo', 'grupos')} de copias o avances, con {plural(r.acuerdos_en_copias, 'acuerdo', 'acuerdos')}, y "
        f"{plural(r.series, 'serie', 'series')}, con {plural(r.acuerdos_en_series, 'acuerdo', 'acuerdos')}. Contada una vez cada "
        f"copia, los {r.total:,} acuerdos son {r.distintos:,}; contada una vez también cada serie, {r.distintos_sin_series:,}. "
        "Las demás cifras del informe cuentan cada fila de los documentos."
    )
    rows = tuple((RELACIONES.get(name, name), n) for name, n in r.relaciones)
    if rows:
        yield Tabla("Pares relacionados", ("Relación", "Pares"), rows)


def _changed(r: Resumen) -> Iterator[Bloque]:
    c = r.cambios
    if c is None:
        return
    yield Parrafo(
        f"Comparado con {c.anterior}: {plural(c.antes, 'acuerdo', 'acuerdos')} antes y {c.ahora:,} ahora; {len(c.nuevos):,} nuevos, "
        f"{len(c.desaparecidos):,} que ya no están, {len(c.movidos):,} con otro estatus y {c.iguales:,} sin cambio. Es el mismo "
        "acuerdo el que conserva sus palabras en la misma entidad; una redacción nueva cuenta como nuevo y desaparecido."
        + (" Los filtros se aplican a los dos lados." if r.filtros else "")
    )
    for title, head, found in (("Cambio por estatus", "Estatus", c.estatus), ("Cambio por tema", "Tema", c.temas)):
        rows = tuple((x.valor, x.antes, x.ahora, Diferencia(x.ahora - x.antes)) for x in found)
        if rows:
            yield Tabla(title, (head, "Antes", "Ahora", "Diferencia"), rows)
    moves = [f"antes: {m.estatus_anterior}" for m in c.movidos]
    for title, examples, notes in (
        ("Acuerdos nuevos", c.nuevos, ()),
        ("Acuerdos que ya no están", c.desaparecidos, ()),
        ("Acuerdos con otro estatus", tuple(m.ejemplo for m in c.movidos), moves),
    ):
        if examples:
            yield Subtitulo(title, f"{len(examples):,}")
            yield _quoted(title, examples, notes)
            yield from _cut(examples)


def _quality(r: Resumen) -> Iterator[Bloque]:
    if not r.avisos:
        yield Parrafo("La lectura no dejó avisos sobre estos acuerdos.")
        return
    yield Parrafo(
        f"La lectura dejó avisos sobre {plural(r.acuerdos_con_aviso, 'acuerdo', 'acuerdos')}. Ninguno se corrigió en silencio: "
        "véalos con «acuerdos avisos»."
    )
    rows = tuple((f"Acuerdos {AVISOS.get(kind, kind)}", n) for kind, n in r.avisos)
    yield Tabla("Avisos de la lectura", ("Aviso", "Casos"), rows)


def _method(r: Resumen) -> Iterator[Bloque]:
    m = r.metodo
    yield Parrafo(
        f"Instituciones, responsables, actividades y fechas se etiquetaron con las reglas y catálogos de acuerdos {m.version} sobre "
        "el texto de cada acuerdo; cada etiqueta guarda la regla y el pasaje en que se apoya («acuerdos show ID»). Son una ayuda "
        "para leer, no un dato oficial."
    )
    if m.clasificador:
        yield Parrafo(
            f"A las actividades se suma un clasificador ({m.clasificador}, creado el {day(m.creado) if m.creado else '—'}, con "
            f"{plural(m.entrenado_con, 'acuerdo', 'acuerdos')}). De las etiquetas de actividad de esta selección, {m.por_reglas:,} son de "
            f"reglas, {m.por_modelo:,} las añadió el clasificador y {m.por_personas:,} las puso una persona."
        )
    if m.f1:
        rows = tuple((f"Actividades, {name}", Medida(value)) for name, value in m.f1)
        yield Tabla("Qué tan buenas son (F1)", ("Etiquetas", "F1"), rows)
        yield Parrafo(
            f"F1 micro en validación cruzada sobre {plural(m.f1_acuerdos, 'acuerdo anotado', 'acuerdos anotados')} (manifiesto del "
            "clasificador): 1.000 sería perfecto. Para los demás conjuntos, y por etiqueta, use «acuerdos eval».",
            nota=True,
        )
