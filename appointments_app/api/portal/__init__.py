"""The clients' pages: HTML made here, a few kilobytes, that works without scripts."""

from appointments_app.api.portal.routes import PORTAL_ROUTES

__all__ = ["PORTAL_ROUTES"]
