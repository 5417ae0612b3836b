"""What the pages of imports are made of."""

from appointments_app.features.imports.components.bringing import bring_in, earlier
from appointments_app.features.imports.components.file import one_import

__all__ = ["bring_in", "earlier", "one_import"]
