"""HTML and SVG elements whose text is always escaped."""

from __future__ import annotations

from html import escape

from ..display import clean

__all__ = ["Content", "Html", "el", "together"]


class Html(str):
    """Markup that is safe to put into a page as it is."""

    __slots__ = ()


Content = str | None

#: elements without an end tag
_VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta"})
#: attributes whose names Python keeps for itself, or that hold a capital
_NAMES = {"class_": "class", "for_": "for", "viewbox": "viewBox", "markerwidth": "markerWidth"}


def safe(content: str) -> str:
    """A text escaped for an element or an attribute, without control and bidirectional characters."""
    return escape(clean(content), quote=True)


def together(*parts: Content) -> Html:
    """Parts one after the other; texts are escaped, None is nothing."""
    return Html("".join(part if isinstance(part, Html) else safe(part) for part in parts if part is not None))


def el(tag: str, *content: Content, **attributes: str | int | float | bool | None) -> Html:
    """An element; an attribute that is None or False is left out, one that is True has no value.

    >>> el("td", "<b>", class_="v", colspan=2, hidden=True)
    '<td class="v" colspan="2" hidden>&lt;b&gt;</td>'
    """
    written = "".join(_attribute(name, value) for name, value in attributes.items())
    if tag in _VOID:
        return Html(f"<{tag}{written}>")
    return Html(f"<{tag}{written}>{together(*content)}</{tag}>")


def _attribute(name: str, value: str | int | float | bool | None) -> str:
    if value is None or value is False:
        return ""
    name = _NAMES.get(name) or name.replace("_", "-")
    return f" {name}" if value is True else f' {name}="{safe(str(value))}"'
