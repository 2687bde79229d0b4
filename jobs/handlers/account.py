"""A person's data, packed into one ZIP; the deletion of an account."""

import hashlib
import shutil
import tempfile
import zipfile
from typing import IO, BinaryIO, cast
from uuid import UUID

from taskjuggler_app.adapters import registry
from taskjuggler_app.core import batches, clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.queue import Backoff, job
from taskjuggler_app.domain.farewell import asking, closing, ending, leaving
from taskjuggler_app.domain.teams import exports


def _died(user_id: str, team_id: str, batch_id: str) -> None:
    with transaction() as session:
        exports.fail(session, UUID(user_id), batch_id)


@job(exports.PACK, retries=Backoff(attempts=4, first=2.0), on_dead=_died)
def pack(user_id: str, team_id: str, batch_id: str) -> None:
    """Write the ZIP beside the database, keep it, then its row: an attempt that was killed is simply made again."""
    with transaction() as session:
        if exports.is_done(session, batch_id):
            return
    with tempfile.NamedTemporaryFile() as file:
        _write(file, UUID(user_id), batch_id)
        file.seek(0)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        size = registry.files().put(exports.storage_key(batch_id), cast(BinaryIO, file))
    with transaction() as session:
        if not exports.is_done(session, batch_id):
            exports.finish(session, UUID(user_id), UUID(team_id), batch_id, size, sha256)


def _write(file: IO[bytes], user_id: UUID, batch_id: str) -> None:
    counts: dict[str, int] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for part in exports.PARTS:
            with transaction() as session:
                rows = list(exports.rows_of(session, user_id, part))
            counts[part] = len(rows)
            packed.writestr(f"{part}.json", exports.as_json(rows))
            packed.writestr(f"{part}.csv", exports.as_csv(rows))
            with transaction() as session:
                batches.part_done(session, batch_id, part)
        with transaction() as session:
            kept = exports.kept_files(session, user_id)
        for key, name in kept:
            _add(packed, key, name)
        packed.writestr("README.txt", exports.readme(counts, clock.utcnow()))


def _add(packed: zipfile.ZipFile, key: str, name: str) -> None:
    """One file as it is; one that is gone is said in its place."""
    try:
        content = registry.files().open(key)
    except NotFound:
        packed.writestr(f"{name}.missing.txt", "This file is not there any more.\n")
        return
    with content, packed.open(name, "w") as target:
        shutil.copyfileobj(content, target)


@job(asking.END, retries=Backoff(attempts=6, first=5.0))
def delete(user_id: str) -> None:
    """Delete an account whose grace is over, a piece a transaction; a killed attempt goes on where it was."""
    person = UUID(user_id)
    with transaction() as session:
        if not ending.begin(session, person, clock.utcnow()):
            return
    with transaction() as session:
        places = ending.places(session, person)
    for place in places:
        _end_place(person, place.id)
    with transaction() as session:
        ending.finish(session, person, clock.utcnow())


def _end_place(person: UUID, team_id: UUID) -> None:
    more = True
    while more:
        with transaction() as session:
            more = closing.take_apart(session, person, team_id, clock.utcnow())
    with transaction() as session:
        if not closing.close(session, person, team_id):
            leaving.leave(session, person, team_id, clock.utcnow())
