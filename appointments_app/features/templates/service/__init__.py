"""What messages say: templates, and how they are filled in."""

from appointments_app.features.templates.service.compose import Occasion, compose
from appointments_app.features.templates.service.editing import (
    FIELDS,
    Pane,
    Preview,
    TemplateForm,
    delete,
    list_templates,
    open_template,
    preview,
    restore,
    save,
)
from appointments_app.features.templates.service.rendering import add_missing, load, make_ready, render

__all__ = [
    "FIELDS",
    "Occasion",
    "Pane",
    "Preview",
    "TemplateForm",
    "add_missing",
    "compose",
    "delete",
    "list_templates",
    "load",
    "make_ready",
    "open_template",
    "preview",
    "render",
    "restore",
    "save",
]
