"""Drop-downs with search on the server."""

from typing import Any

import reflex as rx

from appointments_app.ui.parts.assets import Part, script


def _text(text: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (text,)


def _entry(entry: rx.Var[str], typed: rx.Var[str]) -> tuple[rx.Var[str], rx.Var[str]]:
    return (entry, typed)


class _Picker(Part):
    """What both pickers share."""

    label: rx.Var[str]
    hide_label: rx.Var[bool]
    name: rx.Var[str]
    options: rx.Var[list[Any]]
    """{id, name, detail?, colour?, icon?}: ids are strings, colours names of Radix scales."""
    footer: rx.Var[list[Any]]
    """{id, name, icon?}: entries that always come last."""
    loading: rx.Var[bool]
    error: rx.Var[str]
    required: rx.Var[bool]
    disabled: rx.Var[bool]
    placeholder: rx.Var[str]
    empty_text: rx.Var[str]
    on_search: rx.EventHandler[_text]
    """(text): when the list opens, and 150 ms after the last letter typed."""
    on_footer: rx.EventHandler[_entry]
    """(id, typed): an entry of the footer was chosen; without it on_pick/on_add is called with the id."""


class Combobox(_Picker):
    """One value. Events: on_search(text), on_pick(id; '' when cleared), on_footer(id, typed)."""

    library = script("combobox.jsx")
    tag = "Combobox"
    value: rx.Var[str]
    text: rx.Var[str]
    auto_focus: rx.Var[bool]
    on_pick: rx.EventHandler[_text]


class MultiCombobox(_Picker):
    """Any number of values as chips. Events: on_search(text), on_add(id), on_remove(id), on_footer(id, typed)."""

    library = script("multi_combobox.jsx")
    tag = "MultiCombobox"
    values: rx.Var[list[Any]]
    """{id, name, colour?}."""
    on_add: rx.EventHandler[_text]
    on_remove: rx.EventHandler[_text]


combobox = Combobox.create
multi_combobox = MultiCombobox.create
