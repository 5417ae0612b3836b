"""``python -m appointments_app`` is the ``appointments`` command."""

from __future__ import annotations

import sys

from appointments_app.cli import main

if __name__ == "__main__":
    sys.exit(main())
