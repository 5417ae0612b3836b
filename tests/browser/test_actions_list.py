"""The actions list over the booking form (R9, R18–R20)."""

from __future__ import annotations

import re
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser.form import box, open_form, type_time
from tests.services import screens


def test_r9_r18_r19_an_action_is_added_over_the_half_filled_form_and_chosen(ada: Page, as_ben: Page, cleo: str) -> None:
    name = f"Home visit {uuid4().hex[:6]}"
    open_form(ada, f"/appointments/new?client={cleo}")
    type_time(ada, "1115")
    box(ada, "Action").click()
    last = ada.get_by_role("option").last
    expect(last).to_have_text("Edit Actions List")
    last.click()
    dialog = ada.get_by_role("dialog")
    dialog.get_by_role("button", name="Add New Action").click()
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_label("Default duration").fill("90")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text(name)).to_be_visible()
    screens.shoot_all(ada, "actions-list")
    dialog.get_by_role("button", name="Close").click()
    expect(box(ada, "Action")).to_have_value(name)
    expect(ada.get_by_label("Duration")).to_have_value("90")
    expect(box(ada, "Client")).to_have_value(re.compile("Cleo"))
    open_form(as_ben, "/appointments/new")
    box(as_ben, "Action").click()
    expect(as_ben.get_by_role("option", name=name)).to_be_visible()


def test_r20_actions_are_renamed_ordered_deactivated_and_twins_refused(ada: Page) -> None:
    first, second = (f"{word} {uuid4().hex[:6]}" for word in ("Massage", "Repair"))
    open_form(ada, "/appointments/new")
    box(ada, "Action").click()
    ada.get_by_role("option", name="Edit Actions List").click()
    dialog = ada.get_by_role("dialog")
    for name in (first, second):
        dialog.get_by_role("button", name="Add New Action").click()
        dialog.get_by_label("Name").fill(name)
        ada.keyboard.press("Control+Enter")
        expect(dialog.get_by_role("button", name=f"Edit {name}")).to_be_visible()
    dialog.get_by_role("button", name="Add New Action").click()
    dialog.get_by_label("Name").fill(f"  {first.upper()} ")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("There is an action of this name already.")).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()
    dialog.get_by_role("button", name=f"Move {second} up").press("Enter")
    expect(dialog.get_by_role("listitem").last).to_contain_text(first)
    dialog.get_by_role("button", name=f"Edit {first}").click()
    dialog.get_by_label("Name").fill(f"{first} plus")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text(f"{first} plus")).to_be_visible()
    dialog.get_by_role("button", name=f"Actions for {second}").click()
    ada.get_by_role("menuitem", name="Deactivate").click()
    expect(dialog.get_by_role("listitem").filter(has_text=second)).to_contain_text("Deactivated")
    dialog.get_by_role("button", name=f"Actions for {first} plus").click()
    ada.get_by_role("menuitem", name="Delete").click()
    expect(dialog.get_by_text(f"{first} plus")).to_have_count(0)
    dialog.get_by_role("button", name="Close").click()
    box(ada, "Action").click()
    expect(ada.get_by_role("option", name=second)).to_have_count(0)
