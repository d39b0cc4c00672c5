"""The workspace: one SQLite file, the only truth. Everything else on disk is derived from it."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

from nlp_acuerdos.errors import EspacioInvalido, NoEncontrado
from nlp_acuerdos.records import (
    Acuerdo,
    Correccion,
    Documento,
    Etiquetas,
    Lectura,
    Rechazo,
)  # fmt: skip
from nlp_acuerdos.workspace import filas
from nlp_acuerdos.workspace.ajustes import Ajustes
from nlp_acuerdos.workspace.base import ARCHIVO, DANADO
from nlp_acuerdos.workspace.esquema import connect, now
from nlp_acuerdos.workspace.relaciones import Relaciones
from nlp_acuerdos.workspace.reparaciones import Reparaciones

__all__ = ["ARCHIVO", "Workspace"]

_MISSING = "no hay un espacio de trabajo en «{}»; créelo con «acuerdos build DOCUMENTO»"


class Workspace(Ajustes, Reparaciones, Relaciones):
    """An open workspace. Use `Workspace.open`; close it or use it as a context manager."""

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
            return cls(folder, connect(path))
        except (OSError, sqlite3.OperationalError) as error:
            raise EspacioInvalido(
                f"no puedo abrir o escribir el espacio «{folder}» ({error}); revise permisos y disco, o use --espacio DIR"
            ) from error
        except sqlite3.DatabaseError as error:
            raise EspacioInvalido(DANADO.format(path, error)) from error

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    # -- documents and agreements -------------------------------------------------------------------------------

    def save(self, lectura: Lectura) -> None:
        """Replace the document of `lectura` by what was read now; tags of unchanged agreements are kept."""
        doc, ids = lectura.documento, {a.id for a in lectura.acuerdos}
        refused = json.dumps([asdict(r) for r in lectura.rechazadas], ensure_ascii=False)
        self._db.execute(
            "INSERT INTO documentos VALUES (?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (clave) DO UPDATE SET archivo=excluded.archivo,"
            " sha256=excluded.sha256, titulo=excluded.titulo, proceso=excluded.proceso, leidas=excluded.leidas,"
            " fecha_documento=excluded.fecha_documento, proceso_supuesto=excluded.proceso_supuesto,"
            " rechazadas=excluded.rechazadas, encabezados=excluded.encabezados, continuaciones=excluded.continuaciones,"
            " con_estatus=excluded.con_estatus",
            (doc.clave, doc.archivo, doc.sha256, doc.titulo, doc.proceso, doc.fecha_documento.isoformat(),
             doc.proceso_supuesto, lectura.leidas, refused, lectura.encabezados, lectura.continuaciones,
             lectura.con_estatus),
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
            map(filas.agreement_row, lectura.acuerdos),
        )
        self._save_repairs(doc.clave, lectura.reparaciones)
        self.save_avisos(a for a in lectura.avisos if a.id in ids)
        self._readjust(doc.clave)

    def remove(self, clave: str) -> int:
        """Remove a document and its agreements; return how many. Raises NoEncontrado for an unknown key."""
        if clave not in self.documents():
            known = ", ".join(sorted(self.documents())) or "ninguno"
            raise NoEncontrado(f"no hay un documento «{clave}» en el espacio; hay: {known}")
        count = int(self._rows("SELECT count(*) FROM acuerdos WHERE documento=?", (clave,))[0][0])
        self._db.execute("DELETE FROM documentos WHERE clave=?", (clave,))
        self._touch()
        return count

    def documents(self) -> dict[str, Documento]:
        """Return the documents by key, in key order."""
        rows = self._rows(
            "SELECT clave, archivo, sha256, titulo, proceso, fecha_documento, proceso_supuesto FROM documentos"
            " ORDER BY clave"
        )
        return {c: Documento(c, a, s, t, p, date.fromisoformat(f), bool(x)) for c, a, s, t, p, f, x in rows}

    def reading(self, clave: str) -> Lectura:
        """Return what was read of a document, as it stands now."""
        rows = self._rows("SELECT * FROM acuerdos WHERE documento=? ORDER BY orden, id", (clave,))
        found = tuple(filas.agreement(row) for row in rows)
        ids = {a.id for a in found}
        sql = "SELECT leidas, rechazadas, encabezados, continuaciones, con_estatus FROM documentos WHERE clave=?"
        seen, refused, headings, joined, with_status = self._rows(sql, (clave,))[0]
        warnings = tuple(a for a in self.avisos() if a.id in ids)
        return Lectura(
            self.documents()[clave], found, warnings, tuple(Rechazo(**r) for r in json.loads(refused)), seen, headings,
            joined, reparaciones=tuple(self.repairs(clave)), con_estatus=bool(with_status),
        )  # fmt: skip

    def reading_as_read(self, clave: str) -> Lectura:
        """Return what was read of a document, without the changes people accepted over it."""
        read: dict[str, dict[str, Any]] = {}
        for id_, campo, leido in self._rows(
            "SELECT j.acuerdo, j.campo, j.leido FROM ajustes j JOIN acuerdos a ON a.id=j.acuerdo WHERE a.documento=?",
            (clave,),
        ):
            read.setdefault(id_, {})[campo] = leido
        lectura = self.reading(clave)
        return replace(lectura, acuerdos=tuple(replace(a, **read.get(a.id, {})) for a in lectura.acuerdos))

    def count(self) -> int:
        """Return how many agreements there are."""
        return int(self._rows("SELECT count(*) FROM acuerdos")[0][0])

    def ids(self) -> list[str]:
        """Return the id of every agreement, in document and row order."""
        return [id_ for (id_,) in self._rows("SELECT id FROM acuerdos ORDER BY documento, orden, id")]

    def agreements(self) -> list[Acuerdo]:
        """Return every agreement, in document and row order."""
        return [filas.agreement(row) for row in self._rows("SELECT * FROM acuerdos ORDER BY documento, orden, id")]

    def texts(self) -> list[tuple[str, str]]:
        """Return (id, text) of every agreement, in id order: the row order of the index."""
        return [(i, t) for i, t in self._rows("SELECT id, acuerdo FROM acuerdos ORDER BY id")]

    def agreement(self, id_: str) -> Acuerdo:
        """Return one agreement. Raises NoEncontrado for an unknown id."""
        rows = self._rows("SELECT * FROM acuerdos WHERE id=?", (id_,))
        if not rows:
            raise NoEncontrado(
                f"no hay un acuerdo con id «{id_}»; los ids salen en «acuerdos search» y «acuerdos export»"
            )
        return filas.agreement(rows[0])

    def agreements_of(self, ids: Iterable[str]) -> dict[str, Acuerdo]:
        """Return the agreements of some ids, by id; unknown ids are left out."""
        return {row[0]: filas.agreement(row) for row in self._of("SELECT * FROM acuerdos WHERE id IN ({})", ids)}

    # -- tags ---------------------------------------------------------------------------------------------------

    def tag_fingerprints(self) -> dict[str, str]:
        """Return the fingerprint of the rules and anchor each agreement was tagged with."""
        return dict(self._rows("SELECT acuerdo, huella FROM etiquetas"))

    def save_tags(self, tagged: Iterable[tuple[str, str, Etiquetas]]) -> None:
        """Store (id, fingerprint, tags)."""
        rows = ((i, h, json.dumps(filas.tags_data(t), ensure_ascii=False)) for i, h, t in tagged)
        self._db.executemany("INSERT OR REPLACE INTO etiquetas VALUES (?,?,?)", rows)
        self._touch()

    def tags(self) -> dict[str, Etiquetas]:
        """Return the tags of every tagged agreement, by id, with the corrections people made."""
        found = {i: filas.read_tags(data) for i, data in self._rows("SELECT acuerdo, datos FROM etiquetas")}
        for id_, corrections in self.corrections().items():
            if id_ in found:
                found[id_] = found[id_].corrected(corrections)
        return found

    def tags_of(self, ids: Iterable[str]) -> dict[str, Etiquetas]:
        """Return the tags of some agreements, by id, with the corrections people made."""
        wanted = list(ids)
        sql = "SELECT acuerdo, datos FROM etiquetas WHERE acuerdo IN ({})"
        found = {i: filas.read_tags(data) for i, data in self._of(sql, wanted)}
        if self._rows("SELECT 1 FROM correcciones LIMIT 1"):
            for id_, corrections in self.corrections().items():
                if id_ in found:
                    found[id_] = found[id_].corrected(corrections)
        return found

    def version(self) -> str:
        """Return what changes whenever agreements, tags or corrections do."""
        return self.meta("version") or ""

    def correct(self, correcciones: Iterable[Correccion]) -> None:
        """Store corrections of tags; a later one on the same code replaces the earlier."""
        rows = [(c.id, c.conjunto, c.codigo, int(c.presente), c.quien, now()) for c in correcciones]
        self._db.executemany("INSERT OR REPLACE INTO correcciones VALUES (?,?,?,?,?,?)", rows)
        self._touch()

    def undo_corrections(self, id_: str, codigos: Iterable[tuple[str, str]] = ()) -> int:
        """Withdraw the corrections of an agreement, all or those of (set, code); return how many.

        Raises NoEncontrado when there is none.
        """
        chosen = list(codigos) or [(c.conjunto, c.codigo) for c in self.corrections().get(id_, ())]
        sql = "DELETE FROM correcciones WHERE acuerdo=? AND conjunto=? AND codigo=?"
        count = sum(self._db.execute(sql, (id_, conjunto, code)).rowcount for conjunto, code in chosen)
        if not count:
            raise NoEncontrado(f"no hay correcciones sobre «{id_}» que deshacer; «acuerdos fix» las lista")
        self._touch()
        return count

    def corrections(self) -> dict[str, tuple[Correccion, ...]]:
        """Return the corrections of each agreement, by id; those of agreements that are gone wait for their return."""
        found: dict[str, tuple[Correccion, ...]] = {}
        for id_, conjunto, code, present, who, when in self._rows("SELECT * FROM correcciones ORDER BY 1, 2, 3"):
            found[id_] = (*found.get(id_, ()), Correccion(id_, conjunto, code, bool(present), who, when))
        return found

    # -- saved searches -----------------------------------------------------------------------------------------

    def save_search(self, nombre: str, consulta: str, filtros: Mapping[str, Any], ids: Iterable[str]) -> None:
        """Store a search under a name, with the ids it finds now; a later one replaces it."""
        row = (nombre, consulta, json.dumps(filtros, ensure_ascii=False), json.dumps(sorted(ids)), now())
        self._db.execute("INSERT OR REPLACE INTO busquedas VALUES (?,?,?,?,?)", row)

    def searches(self) -> dict[str, tuple[str, dict[str, Any], frozenset[str], str]]:
        """Return the saved searches by name: query, filters as written, ids found when saved, and when."""
        rows = self._rows("SELECT nombre, consulta, filtros, ids, cuando FROM busquedas ORDER BY nombre")
        return {n: (c, json.loads(f), frozenset(json.loads(i)), w) for n, c, f, i, w in rows}

    def forget_search(self, nombre: str) -> None:
        """Drop a saved search. Raises NoEncontrado for an unknown name."""
        if not self._db.execute("DELETE FROM busquedas WHERE nombre=?", (nombre,)).rowcount:
            raise NoEncontrado(f"no hay una búsqueda guardada «{nombre}»; «acuerdos search --guardadas» las lista")

    # -- snapshots, vectors, meta -------------------------------------------------------------------------------

    def snapshot(self) -> int:
        """Record the agreements and statuses as a numbered snapshot when they changed; return the newest number."""
        rows = self._rows("SELECT id, documento, orden, entidad, acuerdo, estatus FROM acuerdos ORDER BY id")
        digest = hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()
        last = self._rows("SELECT numero, huella FROM capturas ORDER BY numero DESC LIMIT 1")
        if last and last[0][1] == digest:
            return int(last[0][0])
        number = int(last[0][0]) + 1 if last else 1
        self._db.execute("INSERT INTO capturas VALUES (?,?,?,?)", (number, now(), digest, len(rows)))
        self._db.executemany("INSERT INTO captura_acuerdos VALUES (?,?,?,?,?,?,?)", ((number, *row) for row in rows))
        return number

    def snapshots(self) -> list[tuple[int, str, int]]:
        """Return (number, when, agreements) of each snapshot, oldest first."""
        return [(n, c, k) for n, c, k in self._rows("SELECT numero, cuando, n FROM capturas ORDER BY numero")]

    def captured(self, numero: int) -> list[Acuerdo]:
        """Return the agreements of a snapshot, in document and row order. Raises NoEncontrado for an unknown number."""
        if not self._rows("SELECT 1 FROM capturas WHERE numero=?", (numero,)):
            known = ", ".join(f"#{n}" for n, _, _ in self.snapshots()) or "ninguna"
            raise NoEncontrado(f"no hay una captura #{numero} en el espacio; hay: {known}")
        sql = f"SELECT {filas.CAPTURA} FROM captura_acuerdos WHERE captura=? ORDER BY documento, orden, id"
        return [filas.captured(row) for row in self._rows(sql, (numero,))]

    def statuses_captured(self, ids: Iterable[str]) -> dict[str, list[tuple[int, str | None]]]:
        """Return (snapshot, status) of some agreements in every snapshot that holds them, oldest first, by id."""
        found: dict[str, list[tuple[int, str | None]]] = {}
        sql = "SELECT id, captura, estatus FROM captura_acuerdos WHERE id IN ({}) ORDER BY captura"
        for id_, number, status in self._of(sql, ids):
            found.setdefault(id_, []).append((number, status))
        return found

    def replaced(self, documento: str, numero: int) -> tuple[list[Acuerdo], list[Acuerdo]]:
        """Return what left a document with a snapshot, and what came, against the snapshot before it."""
        sql = (
            f"SELECT {filas.CAPTURA} FROM captura_acuerdos x WHERE documento=? AND captura=? AND NOT EXISTS"
            " (SELECT 1 FROM captura_acuerdos y WHERE y.captura=? AND y.id=x.id) ORDER BY orden, id"
        )
        sides = ((documento, numero - 1, numero), (documento, numero, numero - 1))
        gone, came = ([filas.captured(row) for row in self._rows(sql, side)] for side in sides)
        return gone, came

    def vectors(self, modelo: str, hashes: Iterable[str]) -> dict[str, bytes]:
        """Return the cached vectors (float32 bytes) of `hashes` for an encoder's fingerprint."""
        return dict(self._cached("vector", modelo, hashes))

    def vector_sizes(self, modelo: str, hashes: Iterable[str]) -> dict[str, int]:
        """Return the bytes of each cached vector of `hashes`, without reading them."""
        return dict(self._cached("length(vector)", modelo, hashes))

    def _cached(self, what: str, modelo: str, hashes: Iterable[str]) -> Iterator[tuple[Any, ...]]:
        wanted = sorted(set(hashes))
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            marks = ",".join("?" * len(part))
            yield from self._rows(
                f"SELECT texto, {what} FROM vectores WHERE modelo=? AND texto IN ({marks})", (modelo, *part)
            )

    def save_vectors(self, modelo: str, vectores: Mapping[str, bytes]) -> None:
        """Cache vectors by content hash for an encoder's fingerprint."""
        rows = [(modelo, text, blob) for text, blob in vectores.items()]
        self._db.executemany("INSERT OR REPLACE INTO vectores VALUES (?,?,?)", rows)
