"""A fragment is right when the page after the swap equals the page after a reload (house.md §4)."""

from __future__ import annotations

from bs4 import BeautifulSoup
from bs4.element import Tag
from django.test import Client


def part_of(html: str, element_id: str) -> Tag:
    """The element of a page or fragment; fails the test when it is not there."""
    found = BeautifulSoup(html, "html.parser").find(id=element_id)
    assert isinstance(found, Tag), f"#{element_id} is not in the answer"
    return found


def same_after_swap(client: Client, address: str, element_id: str = "results") -> Tag:
    """Ask ``address`` as a swap of ``#element_id`` and as a whole page; both must hold the same element. Returns it."""
    swapped = client.get(address, headers={"HX-Request": "true", "HX-Target": element_id})
    whole = client.get(address)
    assert swapped.status_code == whole.status_code == 200
    fragment, page = swapped.content.decode(), whole.content.decode()
    assert "<html" not in fragment, "a swap must not carry a whole page"
    assert "<html" in page
    ours, theirs = part_of(fragment, element_id), part_of(page, element_id)
    assert ours.prettify() == theirs.prettify()
    return ours
