"""Templates: only placeholders and {% if %}, whatever somebody writes."""

from __future__ import annotations

import pytest

from appointments_app.domain.ready_made import READY_MADE
from appointments_app.domain.template import Placeholder, WrongTemplate
from appointments_app.integrations.letters import html_letter
from appointments_app.integrations.templates import fill, placeholders


def test_placeholders_are_filled_in_and_empty_ones_leave_nothing():
    template = "Dear {{ client.name }}{% if action %}, for {{action}}{% endif %}: {{appointment.time}} {{staff}}"
    values = {Placeholder.CLIENT: "Cleo {{ staff }} <b>", Placeholder.TIME: "10:00"}
    assert fill(template, values) == "Dear Cleo {{ staff }} <b>: 10:00 "
    assert placeholders(template) == {
        Placeholder.CLIENT, Placeholder.ACTION, Placeholder.TIME, Placeholder.STAFF
    }  # fmt: skip


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("{{ client.nam }}", "client.nam"),
        ("{{ client }}", "client"),
        ("{{ clientname }}", "clientname"),
        ("{% if nobody %}x{% endif %}", "nobody"),
        ("{{ client.name.__class__ }}", "client.name.__class__"),
        ("{{ appointment.notes }}", "appointment.notes"),
        ("{{ self.x }}", "self.x"),
        ("{{ client.name }} {{ config }}", "config"),
    ],
)
def test_an_unknown_placeholder_is_named(template: str, name: str):
    with pytest.raises(WrongTemplate) as wrong:
        placeholders(template)
    assert wrong.value.name == name


@pytest.mark.parametrize(
    "template",
    [
        "{{ client.name",
        "{% if action %}",
        "{{ }}",
        "{{ client.name | upper }}",
        "{{ client['name'] }}",
        "{{ staff() }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ 7 * 7 }}",
        "{% for x in staff %}{{ action }}{% endfor %}",
        "{% set action = 1 %}",
        "{% include 'x' %}",
        "{% import 'os' as os %}",
        "{% macro m() %}{% endmacro %}",
        "{{ client.name ~ staff }}",
        "{{ cycler.__init__.__globals__ }}",
        "{% raw %}{{ x }}",
        "{% if staff == 'x' %}y{% endif %}",
    ],
)
def test_nothing_else_gets_through(template: str):
    with pytest.raises(WrongTemplate):
        placeholders(template)
    with pytest.raises(WrongTemplate):
        fill(template, {})


@pytest.mark.parametrize("made", READY_MADE, ids=lambda made: made.slug.value)
def test_ready_made_templates_can_be_filled_in(made):
    assert set(made.texts) == {"en", "ar"}
    for text in made.texts.values():
        said = fill(text.body, {each: each.value for each in Placeholder})
        assert Placeholder.DATE.value in said and "{" not in said
        placeholders(text.subject)


def test_a_letter_in_html_holds_nothing_but_its_words():
    text = 'Dear <script>alert(1)</script> & "Co"\n\nhttps://desk.example.com/c/1?a=b&c=d\nor https://x.example.com/y.'
    button = "https://desk.example.com/c/1?a=b&c=d"
    html = html_letter(text, language="ar", sender="A & <B>", buttons={button: "تأكيد"}, small_print=f"Or {button}.")
    assert html.count(">تأكيد</a>") == 2, "a link in a sentence shows as its words, too"
    assert "<script" not in html and "&lt;script&gt;" in html and "A &amp; &lt;B&gt;" in html
    assert 'dir="rtl"' in html and 'lang="ar"' in html
    assert '<a href="https://desk.example.com/c/1?a=b&amp;c=d" style=' in html and ">تأكيد</a>" in html
    assert 'href="https://x.example.com/y" ' in html and ">https://x.example.com/y</a>." in html
    assert 'dir="ltr"' in html_letter("x", language="en", sender="", buttons={})
