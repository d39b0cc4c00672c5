"""The workspace: one SQLite file, the only truth. Everything else on disk is derived from it."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from nlp_acuerdos.errors import EspacioInvalido, NoEncontrado
from nlp_acuerdos.records import (
    Acuerdo,
    Aviso,
    Diferencia,
    Documento,
    Etiquetas,
    Evidencia,
    Fecha,
    Grupo,
    Lectura,
    Miembro,
    Origen,
    Relacion,
)  # fmt: skip

ARCHIVO = "acuerdos.db"
_MIGRATIONS = (
    """
    CREATE TABLE documentos (
        clave TEXT PRIMARY KEY, archivo TEXT NOT NULL, sha256 TEXT NOT NULL, titulo TEXT NOT NULL,
        proceso TEXT NOT NULL, fecha_documento TEXT NOT NULL, proceso_supuesto INTEGER NOT NULL,
        leidas INTEGER NOT NULL, rechazadas TEXT NOT NULL);
    CREATE TABLE acuerdos (
        id TEXT PRIMARY KEY, documento TEXT NOT NULL REFERENCES documentos ON DELETE CASCADE, orden INTEGER NOT NULL,
        entidad TEXT NOT NULL, acuerdo TEXT NOT NULL, estatus TEXT, estatus_original TEXT NOT NULL,
        archivo TEXT NOT NULL, pagina INTEGER, fila INTEGER, reparaciones TEXT NOT NULL, extra TEXT NOT NULL);
    CREATE INDEX acuerdos_orden ON acuerdos (documento, orden);
    CREATE TABLE avisos (
        acuerdo TEXT NOT NULL REFERENCES acuerdos ON DELETE CASCADE, tipo TEXT NOT NULL, detalle TEXT NOT NULL,
        sugerencia TEXT NOT NULL);
    CREATE TABLE etiquetas (
        acuerdo TEXT PRIMARY KEY REFERENCES acuerdos ON DELETE CASCADE, huella TEXT NOT NULL, datos TEXT NOT NULL);
    CREATE TABLE relaciones (
        a TEXT NOT NULL REFERENCES acuerdos ON DELETE CASCADE, b TEXT NOT NULL REFERENCES acuerdos ON DELETE CASCADE,
        relacion TEXT NOT NULL, similitud REAL NOT NULL, diferencias TEXT NOT NULL, decidida INTEGER NOT NULL,
        PRIMARY KEY (a, b));
    CREATE INDEX relaciones_b ON relaciones (b);
    CREATE TABLE grupos (id TEXT PRIMARY KEY, datos TEXT NOT NULL);
    CREATE TABLE decisiones (
        a TEXT NOT NULL, b TEXT NOT NULL, relacion TEXT NOT NULL, quien TEXT NOT NULL, cuando TEXT NOT NULL,
        PRIMARY KEY (a, b));
    CREATE TABLE capturas (numero INTEGER PRIMARY KEY, cuando TEXT NOT NULL, huella TEXT NOT NULL, n INTEGER NOT NULL);
    CREATE TABLE captura_acuerdos (
        captura INTEGER NOT NULL REFERENCES capturas ON DELETE CASCADE, id TEXT NOT NULL, documento TEXT NOT NULL,
        orden INTEGER NOT NULL, entidad TEXT NOT NULL, acuerdo TEXT NOT NULL, estatus TEXT, PRIMARY KEY (captura, id));
    CREATE TABLE vectores (
        modelo TEXT NOT NULL, texto TEXT NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (modelo, texto)) WITHOUT ROWID;
    CREATE TABLE meta (clave TEXT PRIMARY KEY, valor TEXT NOT NULL);
    """,
)
_MISSING = "no hay un espacio de trabajo en «{}»; créelo con «acuerdos build DOCUMENTO»"
_DAMAGED = (
    "el espacio «{}» está dañado o no es de acuerdos ({}); bórrelo o restaure una copia y repita «acuerdos build»"
)


class Workspace:
    """An open workspace. Use `Workspace.open`; close it or use it as a context manager."""

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        self.folder = folder
        self._db = connection

    @classmethod
    def open(cls, folder: Path, *, create: bool = False) -> Workspace:
        """Open the workspace in `folder`, migrating its schema; with `create`, make it when it is not there.

        Raises EspacioInvalido when it is missing, damaged, newer than this version, or cannot be written.
        """
        path = folder / ARCHIVO
        if not create and not path.is_file():
            raise EspacioInvalido(_MISSING.format(folder))
        try:
            folder.mkdir(parents=True, exist_ok=True)
            return cls(folder, _connect(path))
        except (OSError, sqlite3.OperationalError) as error:
            raise EspacioInvalido(
                f"no puedo abrir o escribir el espacio «{folder}» ({error}); revise permisos y disco, o use --espacio DIR"
            ) from error
        except sqlite3.DatabaseError as error:
            raise EspacioInvalido(_DAMAGED.format(path, error)) from error

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run a block as one transaction: all of it is kept, or none."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise EspacioInvalido(
                f"no puedo escribir en el espacio «{self.folder}» ({error}); espere a que termine el otro proceso o "
                "revise permisos"
            ) from error
        try:
            yield
        except sqlite3.OperationalError as error:
            self._db.rollback()
            raise EspacioInvalido(f"no pude guardar en «{self.folder}» ({error}); nada cambió: revise disco") from error
        except BaseException:
            self._db.rollback()
            raise
        self._db.commit()

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._db.execute(sql, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise EspacioInvalido(_DAMAGED.format(self.folder / ARCHIVO, error)) from error

    # -- documents and agreements -------------------------------------------------------------------------------

    def save(self, lectura: Lectura) -> None:
        """Replace the document of `lectura` by what was read now; tags of unchanged agreements are kept."""
        doc, ids = lectura.documento, {a.id for a in lectura.acuerdos}
        refused = json.dumps([asdict(r) for r in lectura.rechazadas], ensure_ascii=False)
        self._db.execute(
            "INSERT INTO documentos VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT (clave) DO UPDATE SET archivo=excluded.archivo,"
            " sha256=excluded.sha256, titulo=excluded.titulo, proceso=excluded.proceso, leidas=excluded.leidas,"
            " fecha_documento=excluded.fecha_documento, proceso_supuesto=excluded.proceso_supuesto,"
            " rechazadas=excluded.rechazadas",
            (doc.clave, doc.archivo, doc.sha256, doc.titulo, doc.proceso, doc.fecha_documento.isoformat(),
             doc.proceso_supuesto, lectura.leidas, refused),
        )  # fmt: skip
        gone = [(i,) for (i,) in self._rows("SELECT id FROM acuerdos WHERE documento=?", (doc.clave,)) if i not in ids]
        self._db.executemany("DELETE FROM acuerdos WHERE id=?", gone)
        self._db.execute(
            "DELETE FROM avisos WHERE acuerdo IN (SELECT id FROM acuerdos WHERE documento=?)", (doc.clave,)
        )
        self._db.executemany(
            "INSERT INTO acuerdos VALUES (?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (id) DO UPDATE SET orden=excluded.orden,"
            " entidad=excluded.entidad, acuerdo=excluded.acuerdo, estatus=excluded.estatus,"
            " estatus_original=excluded.estatus_original, archivo=excluded.archivo, pagina=excluded.pagina,"
            " fila=excluded.fila, reparaciones=excluded.reparaciones, extra=excluded.extra",
            map(_agreement_row, lectura.acuerdos),
        )
        avisos = [(a.id, a.tipo, a.detalle, a.sugerencia) for a in lectura.avisos if a.id in ids]
        self._db.executemany("INSERT INTO avisos VALUES (?,?,?,?)", avisos)

    def remove(self, clave: str) -> int:
        """Remove a document and its agreements; return how many. Raises NoEncontrado for an unknown key."""
        if clave not in self.documents():
            known = ", ".join(sorted(self.documents())) or "ninguno"
            raise NoEncontrado(f"no hay un documento «{clave}» en el espacio; hay: {known}")
        count = int(self._rows("SELECT count(*) FROM acuerdos WHERE documento=?", (clave,))[0][0])
        self._db.execute("DELETE FROM documentos WHERE clave=?", (clave,))
        return count

    def documents(self) -> dict[str, Documento]:
        """Return the documents by key, in key order."""
        rows = self._rows(
            "SELECT clave, archivo, sha256, titulo, proceso, fecha_documento, proceso_supuesto FROM documentos"
            " ORDER BY clave"
        )
        return {c: Documento(c, a, s, t, p, date.fromisoformat(f), bool(x)) for c, a, s, t, p, f, x in rows}

    def count(self) -> int:
        """Return how many agreements there are."""
        return int(self._rows("SELECT count(*) FROM acuerdos")[0][0])

    def agreements(self) -> list[Acuerdo]:
        """Return every agreement, in document and row order."""
        return [_agreement(row) for row in self._rows("SELECT * FROM acuerdos ORDER BY documento, orden, id")]

    def agreement(self, id_: str) -> Acuerdo:
        """Return one agreement. Raises NoEncontrado for an unknown id."""
        rows = self._rows("SELECT * FROM acuerdos WHERE id=?", (id_,))
        if not rows:
            raise NoEncontrado(
                f"no hay un acuerdo con id «{id_}»; los ids salen en «acuerdos search» y «acuerdos export»"
            )
        return _agreement(rows[0])

    def avisos(self) -> list[Aviso]:
        """Return every warning, in document and row order."""
        rows = self._rows(
            "SELECT v.tipo, v.acuerdo, v.detalle, v.sugerencia FROM avisos v JOIN acuerdos a ON a.id = v.acuerdo"
            " ORDER BY a.documento, a.orden, v.rowid"
        )
        return [Aviso(*row) for row in rows]

    # -- tags ---------------------------------------------------------------------------------------------------

    def tag_fingerprints(self) -> dict[str, str]:
        """Return the fingerprint of the rules and anchor each agreement was tagged with."""
        return dict(self._rows("SELECT acuerdo, huella FROM etiquetas"))

    def save_tags(self, tagged: Iterable[tuple[str, str, Etiquetas]]) -> None:
        """Store (id, fingerprint, tags)."""
        rows = ((i, h, json.dumps(_tags_data(t), ensure_ascii=False)) for i, h, t in tagged)
        self._db.executemany("INSERT OR REPLACE INTO etiquetas VALUES (?,?,?)", rows)

    def tags(self) -> dict[str, Etiquetas]:
        """Return the tags of every tagged agreement, by id."""
        return {i: _tags(data) for i, data in self._rows("SELECT acuerdo, datos FROM etiquetas")}

    # -- duplicates ---------------------------------------------------------------------------------------------

    def save_relations(self, relaciones: Iterable[Relacion], grupos: Iterable[Grupo]) -> None:
        """Replace all relations and groups."""
        self._db.execute("DELETE FROM relaciones")
        self._db.execute("DELETE FROM grupos")
        self._db.executemany("INSERT INTO relaciones VALUES (?,?,?,?,?,?)", map(_relation_row, relaciones))
        groups = [(g.id, json.dumps(asdict(g), ensure_ascii=False)) for g in grupos]
        self._db.executemany("INSERT INTO grupos VALUES (?,?)", groups)

    def relations(self) -> list[Relacion]:
        """Return every relation, sorted by the pair of ids."""
        rows = self._rows("SELECT * FROM relaciones ORDER BY a, b")
        return [
            Relacion(a, b, r, s, tuple(Diferencia(**d) for d in json.loads(j)), bool(d)) for a, b, r, s, j, d in rows
        ]

    def groups(self) -> list[Grupo]:
        """Return every group, sorted by id."""
        return [_group(json.loads(data)) for (data,) in self._rows("SELECT datos FROM grupos ORDER BY id")]

    def decide(self, a: str, b: str, relacion: str, quien: str) -> None:
        """Store a person's decision on a pair; a later one replaces it."""
        first, second = sorted((a, b))
        self._db.execute(
            "INSERT OR REPLACE INTO decisiones VALUES (?,?,?,?,?)", (first, second, relacion, quien, _now())
        )

    def undo_decision(self, a: str, b: str) -> None:
        """Withdraw a decision. Raises NoEncontrado when there is none on the pair."""
        if not self._db.execute("DELETE FROM decisiones WHERE a=? AND b=?", sorted((a, b))).rowcount:
            raise NoEncontrado(f"no hay una decisión sobre «{a}» y «{b}»; nada que deshacer")

    def decisions(self) -> dict[tuple[str, str], str]:
        """Return the decided relation by pair of ids."""
        return {(a, b): r for a, b, r in self._rows("SELECT a, b, relacion FROM decisiones ORDER BY a, b")}

    # -- snapshots, vectors, meta -------------------------------------------------------------------------------

    def snapshot(self) -> int:
        """Record the agreements and statuses as a numbered snapshot when they changed; return the newest number."""
        rows = self._rows("SELECT id, documento, orden, entidad, acuerdo, estatus FROM acuerdos ORDER BY id")
        digest = hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()
        last = self._rows("SELECT numero, huella FROM capturas ORDER BY numero DESC LIMIT 1")
        if last and last[0][1] == digest:
            return int(last[0][0])
        number = int(last[0][0]) + 1 if last else 1
        self._db.execute("INSERT INTO capturas VALUES (?,?,?,?)", (number, _now(), digest, len(rows)))
        self._db.executemany("INSERT INTO captura_acuerdos VALUES (?,?,?,?,?,?,?)", ((number, *row) for row in rows))
        return number

    def snapshots(self) -> list[tuple[int, str, int]]:
        """Return (number, when, agreements) of each snapshot, oldest first."""
        return [(n, c, k) for n, c, k in self._rows("SELECT numero, cuando, n FROM capturas ORDER BY numero")]

    def vectors(self, modelo: str, hashes: Iterable[str]) -> dict[str, bytes]:
        """Return the cached vectors (float32 bytes) of `hashes` for an encoder's fingerprint."""
        wanted = set(hashes)
        rows = self._rows("SELECT texto, vector FROM vectores WHERE modelo=?", (modelo,))
        return {text: blob for text, blob in rows if text in wanted}

    def save_vectors(self, modelo: str, vectores: Mapping[str, bytes]) -> None:
        """Cache vectors by content hash for an encoder's fingerprint."""
        rows = [(modelo, text, blob) for text, blob in vectores.items()]
        self._db.executemany("INSERT OR REPLACE INTO vectores VALUES (?,?,?)", rows)

    def meta(self, clave: str) -> str | None:
        """Return a stored note, or None."""
        rows = self._rows("SELECT valor FROM meta WHERE clave=?", (clave,))
        return str(rows[0][0]) if rows else None

    def set_meta(self, clave: str, valor: str) -> None:
        """Store a note."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?,?)", (clave, valor))


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if version > len(_MIGRATIONS):
            raise EspacioInvalido(f"el espacio «{path}» es de una versión más nueva de acuerdos; actualice el programa")
        if version < len(_MIGRATIONS):
            _migrate(connection, version)
        connection.execute("SELECT count(*) FROM acuerdos, meta").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _migrate(connection: sqlite3.Connection, version: int) -> None:
    if version == 0:
        connection.execute("PRAGMA journal_mode = WAL")
    statements = "\n".join(_MIGRATIONS[version:])
    try:
        connection.executescript(f"BEGIN IMMEDIATE;\n{statements}\nPRAGMA user_version = {len(_MIGRATIONS)};\nCOMMIT;")
    except sqlite3.OperationalError as error:
        if connection.in_transaction:
            connection.rollback()
        if "already exists" not in str(error):
            raise
        raced = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if raced != len(_MIGRATIONS):
            raise sqlite3.DatabaseError(str(error)) from error


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _agreement_row(a: Acuerdo) -> tuple[Any, ...]:
    repairs, extra = json.dumps(a.reparaciones, ensure_ascii=False), json.dumps(a.extra, ensure_ascii=False)
    origin = (a.origen.archivo, a.origen.pagina, a.origen.fila)
    return (a.id, a.documento, a.orden, a.entidad, a.acuerdo, a.estatus, a.estatus_original, *origin, repairs, extra)


def _agreement(row: tuple[Any, ...]) -> Acuerdo:
    id_, documento, orden, entidad, acuerdo, estatus, original, archivo, pagina, fila, repairs, extra = row
    origin = Origen(archivo, pagina, fila)
    return Acuerdo(
        id_,
        documento,
        orden,
        entidad,
        acuerdo,
        estatus,
        original,
        origin,
        tuple(json.loads(repairs)),
        json.loads(extra),
    )


def _tags_data(tags: Etiquetas) -> dict[str, Any]:
    return {"evidencia": [asdict(e) for e in tags.evidencia], "fechas": [asdict(f) for f in tags.fechas]}


def _tags(data: str) -> Etiquetas:
    parsed = json.loads(data)
    return Etiquetas.from_evidence(
        [Evidencia(**e) for e in parsed["evidencia"]], [Fecha(**f) for f in parsed["fechas"]]
    )


def _relation_row(r: Relacion) -> tuple[Any, ...]:
    differences = json.dumps([asdict(d) for d in r.diferencias], ensure_ascii=False)
    return (r.a, r.b, r.relacion, r.similitud, differences, int(r.decidida))


def _group(data: dict[str, Any]) -> Grupo:
    members = tuple(Miembro(**m) for m in data["miembros"])
    weakest = (data["par_mas_debil"][0], data["par_mas_debil"][1])
    return Grupo(
        data["id"], data["tipo"], data["representante"], members, weakest, data["ranura"], tuple(data["valores"])
    )
