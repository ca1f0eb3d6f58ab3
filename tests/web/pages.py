"""Signed-in browsers of the cast and what is written in an answer."""

from __future__ import annotations

from bs4 import BeautifulSoup
from bs4.element import Tag
from django.http import HttpResponse
from django.test import Client

from tests.cast import City


def browser_of(city: City, who: str) -> Client:
    """A browser in which ``who`` has signed in."""
    client = Client()
    client.force_login(city.accounts[who])
    return client


def text_of(response: HttpResponse) -> str:
    """What a person reads on the page, in one line."""
    return " ".join(BeautifulSoup(response.content.decode(), "html.parser").get_text(" ").split())


def field_error(response: HttpResponse, name: str) -> str:
    """What stands beside the field called ``name``; empty when nothing does."""
    soup = BeautifulSoup(response.content.decode(), "html.parser")
    field = soup.find(attrs={"name": name})
    assert isinstance(field, Tag), f"there is no field {name}"
    holder = field.find_parent(class_="field")
    error = holder.find(class_="error") if isinstance(holder, Tag) else None
    return error.get_text(strip=True) if isinstance(error, Tag) else ""
