"""The pages: HTML made on the server, one inline style sheet, no script, nothing from outside."""

import base64
import hashlib
from functools import lru_cache
from importlib.resources import files
from itertools import dropwhile

from jinja2 import Environment
from markupsafe import Markup

from dpc_kg.base.assets import look
from dpc_kg.base.settings import RIGHT_TO_LEFT
from dpc_kg.base.templates import environment
from dpc_kg.store.catalogue import SavedQuery


@lru_cache(maxsize=1)
def style() -> str:
    """Give the style sheet: the look of every page of ours, and what only these have."""
    own = files("dpc_kg.serve").joinpath("templates/style.css")
    return look() + own.read_text(encoding="utf-8")


def style_source() -> str:
    """Give the style sheet's source expression for a content security policy."""
    digest = hashlib.sha256(style().encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    made = environment("dpc_kg.serve")
    made.filters["body"] = body
    return made


def body(query: SavedQuery) -> str:
    """Give a saved query without the header that the page shows in words."""
    lines = query.text.splitlines(keepends=True)
    return "".join(dropwhile(lambda line: line.startswith("#"), lines)).strip()


def render(name: str, lang: str, **facts: object) -> bytes:
    """Give a page: the template ``name`` in the language ``lang`` filled with ``facts``."""
    template = _environment().get_template(name)
    direction = "rtl" if lang in RIGHT_TO_LEFT else "ltr"
    # our own file, and the policy's hash is over exactly these characters
    sheet = Markup(style())  # noqa: S704
    return template.render(style=sheet, lang=lang, dir=direction, **facts).encode()
