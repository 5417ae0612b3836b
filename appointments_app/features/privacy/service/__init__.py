"""Use-cases of privacy: everything about a client in one file, erasing a client, how long things are kept."""

from appointments_app.features.privacy.service.data import DataFile, data_file
from appointments_app.features.privacy.service.erasing import ErasingFacts, erase, facts
from appointments_app.features.privacy.service.keeping import (
    FIELDS,
    KeepingForm,
    Preview,
    forget,
    open_keeping,
    preview,
    save_keeping,
)

__all__ = [
    "FIELDS",
    "DataFile",
    "ErasingFacts",
    "KeepingForm",
    "Preview",
    "data_file",
    "erase",
    "facts",
    "forget",
    "open_keeping",
    "preview",
    "save_keeping",
]
