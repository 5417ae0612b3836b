"""``python -m tests.services.pyright``: check the types, with the Node that came with the Python packages."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from appointments_app import node
from tests.services.machine import ROOT


def main() -> int:
    """Run pyright; return its exit code."""
    environment = node.environment({**os.environ, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"})
    environment.setdefault("PYRIGHT_PYTHON_CACHE_DIR", str(ROOT / ".cache" / "pyright"))
    pyright = Path(sys.executable).parent / "pyright"
    return subprocess.run([pyright, "--pythonpath", sys.executable], cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
