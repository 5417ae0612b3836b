"""The wheel carries the built pages: installing it needs no Node and no build."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.services.machine import ROOT
from tests.services.server import RunningServer


@pytest.fixture(scope="module")
def wheel(built_frontend: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    (built,) = folder.glob("appointments-*.whl")
    return built


@pytest.fixture(scope="module")
def fresh_environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an empty environment with the wheel in it."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=True)
    # The dependencies are those already installed here: downloading them again would test the index, not the wheel.
    (site,) = (folder / "lib").glob("python*/site-packages")
    (site / "dependencies.pth").write_text(f"{sysconfig.get_paths()['purelib']}\n")
    pip = [folder / "bin" / "python", "-m", "pip", "--isolated", "install", "--quiet", "--no-index", "--no-deps", wheel]
    subprocess.run(pip, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    return folder / "bin"


@pytest.fixture
def installed_server(fresh_environment: Path, tmp_path: Path) -> Iterator[RunningServer]:
    """``appointments serve`` from that environment, with no other program in reach."""
    database = f"sqlite:///{tmp_path / 'new' / 'appointments.db'}"
    server = RunningServer(database, tmp_path, [str(fresh_environment / "appointments")], settings={"PATH": "/nowhere"})
    server.start()
    yield server
    server.stop()


def test_the_wheel_holds_the_pages_and_the_catalogs(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "appointments_app/_site/web/build/client/index.html" in names
    assert "appointments_app/_site/rxconfig.py" in names
    assert not [name for name in names if "node_modules" in name or name.endswith((".db", ".pyc"))]
    catalogs = {path.relative_to(ROOT).as_posix() for path in (ROOT / "appointments_app").rglob("*.mo")}
    assert catalogs <= set(names)


def test_the_wheel_names_neither_this_machine_nor_a_fixed_server(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            assert str(ROOT).encode() not in content, name
            if name.startswith("appointments_app/_site/web/"):
                assert not re.search(rb"(ws|http)://localhost:\d", content), name


def test_an_installed_wheel_serves_a_page(installed_server: RunningServer) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{installed_server.port}", trust_env=False) as browser:
        page = browser.get("/", follow_redirects=True)
        assert page.status_code == 200
        assert "text/html" in page.headers["content-type"]
        scripts = re.findall(r'(?:src|href)="(/assets/[^"]+\.(?:js|css))"', page.text)
        assert scripts
        for script in scripts:
            assert browser.get(script).status_code == 200, script


def test_the_command_of_an_installed_wheel_says_its_version(fresh_environment: Path) -> None:
    said = subprocess.run(
        [fresh_environment / "appointments", "--version"],
        env={**os.environ, "PATH": "/nowhere"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", said.stdout)
