"""Buttons with a menu."""

from typing import Any

import reflex as rx

from appointments_app.ui.parts.assets import Part, script


def _id(entry: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (entry,)


class RowMenu(Part):
    """Three dots; ``label`` is the accessible name. Event: on_action(id)."""

    library = script("menus.jsx")
    tag = "RowMenu"
    label: rx.Var[str]
    items: rx.Var[list[Any]]
    """{id, name, icon?, danger?, disabled?, hidden?, href?}; an entry with href is a link.

    Where all are hidden, so is the button.
    """
    disabled: rx.Var[bool]
    on_action: rx.EventHandler[_id]


class MenuButton(RowMenu):
    """The same with text and a chevron; ``icon`` names one of icons.js, ``kind`` is a class of the button."""

    tag = "MenuButton"
    icon: rx.Var[str]
    kind: rx.Var[str]


row_menu = RowMenu.create
menu_button = MenuButton.create
