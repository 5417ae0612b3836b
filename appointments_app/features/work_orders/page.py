"""Work orders: the list, one of them, its form."""

import reflex as rx

from appointments_app import routes
from appointments_app.domain.access import Permission
from appointments_app.features.appointments.components.new_client import new_client_dialog
from appointments_app.features.session.components import allowed, frame
from appointments_app.features.work_orders.components import record, rows
from appointments_app.features.work_orders.components.form import order_form
from appointments_app.features.work_orders.components.life import life_dialog
from appointments_app.features.work_orders.components.linking import link_dialog
from appointments_app.features.work_orders.state.form import OrderForm
from appointments_app.features.work_orders.state.list import OrderList
from appointments_app.features.work_orders.state.new_client import NewOrderClient
from appointments_app.features.work_orders.state.record import OrderRecord
from appointments_app.ui.blocks import back_link, link_button, not_found, page_head, skeleton_page
from appointments_app.ui.i18n import t
from appointments_app.ui.parts.client_only import page_title
from appointments_app.ui.parts.live import live


def work_orders_page() -> rx.Component:
    """The list of work orders."""
    return frame(page_head(t("Work orders"), new_order_button()), rows.tabs(), rows.filters(), order_list())


def new_order_button() -> rx.Component:
    """Leads to the empty form, for those who may fill it in."""
    new = link_button(t("New work order"), OrderList.new_link, icon="plus", kind="primary")
    return allowed(Permission.ADD, new)


def orders_of_client() -> rx.Component:
    """A client's work orders, in the client's file."""
    tabs = rx.el.div(rows.tabs(), class_name="as-pills")
    return rx.fragment(tabs, rows.filters(rx.el.div(class_name="grow"), new_order_button()), order_list())


def order_list() -> rx.Component:
    """Table and pages: the same on the list's page and in a client's file."""
    return rx.fragment(
        rows.order_table(),
        rows.pager(),
        life_dialog(),
        live(url=routes.LIVE, on_change=OrderList.refresh),
    )


def work_order_page() -> rx.Component:
    """One work order."""
    opened = rx.fragment(
        record.head(),
        record.facts(),
        record.appointments(),
        record.history(),
        life_dialog(),
        link_dialog(),
        page_title(text=OrderRecord.row.title),
        live(url=routes.LIVE, on_change=OrderRecord.refresh),
    )
    shown = rx.cond(OrderRecord.missing, not_found(t("Work orders"), routes.WORK_ORDERS), opened)
    return frame(back_link(t("Work orders"), routes.WORK_ORDERS), rx.cond(OrderRecord.ready, shown, skeleton_page()))


def order_form_page() -> rx.Component:
    """The form of a work order, new or known."""
    title = rx.cond(OrderForm.order_id == 0, t("New work order"), t("Edit work order"))
    form = rx.fragment(page_head(title), order_form())
    shown = rx.cond(OrderForm.is_missing, not_found(t("Work orders"), routes.WORK_ORDERS), form)
    return frame(
        back_link(t("Work orders"), routes.WORK_ORDERS),
        rx.cond(OrderForm.ready, shown, skeleton_page()),
        # Keyed, so that it tells which form is left: by then the next one may be loaded already.
        rx.el.div(key=OrderForm.form_key, on_unmount=OrderForm.leave(OrderForm.form_key), hidden=True),
        new_client_dialog(NewOrderClient),
        narrow=True,
    )
