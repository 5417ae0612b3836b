"""The ``appointments`` command."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from appointments_app import __version__
from appointments_app.settings import PREFIX, Settings, SettingsError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    parser = _parser()
    given = parser.parse_args(arguments)
    for name in ("host", "port"):
        if getattr(given, name, None) is not None:
            os.environ[f"{PREFIX}{name.upper()}"] = str(getattr(given, name))
    try:
        return given.run(given, Settings.from_env()) or 0
    except (SettingsError, _Refused) as error:
        print(f"appointments: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


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

    commands.add_parser("migrate", help="create the database or bring it up to date").set_defaults(run=_migrate)
    commands.add_parser("build", help="build the pages, if their sources changed").set_defaults(run=_build)
    commands.add_parser("dev", help="start with hot reload, for developers").set_defaults(run=_dev)
    return parser


def _serve(_given: argparse.Namespace, settings: Settings) -> None:
    from appointments_app import launch

    site = _site()
    greeting = _prepare(settings)
    try:
        launch.serve(settings, site, when_ready=lambda: print("\n".join(greeting), flush=True))
    except launch.CannotListen as error:
        raise _Refused(str(error)) from None


def _migrate(_given: argparse.Namespace, settings: Settings) -> None:
    _prepare(settings)
    print("The database is up to date.")


def _build(_given: argparse.Namespace, _settings: Settings) -> None:
    print(f"The pages are in {_site()}.")


def _dev(_given: argparse.Namespace, settings: Settings) -> None:
    from appointments_app import build

    if not build.is_checkout():
        raise _Refused("Hot reload needs a checkout of the sources.")
    build.compile_catalogs()
    print("\n".join(_prepare(settings)), flush=True)
    kept = {name: value for name, value in os.environ.items() if name.startswith(PREFIX)}
    os.chdir(build.ROOT)
    command = [sys.executable, "-m", "reflex", "run", "--env", "dev"]
    os.execve(sys.executable, command, {**build.build_environment(), **kept})


def _site() -> os.PathLike[str]:
    from appointments_app import build

    try:
        site = build.ensure_site()
    except build.BuildError as error:
        raise _Refused(str(error)) from None
    if not (site / "rxconfig.py").exists():
        raise _Refused(f"The built pages are missing from {site}: install the wheel, or run from a checkout.")
    return site


def _prepare(settings: Settings) -> list[str]:
    """Migrate the database; return what to print at the start."""
    from appointments_app.db.engine import make_engine
    from appointments_app.db.migrate import upgrade

    engine = make_engine(settings)
    try:
        upgrade(engine)
        return [f"Appointments is running at {settings.origin}", *_first_steps(engine, settings)]
    finally:
        engine.dispose()


def _first_steps(engine: object, settings: Settings) -> list[str]:
    """Return the one-time set-up link while there is no account yet."""
    return []
