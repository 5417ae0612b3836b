"""The files of imports: up comes what a person brings along, down go templates and the rows that were refused."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import IO

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from appointments_app import routes, runtime
from appointments_app.api.auth import actor_of, refusal
from appointments_app.api.exports import STATUS_OF
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.errors import DomainError, Invalid, NotAllowed, NotFound, NotSignedIn
from appointments_app.domain.words import N_
from appointments_app.features.imports import service
from appointments_app.integrations.imports import error_file
from appointments_app.integrations.spreadsheets import Column, FileType, write
from appointments_app.ui.i18n import RIGHT_TO_LEFT

TEMPLATES = {"xlsx": FileType.XLSX, "csv": FileType.CSV_COMMA}


async def upload(request: Request) -> Response:
    """POST the file itself, its name and kind in the address: the number of its import, or why it was refused."""
    try:
        actor = await _mover(request)
        if request.headers.get("x-requested-with") != "fetch":  # which a form of another site can't send
            raise NotAllowed()
        with tempfile.NamedTemporaryFile(prefix="upload-") as file:
            await _receive(request, file)
            run_id = await runtime.apart(
                service.take_in,
                size=file.tell(),
                progress=service.keep_going,
                actor=actor,
                path=Path(file.name),
                name=request.query_params.get("name", ""),
                kind=request.query_params.get("kind", ""),
            )
    except DomainError as error:
        return _refused(request, error)
    return JSONResponse({"id": run_id})


async def _receive(request: Request, file: IO[bytes]) -> None:
    received = 0
    async for piece in request.stream():
        received += len(piece)
        if received > service.LARGEST:
            raise Invalid(N_("The file is larger than 60 MB. Split it into smaller ones."))
        file.write(piece)
    file.flush()


async def refused_rows(request: Request) -> Response:
    """GET: the rows of an import that were refused, as they were, with the reasons behind them."""
    try:
        actor = await _mover(request)
        run_id = request.path_params["run_id"]
        found = await runtime.off_the_loop(service.refusals, runtime.uow(), actor=actor, run_id=run_id)
        is_rtl = actor.language in RIGHT_TO_LEFT
        file_type, pieces = await runtime.off_the_loop(
            error_file, found.file_kind, found.delimiter, found.titles, found.why, found.rows, right_to_left=is_rtl
        )
    except DomainError as error:
        return _refused(request, error)
    return _file(pieces, file_type, f"refused-{request.path_params['run_id']}-{PurePath(found.file_name).stem}")


async def template(request: Request) -> Response:
    """GET: an empty table with the titles that are known, and a row that shows how cells may be written."""
    try:
        actor = await _mover(request)
        file_type = TEMPLATES.get(request.path_params["ending"])
        kind = request.path_params["kind"]
        rows = await runtime.off_the_loop(service.template, actor=actor, kind=kind)
        if file_type is None:
            raise NotFound()
    except DomainError as error:
        return _refused(request, error)
    columns = [Column(str(place), title) for place, title in enumerate(rows[0])]
    is_rtl = actor.language in RIGHT_TO_LEFT
    return _file(write(file_type, columns, iter(rows[1:]), right_to_left=is_rtl, title=kind), file_type, kind)


async def _mover(request: Request) -> Actor:
    actor = await actor_of(request)
    if actor is None:
        raise NotSignedIn()
    actor.require(Permission.SETTINGS)
    return actor


def _refused(request: Request, error: DomainError) -> Response:
    response = refusal(request, error)
    response.status_code = STATUS_OF.get(error.code, 422)
    return response


def _file(pieces: Iterator[bytes], file_type: FileType, stem: str) -> Response:
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_") else "-" for letter in stem)
    name = f"{plain[:80]}.{file_type.extension}"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return StreamingResponse(pieces, media_type=file_type.media_type, headers=headers)


IMPORT_ROUTES = [
    Route(routes.IMPORT, upload, methods=["POST"]),
    Route(f"{routes.IMPORT}/{{run_id:int}}/refused", refused_rows),
    Route(f"{routes.IMPORT}/template/{{kind}}.{{ending}}", template),
]
