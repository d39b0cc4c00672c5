"""The open database, and the few things every part of the workspace does with it."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nlp_acuerdos.errors import EspacioInvalido

ARCHIVO = "acuerdos.db"
DANADO = "el espacio «{}» está dañado o no es de acuerdos ({}); bórrelo o restaure una copia y repita «acuerdos build»"


class Base:
    """A database in a folder."""

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        self.folder = folder
        self._db = connection

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
            self._db.commit()
        except sqlite3.OperationalError as error:
            self._db.rollback()
            raise EspacioInvalido(f"no pude guardar en «{self.folder}» ({error}); nada cambió: revise disco") from error
        except BaseException:
            self._db.rollback()
            raise

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._db.execute(sql, values).fetchall()
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL:
                raise EspacioInvalido(f"no hay disco para leer «{self.folder}» ({error}); libere espacio") from error
            raise EspacioInvalido(DANADO.format(self.folder / ARCHIVO, error)) from error

    def _of(self, sql: str, ids: Iterable[str]) -> Iterator[tuple[Any, ...]]:
        wanted = list(ids)
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            yield from self._rows(sql.format(",".join("?" * len(part))), part)

    def _touch(self) -> None:
        self.set_meta("version", uuid.uuid4().hex)

    def meta(self, clave: str) -> str | None:
        """Return a stored note, or None."""
        rows = self._rows("SELECT valor FROM meta WHERE clave=?", (clave,))
        return str(rows[0][0]) if rows else None

    def set_meta(self, clave: str, valor: str) -> None:
        """Store a note."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?,?)", (clave, valor))
