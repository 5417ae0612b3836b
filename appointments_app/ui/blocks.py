"""Small blocks every screen is built of: buttons, tabs, empty and loading states, banners, dialogs."""

from typing import Any

import reflex as rx

from appointments_app.ui.i18n import t
from appointments_app.ui.parts.focus_return import focus_return


def button(label: Any, *, icon: str = "", kind: str = "", **props: Any) -> rx.Component:
    """A button; ``kind`` is '', ``primary``, ``danger`` or ``ghost``."""
    image = [_image(icon)] if icon else []
    return rx.el.button(*image, label, type=props.pop("type", "button"), class_name=f"btn {kind}".strip(), **props)


def _image(icon: str) -> rx.Component:
    """The picture on a button; one that points somewhere is mirrored from right to left."""
    points = icon.endswith(("-left", "-right"))
    return rx.icon(icon, size=15, aria_hidden="true", class_name="flips" if points else "")


def icon_button(label: rx.Var[str], icon: str, **props: Any) -> rx.Component:
    """A button that is only an icon; ``label`` is its accessible name and tool-tip."""
    return rx.el.button(
        rx.icon(icon, size=16, aria_hidden="true"),
        type="button",
        class_name="btn ghost icon",
        aria_label=label,
        title=label,
        **props,
    )


def link_button(label: Any, href: Any, *, icon: str = "", kind: str = "", **props: Any) -> rx.Component:
    """A link that looks like a button."""
    image = [_image(icon)] if icon else []
    return rx.link(*image, label, href=href, class_name=f"btn {kind}".strip(), underline="none", **props)


def page_head(title: Any, *actions: rx.Component) -> rx.Component:
    """The title of a page and what can be done there."""
    return rx.el.div(rx.el.h1(title), *actions, class_name="page-head")


def section_head(title: Any, *actions: rx.Component) -> rx.Component:
    """The title of one part of a page and what can be done there."""
    return rx.el.div(rx.el.h2(title), *actions, class_name="section-head")


def tab(label: Any, href: Any, *, current: Any, count: Any = None, counted: Any = True) -> rx.Component:
    """One tab: a link, so that the address holds which one is open. Until ``counted`` the number's place is empty."""
    number = [] if count is None else [rx.el.span(count, class_name="count", style=shown_if(counted))]
    return rx.link(
        label,
        *number,
        href=href,
        class_name="tab",
        underline="none",
        custom_attrs={"aria-current": rx.cond(current, "page", "false")},
    )


def shown_if(known: Any) -> dict[str, Any]:
    """Return the style of what keeps its place, unseen and unread, until it is known."""
    return {"visibility": rx.cond(known, "visible", "hidden")}


def empty(icon: str, title: Any, text: Any, *actions: rx.Component) -> rx.Component:
    """What a list shows when there is nothing in it."""
    return rx.el.div(
        rx.icon(icon, size=32, stroke_width=1.5, aria_hidden="true"),
        rx.el.h2(title),
        rx.el.p(text),
        rx.el.div(*actions, class_name="row wrap"),
        class_name="empty",
    )


def skeleton_rows(columns: int, rows: int = 8) -> list[rx.Component]:
    """Grey bars where rows will be, as high as rows are: nothing jumps when they come."""
    widths = ("64%", "48%", "80%", "56%", "72%")
    return [
        rx.el.tr(
            *(
                rx.el.td(rx.el.span(class_name="skeleton", style={"width": widths[(row + column) % 5]}))
                for column in range(columns)
            ),
            aria_hidden="true",
        )
        for row in range(rows)
    ]


def skeleton_page() -> rx.Component:
    """What a page shows until it knows its language and its data."""
    bars = [
        rx.el.span(class_name="skeleton", style={"width": width, "height": height})
        for width, height in (("30%", "28px"), ("100%", "36px"), ("100%", "320px"))
    ]
    return rx.el.div(*bars, class_name="page", aria_busy="true")


def dialog(
    title: Any,
    *content: rx.Component,
    is_open: Any = None,
    on_open_change: Any,
    wide: bool = False,
    trigger: rx.Component | None = None,
) -> rx.Component:
    """A dialog: focus goes in, Escape closes, focus comes back to where it was.

    Without ``is_open`` nothing but ``trigger``, a button, opens it, and it does not wait for the server.
    """
    close = rx.dialog.close(icon_button(t("Close"), "x"))
    return rx.dialog.root(
        *([] if trigger is None else [rx.dialog.trigger(trigger)]),
        rx.dialog.content(
            rx.el.div(
                rx.dialog.title(title, size="4", margin="0"), rx.el.div(class_name="grow"), close, class_name="row"
            ),
            *content,
            focus_return(),
            max_width="720px" if wide else "480px",
            aria_describedby=None,
        ),
        on_open_change=on_open_change,
        **({} if is_open is None else {"open": is_open}),
    )


def dialog_foot(*buttons: rx.Component) -> rx.Component:
    """The buttons of a dialog, at its end."""
    return rx.el.div(rx.el.div(class_name="grow"), *buttons, class_name="row", style={"marginBlockStart": "16px"})


def colour_dot(colour: Any) -> rx.Component:
    """A dot in one of domain.colours.COLOURS."""
    return rx.el.span(class_name="dot", custom_attrs={"data-colour": colour}, aria_hidden="true")


def banner(*content: Any, kind: str = "", **props: Any) -> rx.Component:
    """A line that tells or warns; ``kind`` is '', ``warn`` or ``bad``."""
    return rx.el.div(*content, class_name=f"banner {kind}".strip(), role="status", **props)


def back_link(label: Any, href: Any) -> rx.Component:
    """The way back to the list, above a page's title."""
    return rx.link(
        rx.icon("chevron-left", size=14, aria_hidden="true", class_name="flips"),
        label,
        href=href,
        class_name="back",
        underline="none",
    )


def not_found(label: Any, href: Any) -> rx.Component:
    """A page's word for an unknown or hidden record, with a way back."""
    return rx.el.div(
        empty(
            "search-x", t("Not found"), t("It may have been deleted, or you may not see it."), link_button(label, href)
        ),
        class_name="card",
    )
