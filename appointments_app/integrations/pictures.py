"""Pictures of texts for cameras."""

from __future__ import annotations

import segno


def qr_code(text: str) -> str:
    """Return a QR code as the address of a picture, dark on white whatever the colours of the page."""
    return segno.make(text, error="m").svg_data_uri(scale=5, border=3, dark="#111", light="#fff")
