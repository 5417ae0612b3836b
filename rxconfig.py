"""What Reflex reads: the app's name, its address, and that it phones nobody."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from appointments_app import node
from appointments_app.settings import Settings

if node.is_bundled() and "__REFLEX_SKIP_COMPILE" not in os.environ:
    node.put_on_path()
os.environ.setdefault("REFLEX_CHECK_LATEST_VERSION", "0")
# A dropped connection is noticed within half a minute, so that its session is free again when the tab returns.
os.environ.setdefault("REFLEX_SOCKET_INTERVAL", "10")
os.environ.setdefault("REFLEX_SOCKET_TIMEOUT", "20")

import reflex as rx


class SameOrigin(rx.plugins.Plugin):
    """Lets the built pages speak to whatever address they came from, so one build serves any host and port."""

    def post_build(self, **context: Any) -> None:
        """Replace the address that the build wrote into the pages."""
        (chunk,) = Path(context["static_dir"]).glob("assets/reflex-env-*.js")
        script = chunk.read_text(encoding="utf-8")
        script = re.sub(r"`ws://localhost:\d+", "location.origin.replace(/^http/,`ws`)+`", script)
        script = re.sub(r"`http://localhost:\d+", "location.origin+`", script)
        if "localhost" in script:
            raise RuntimeError(f"{chunk.name} names the server in a form this plugin does not know.")
        chunk.write_text(script, encoding="utf-8")


THEME = rx.theme(accent_color="indigo", gray_color="slate", radius="medium", has_background=True)

settings = Settings.from_env()
modes = rx.constants.StateManagerMode

config = rx.Config(
    app_name="appointments_app",
    backend_host=settings.host,
    frontend_port=settings.port,
    telemetry_enabled=False,
    show_built_with_reflex=False,
    plugins=[rx.plugins.RadixThemesPlugin(theme=THEME), SameOrigin()],
    disable_plugins=[rx.plugins.SitemapPlugin],
    state_manager_mode=modes.REDIS if settings.redis_url else modes.MEMORY,
    redis_url=settings.redis_url or None,
    cors_allowed_origins=settings.origins,
)
