"""A client's own details and password."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from appointments_app import routes, runtime
from appointments_app.api.portal.pages import Visitor, language_of, render, said_in, signed_in, text_of
from appointments_app.domain.errors import Conflict, DomainError, Invalid
from appointments_app.domain.language import LANGUAGES
from appointments_app.domain.message import Channel
from appointments_app.domain.portal import ClientActor
from appointments_app.domain.sign_in import hash_of
from appointments_app.domain.words import N_
from appointments_app.features.portal import service
from appointments_app.features.portal.service.profile import FIELDS, Profile

_DONE = {"saved": N_("Saved."), "password": N_("Your password was saved."), "none": N_("You have no password now.")}


@signed_in
async def show(request: Request, visitor: Visitor, actor: ClientActor) -> Response:
    """GET: the profile."""
    return _page(request, visitor, await _read(actor))


@signed_in
async def save(request: Request, visitor: Visitor, actor: ClientActor) -> Response:
    """POST the profile; what is wrong is said at its field, and nothing typed is lost."""
    typed = {name: await text_of(request, name) for name in FIELDS}
    version = await text_of(request, "version", 10)
    number = int(version) if version.isascii() and version.isdigit() else 0
    try:
        await runtime.off_the_loop(service.save_profile, runtime.uow(), actor=actor, typed=typed, version=number)
    except (Invalid, Conflict) as refusal:
        now = await _read(actor)
        return _page(request, visitor, replace(now, values=typed), refusal)
    return RedirectResponse(f"{routes.PORTAL}/profile?done=saved", 303)


@signed_in
async def set_password(request: Request, visitor: Visitor, actor: ClientActor) -> Response:
    """POST ``password``, or ``none``: sign-ins elsewhere end."""
    wanted, none = await text_of(request, "password"), await text_of(request, "none")
    try:
        if not wanted and not none:
            raise Invalid(fields={"password": N_("At least 10 characters.")})
        await runtime.at_the_door(
            service.set_password,
            runtime.uow(),
            actor=actor,
            session=hash_of(visitor.session),
            wanted="" if none else wanted,
        )
    except Invalid as refusal:
        return _page(request, visitor, await _read(actor), refusal)
    return RedirectResponse(f"{routes.PORTAL}/profile?done={'none' if none else 'password'}", 303)


@signed_in
async def choose_messages(request: Request, visitor: Visitor, actor: ClientActor) -> Response:
    """POST ``sms`` and ``email``, ticked or not: how the client wants to be sent messages."""
    wanted = [channel for channel in Channel if await text_of(request, channel.value)]
    await runtime.off_the_loop(service.choose_messages, runtime.uow(), actor=actor, wanted=wanted)
    return RedirectResponse(f"{routes.PORTAL}/profile?done=saved", 303)


async def _read(actor: ClientActor) -> Profile:
    return await runtime.off_the_loop(service.open_profile, runtime.uow(), actor=actor)


def _page(request: Request, visitor: Visitor, profile: Profile, refusal: DomainError | None = None) -> Response:
    error, errors = said_in(request, visitor, refusal) if refusal else ("", {})
    language = language_of(request, visitor)
    done = _DONE.get(request.query_params.get("done", ""), "")
    return render(
        request,
        visitor,
        "profile.html",
        status=422 if refusal else 200,
        values=profile.values,
        version=profile.version,
        has_password=profile.has_password,
        channels={channel.value for channel in profile.channels},
        language_choices=[("", runtime.translate(language, "As the business")), *LANGUAGES.items()],
        said=runtime.translate(language, done) if done else "",
        error="" if errors else error,
        errors=errors,
    )
