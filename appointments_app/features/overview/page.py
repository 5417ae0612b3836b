"""Today: what is still to come, and what is yet to mark."""

import reflex as rx

from appointments_app import routes
from appointments_app.domain.access import Permission
from appointments_app.features.overview.components import ahead, asked, to_call, to_confirm, yet_to_mark
from appointments_app.features.overview.state import Today
from appointments_app.features.session.components import allowed, frame
from appointments_app.ui.blocks import link_button, page_head, skeleton_page
from appointments_app.ui.i18n import fmt, t
from appointments_app.ui.parts.alarm import alarm
from appointments_app.ui.parts.live import live


def today_page() -> rx.Component:
    """What the day still asks for."""
    book = link_button(t("New appointment"), routes.NEW_APPOINTMENT, icon="plus", kind="primary")
    title = rx.fragment(t("Today"), rx.el.span(fmt.date(Today.today), class_name="muted num head-day"))
    return frame(
        rx.cond(
            Today.ready,
            rx.fragment(
                page_head(title, allowed(Permission.ADD, book)),
                to_confirm(),
                asked(),
                to_call(),
                ahead(),
                yet_to_mark(),
            ),
            skeleton_page(),
        ),
        live(url=routes.LIVE, on_change=Today.refresh),
        alarm(at=Today.next_at, on_ring=Today.refresh),
        narrow=True,
    )
