"""How long an SMS is (3GPP TS 23.038 and 23.040): 160 and 153 places in GSM-7, 70 and 67 in UCS-2."""

from __future__ import annotations

import pytest

from appointments_app.domain.sms import length


@pytest.mark.parametrize(
    ("text", "encoding", "places", "segments", "left"),
    [
        ("", "GSM-7", 0, 0, 160),
        ("a" * 160, "GSM-7", 160, 1, 0),
        ("a" * 161, "GSM-7", 161, 2, 145),
        ("a" * 306, "GSM-7", 306, 2, 0),
        ("a" * 307, "GSM-7", 307, 3, 152),
        ("@£$¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà\n\r", "GSM-7", 43, 1, 117),
        ("€", "GSM-7", 2, 1, 158),
        ("€" * 80, "GSM-7", 160, 1, 0),
        ("^{}[]~|\\", "GSM-7", 16, 1, 144),
        ("a" * 152 + "€" + "b" * 10, "GSM-7", 164, 2, 141),  # the sign does not fit into the last place of the first
        ("`", "UCS-2", 1, 1, 69),
        ("ç", "UCS-2", 1, 1, 69),  # only the capital is in the basic table
        ("موعدك غدًا", "UCS-2", 10, 1, 60),
        ("م" * 70, "UCS-2", 70, 1, 0),
        ("م" * 71, "UCS-2", 71, 2, 63),
        ("م" * 134, "UCS-2", 134, 2, 0),
        ("م" * 135, "UCS-2", 135, 3, 66),
        ("😀" * 35, "UCS-2", 70, 1, 0),
        ("م" * 66 + "😀" + "م" * 5, "UCS-2", 73, 2, 60),  # half of a pair does not go into the first part
        ("“curly”", "UCS-2", 7, 1, 63),
    ],
)
def test_places_and_segments(text: str, encoding: str, places: int, segments: int, left: int):
    found = length(text)
    assert (found.encoding, found.places, found.segments, found.left) == (encoding, places, segments, left)
