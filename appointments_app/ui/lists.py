"""What every long list has: counts, columns to sort by, pages."""

from typing import Any

import reflex as rx

from appointments_app.domain.listing import COUNT_CAP, PAGE_SIZES
from appointments_app.ui.blocks import button, shown_if
from appointments_app.ui.i18n import fmt, t


def capped(count: Any) -> Any:
    """Return a count as people read it: exact up to the cap, then "1,000+"."""
    return rx.cond(count > COUNT_CAP, f"{fmt.number(COUNT_CAP)}+", fmt.number(count))


def sortable(label: Any, href: Any, *, current: Any, descending: Any) -> rx.Component:
    """The head of a column to sort by: a link, with an arrow on the one that is sorted."""
    arrow = rx.cond(
        descending,
        rx.icon("arrow-down", size=12, aria_hidden="true"),
        rx.icon("arrow-up", size=12, aria_hidden="true"),
    )
    direction = rx.cond(descending, "descending", "ascending")
    return rx.el.th(
        rx.link(label, rx.cond(current, arrow, rx.fragment()), href=href, underline="none"),
        scope="col",
        custom_attrs={"aria-sort": rx.cond(current, direction, "none")},
    )


def filter_panel(count: Any, *content: rx.Component) -> rx.Component:
    """The button *Filters* with how many are set, and the panel that it opens."""
    number = rx.el.span(fmt.number(count), class_name="count")
    label = rx.fragment(t("Filters"), rx.cond(count > 0, number, rx.fragment()))
    return rx.popover.root(
        rx.popover.trigger(button(label, icon="list-filter")),
        rx.popover.content(*content, width="min(480px, 92vw)", size="2", aria_label=t("Filters")),
    )


def pages(
    *extra: rx.Component,
    total: Any,
    is_exact: Any,
    size: Any,
    on_resize: Any,
    previous: Any,
    following: Any,
    counted: Any = True,
) -> rx.Component:
    """How many there are, the page size, the way to the neighbours, and what else stands below a list."""
    sizes = [rx.el.option(fmt.number(each), value=str(each)) for each in PAGE_SIZES]
    number = rx.cond(is_exact, fmt.number(total), capped(total))
    return rx.el.div(
        *extra,
        rx.el.span(t("{total} in all", total=number), class_name="muted small num", style=shown_if(counted)),
        rx.el.div(class_name="grow"),
        rx.el.label(t("Rows"), html_for="field-size", class_name="muted small"),
        rx.el.select(
            *sizes,
            id="field-size",
            class_name="input",
            value=size.to_string(),
            on_change=on_resize,
            style={"width": "auto"},
        ),
        neighbours(previous, following),
        class_name="pager",
    )


def neighbours(previous: Any, following: Any) -> rx.Component:
    """The way to the neighbouring pages."""
    return rx.fragment(
        _page_link(t("Earlier page"), "chevron-left", previous),
        _page_link(t("Later page"), "chevron-right", following),
    )


def _page_link(label: Any, icon: str, href: Any) -> rx.Component:
    image = rx.icon(icon, size=16, aria_hidden="true", class_name="flips")
    off = rx.el.button(image, type="button", disabled=True, class_name="btn icon", aria_label=label)
    link = rx.link(image, href=href, class_name="btn icon", aria_label=label, title=label, underline="none")
    return rx.cond(href != "", link, off)
