"""``python -m tests.services``: see to it that everything the tests need is here, or say what is missing."""

from __future__ import annotations

import sys

from tests.services import browser, office, postgres, redis
from tests.services.machine import Missing


def main() -> int:
    """Find or install each program; return the exit code."""
    missing = []
    programs = {"PostgreSQL": postgres, "Redis": redis, "Browser": browser, "LibreOffice": office}
    for name, program in programs.items():
        try:
            found = program.ensure()
            print(f"{name}: {getattr(found, 'folder', found)}", flush=True)
        except Missing as problem:
            missing.append(str(problem))
    print("\n".join(missing), file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
