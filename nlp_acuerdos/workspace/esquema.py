"""The schema of the workspace and its migrations: one statement list a version, never edited once released."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from nlp_acuerdos.errors import EspacioInvalido

MIGRACIONES = (
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
    """
    CREATE TABLE correcciones (
        acuerdo TEXT NOT NULL, conjunto TEXT NOT NULL, codigo TEXT NOT NULL, presente INTEGER NOT NULL,
        quien TEXT NOT NULL, cuando TEXT NOT NULL, PRIMARY KEY (acuerdo, conjunto, codigo));
    """,
    """
    CREATE TABLE busquedas (
        nombre TEXT PRIMARY KEY, consulta TEXT NOT NULL, filtros TEXT NOT NULL, ids TEXT NOT NULL, cuando TEXT NOT NULL);
    """,
    """
    ALTER TABLE avisos ADD COLUMN cambios TEXT NOT NULL DEFAULT '[]';
    CREATE TABLE ajustes (
        acuerdo TEXT NOT NULL, campo TEXT NOT NULL, valor TEXT, leido TEXT, aviso TEXT NOT NULL, origen TEXT NOT NULL,
        quien TEXT NOT NULL, cuando TEXT NOT NULL, PRIMARY KEY (acuerdo, campo));
    CREATE TABLE avisos_vistos (
        acuerdo TEXT NOT NULL, tipo TEXT NOT NULL, quien TEXT NOT NULL, cuando TEXT NOT NULL, PRIMARY KEY (acuerdo, tipo));
    """,
    """
    CREATE TABLE candidatos (pares BLOB NOT NULL);
    """,
    """
    ALTER TABLE documentos ADD COLUMN encabezados INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE documentos ADD COLUMN continuaciones INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE documentos ADD COLUMN con_estatus INTEGER NOT NULL DEFAULT 1;
    CREATE TABLE reparaciones (
        documento TEXT NOT NULL REFERENCES documentos ON DELETE CASCADE, acuerdo TEXT NOT NULL, tipo TEXT NOT NULL,
        filas TEXT NOT NULL, PRIMARY KEY (acuerdo, tipo));
    CREATE TABLE deshechas (
        acuerdo TEXT NOT NULL, tipo TEXT NOT NULL, quien TEXT NOT NULL, cuando TEXT NOT NULL, PRIMARY KEY (acuerdo, tipo));
    """,
)


def now() -> str:
    """Return the present moment as it is stored."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def connect(path: Path) -> sqlite3.Connection:
    """Open the database and bring its schema up to date. Raises EspacioInvalido for a newer one."""
    connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if version > len(MIGRACIONES):
            raise EspacioInvalido(f"el espacio «{path}» es de una versión más nueva de acuerdos; actualice el programa")
        if version < len(MIGRACIONES):
            _migrate(connection, version)
        connection.execute("SELECT count(*) FROM acuerdos, meta").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _migrate(connection: sqlite3.Connection, version: int) -> None:
    if version == 0:
        connection.execute("PRAGMA journal_mode = WAL")
    statements = "\n".join(MIGRACIONES[version:])
    try:
        connection.executescript(f"BEGIN IMMEDIATE;\n{statements}\nPRAGMA user_version = {len(MIGRACIONES)};\nCOMMIT;")
    except sqlite3.OperationalError as error:
        if connection.in_transaction:
            connection.rollback()
        if "already exists" not in str(error):
            raise
        raced = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if raced != len(MIGRACIONES):
            raise sqlite3.DatabaseError(str(error)) from error
