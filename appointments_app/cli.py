"""The ``appointments`` command."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from appointments_app import __version__
from appointments_app.domain.access import Role
from appointments_app.domain.errors import DomainError
from appointments_app.settings import PREFIX, Settings, SettingsError

DEMO_SIGN_INS = {"owner": "owner@example.com", "receptionist": "reception@example.com"}
DEMO_PASSWORD = "demo-appointments"  # noqa: S105  public by intent: it opens sample data only


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    parser = _parser()
    given = parser.parse_args(arguments)
    for name in ("host", "port"):
        if getattr(given, name, None) is not None:
            os.environ[f"{PREFIX}{name.upper()}"] = str(getattr(given, name))
    try:
        given.run(given, _settings())
    except DomainError as error:
        reasons = [f"{name}: {reason}" for name, reason in error.fields.items()] or [
            error.message.format(**error.values)
        ]
        print(f"appointments: {' '.join(reasons)}", file=sys.stderr)
        return 1
    except (SettingsError, _Refused) as error:
        print(f"appointments: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


class _Refused(Exception):
    """The command cannot be carried out; the text says why."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="appointments", description="Clients, staff and their appointments.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="command")

    serve = commands.add_parser("serve", help="start the app on one port")
    serve.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    serve.add_argument("--port", type=int, help="port to listen on (default 3000)")
    serve.set_defaults(run=_serve)

    worker = commands.add_parser("worker", help="send messages until it is told to stop, beside the app or elsewhere")
    worker.set_defaults(run=_work)

    commands.add_parser("migrate", help="create the database or bring it up to date").set_defaults(run=_migrate)
    commands.add_parser("build", help="build the pages, if their sources changed").set_defaults(run=_build)
    commands.add_parser("dev", help="start with hot reload, for developers").set_defaults(run=_dev)

    backup = commands.add_parser("backup", help="copy the SQLite database to a file, also while the app runs")
    backup.add_argument("file", type=Path)
    backup.set_defaults(run=_backup)

    user = commands.add_parser("user", help="accounts").add_subparsers(required=True, metavar="what")
    add = user.add_parser("add", help="create an account")
    add.add_argument("--email", required=True)
    add.add_argument("--name", help="as others see it (default: the first part of the e-mail)")
    add.add_argument("--role", choices=tuple(Role), default=Role.STAFF.value)
    add.add_argument("--password-stdin", action="store_true", help="read the password from the first line of input")
    business = add.add_argument_group("the business, for the first account; refused where there is another one already")
    business.add_argument("--business", default="", help="its name (default Appointments)")
    business.add_argument("--time-zone", default="", help="such as Africa/Cairo (default UTC)")
    business.add_argument("--language", default="", help="en or ar (default en)")
    business.add_argument("--region", default="", help="country of phone numbers typed without + (default US)")
    add.set_defaults(run=_user_add)

    demo = commands.add_parser("demo", help="fill an empty database with sample data")
    demo.add_argument("--clients", type=int, default=200)
    demo.add_argument("--appointments", type=int, default=1_500)
    demo.add_argument("--seed", type=int, default=1, help="the same seed makes the same data")
    demo.set_defaults(run=_demo)
    imports = commands.add_parser("import", help="take in clients or appointments from a CSV, XLSX or .ics file")
    imports.add_argument("file", type=Path)
    imports.add_argument("--kind", choices=("clients", "appointments"), required=True)
    imports.add_argument("--dry-run", action="store_true", help="only say what would happen")
    imports.add_argument("--map", action="append", default=[], metavar="COLUMN=FIELD", help="e.g. 'Ring me=phone'")
    imports.add_argument("--known", choices=("skip", "update", "create"), help="what to do with records that are there")
    imports.add_argument("--order", choices=("dmy", "mdy"), help="of dates such as 03/04/2026")
    imports.add_argument("--time-zone", help="of times without one (default: the business's)")
    imports.add_argument(
        "--all-day", metavar="HH:MM|refuse", help="when all-day events begin (default: at opening time)"
    )
    imports.add_argument("--create-staff", action="store_true", help="add staff whose name is not known")
    imports.add_argument("--errors", type=Path, help="write the rows that were refused to this file")
    imports.set_defaults(run=_import)
    return parser


def _settings() -> Settings:
    """Return the settings with the database's whole path: the server works in another folder."""
    settings = Settings.from_env()
    if settings.sqlite_path is not None:
        settings = replace(settings, database_url=f"sqlite:///{settings.sqlite_path.resolve()}")
        os.environ[f"{PREFIX}DATABASE_URL"] = settings.database_url
    return settings


def _serve(_given: argparse.Namespace, settings: Settings) -> None:
    from appointments_app import launch, runtime

    site = _site()
    try:
        launch.check_port(settings)
        if runtime.redis_answers() is False:
            raise _Refused(f"Redis does not answer at the address in {PREFIX}REDIS_URL.")
        _migrated()
        greeting = [f"Appointments is running at {settings.origin}", *_first_steps(settings)]
        runtime.engine().dispose()  # connections don't survive the start of the server's own processes
        launch.serve(settings, site, when_ready=lambda: print("\n".join(greeting), flush=True))
    except launch.CannotListen as error:
        raise _Refused(str(error)) from None


def _work(_given: argparse.Namespace, settings: Settings) -> None:
    import asyncio
    import logging.config

    from appointments_app import logs
    from appointments_app.jobs import worker

    _migrated()
    logging.config.dictConfig(logs.configuration(settings.log_level))
    print("Sending messages until told to stop.", flush=True)
    asyncio.run(worker.work_until_told_to_stop())


def _migrate(_given: argparse.Namespace, _settings: Settings) -> None:
    _migrated()
    print("The database is up to date.")


def _build(_given: argparse.Namespace, _settings: Settings) -> None:
    print(f"The pages are in {_site()}.")


def _backup(given: argparse.Namespace, settings: Settings) -> None:
    import sqlite3

    from appointments_app.db import backup

    if settings.sqlite_path is None:
        raise _Refused("This database is PostgreSQL: use pg_dump.")
    if not settings.sqlite_path.exists():
        raise _Refused(f"There is no database at {settings.sqlite_path}.")
    try:
        backup.copy_sqlite(settings.sqlite_path, given.file)
    except (OSError, sqlite3.Error) as error:
        raise _Refused(f"The copy could not be written: {error}") from None
    print(f"The copy is {given.file}.")


def _dev(_given: argparse.Namespace, settings: Settings) -> None:
    from appointments_app import build

    if not build.is_checkout():
        raise _Refused("Hot reload needs a checkout of the sources.")
    build.compile_catalogs()
    _migrated()
    print("\n".join(_first_steps(settings)), flush=True)
    kept = {name: value for name, value in os.environ.items() if name.startswith(PREFIX)}
    os.chdir(build.ROOT)
    command = [sys.executable, "-m", "reflex", "run", "--env", "dev"]
    os.execve(sys.executable, command, {**build.build_environment(), **kept})


def _site() -> Path:
    from appointments_app import build

    try:
        site = build.ensure_site()
    except build.BuildError as error:
        raise _Refused(str(error)) from None
    if not (site / "rxconfig.py").exists():
        raise _Refused(f"The built pages are missing from {site}: install the wheel, or run from a checkout.")
    return site


def _migrated() -> None:
    from appointments_app import runtime
    from appointments_app.db.migrate import upgrade

    upgrade(runtime.engine())


def _first_steps(settings: Settings) -> list[str]:
    """Return the one-time set-up link while nobody can sign in yet."""
    from appointments_app import routes, runtime
    from appointments_app.features.session import service

    token = service.new_setup_token(runtime.uow())
    if token is None:
        return []
    return [
        "",
        "Nobody has an account yet. Open this link, which works once, to create yours:",
        f"  {settings.origin}{routes.SETUP}?token={token}",
        "",
    ]


def _user_add(given: argparse.Namespace, settings: Settings) -> None:
    from appointments_app import runtime
    from appointments_app.features.session import service

    password = sys.stdin.readline().rstrip("\n") if given.password_stdin else getpass.getpass("Password: ")
    _migrated()
    service.add_user(
        runtime.uow(),
        name=given.name or given.email.partition("@")[0],
        email=given.email,
        password=password,
        role=Role(given.role),
        business=given.business,
        time_zone=given.time_zone,
        language=given.language,
        region=given.region,
    )
    print(f"{given.email} can sign in at {settings.origin}.")


def _demo(given: argparse.Namespace, _settings: Settings) -> None:
    from appointments_app import runtime
    from appointments_app.db.sample import NotEmpty, add_sample_data

    _migrated()
    is_demo = _demo_accounts()
    try:
        sample = add_sample_data(
            runtime.engine(),
            clients=given.clients,
            appointments=given.appointments,
            seed=given.seed,
            now=datetime.now(UTC),
        )
        print(f"Added {sample.clients:,} clients and {sample.appointments:,} appointments.")
    except NotEmpty:
        if not is_demo:
            raise
    if is_demo:
        sign_ins = (f"  {email}  {DEMO_PASSWORD}  ({role})" for role, email in DEMO_SIGN_INS.items())
        print("Sign in as:", *sign_ins, sep="\n")


def _import(given: argparse.Namespace, _settings: Settings) -> None:
    from appointments_app import bringing

    _migrated()
    if not given.file.is_file():
        raise _Refused(f"There is no file {given.file}.")
    chosen = {"twins": given.known, "order": given.order, "time_zone": given.time_zone}
    options: dict[str, object] = {name: value for name, value in chosen.items() if value}
    if given.create_staff:
        options["create_staff"] = True
    if given.all_day:
        is_refused = given.all_day == "refuse"
        options |= {"all_day": not is_refused} | ({} if is_refused else {"day_begins": given.all_day})
    mapping = dict(one.rpartition("=")[::2] for one in given.map)
    bringing.bring(given.file, given.kind, mapping, options, dry_run=given.dry_run, errors=given.errors)


def _demo_accounts() -> bool:
    """Create the demo's accounts where nobody can sign in yet; return whether they are there."""
    from appointments_app import runtime
    from appointments_app.db.queries import sign_ins
    from appointments_app.features.session import service

    if service.new_setup_token(runtime.uow()) is None:
        with runtime.uow().read() as tx:
            return sign_ins.staff_by_email(tx, DEMO_SIGN_INS["owner"]) is not None
    for role, name in {Role.OWNER: "Olive Owner", Role.RECEPTIONIST: "Remy Reception"}.items():
        service.add_user(runtime.uow(), name=name, email=DEMO_SIGN_INS[role], password=DEMO_PASSWORD, role=role)
    return True
