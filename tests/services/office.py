"""LibreOffice, which reads the exported spreadsheets as the people who receive them do."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.services.machine import Missing, distribution_install, first_on_path

NAMES = ("soffice", "libreoffice", "localc")


def ensure() -> Path:
    """Return LibreOffice's program, installed first if need be."""
    for packages in ((), ("libreoffice-calc-nogui",), ("libreoffice-calc",)):
        if packages:
            distribution_install(*packages)
        if program := first_on_path(*NAMES):
            return program
    raise Missing(
        "The tests read spreadsheets back with LibreOffice Calc. The distribution's package could not be "
        "installed; do it by hand (Debian: apt-get install libreoffice-calc) and run the tests again."
    )


def convert(source: Path, folder: Path, *, to: str = "csv") -> Path:
    """Return ``source`` converted into ``folder``; ``to`` is LibreOffice's name of a format (``xlsx``, ``csv:…``)."""
    profile = f"-env:UserInstallation=file://{folder.resolve()}/profile"
    subprocess.run(
        [ensure(), profile, "--headless", "--norestore", "--convert-to", to, "--outdir", folder, source],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        timeout=180,
    )
    return folder / source.with_suffix(f".{to.partition(':')[0]}").name
