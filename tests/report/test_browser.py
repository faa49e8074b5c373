"""The page in headless Chromium: accessible at every width, dark, printed and without scripts, and quick."""

from __future__ import annotations

from typing import Any

import pytest

#: what axe asks of pointers means nothing on paper
_PAPER = {"rules": {"target-size": {"enabled": False}}}


def opened(browser: Any, address: str, width: int, **context: Any) -> Any:
    """A page at a width; what it says to the console is kept."""
    page = browser.new_context(viewport={"width": width, "height": 900}, **context).new_page()
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.goto(address)
    return page


def violations(page: Any, options: dict[str, Any] | None = None) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    # what is laid out only when it is scrolled to moves under axe's eyes: it is given the whole page
    page.evaluate("document.body.classList.remove('many')")
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]


#: the page with charts is large, and axe takes most of a minute over it: on a phone it is asked with every fold open
_SEEN = [(name, width, scheme) for name in ("plan",) for width in (320, 768, 1280) for scheme in ("light", "dark")]
_SEEN += [("two years", 1280, "light")]


@pytest.mark.parametrize(("name", "width", "scheme"), _SEEN)
def test_axe_finds_nothing(browser: Any, pages: dict[str, str], name: str, width: int, scheme: str) -> None:
    """WCAG 2.0 to 2.2 A and AA and best practice; nothing runs over the side."""
    page = opened(browser, pages[name], width, color_scheme=scheme)

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert page.said == []
    page.context.close()


@pytest.mark.parametrize("context", [{"forced_colors": "active"}, {"contrast": "more"}, {"reduced_motion": "reduce"}])
def test_axe_finds_nothing_in_other_settings(browser: Any, pages: dict[str, str], context: dict[str, str]) -> None:
    """Forced colours, more contrast."""
    page = opened(browser, pages["plan"], 1280, **context)

    assert violations(page) == []
    page.context.close()


def test_axe_finds_nothing_with_every_fold_open(browser: Any, pages: dict[str, str]) -> None:
    """Derivations and rule cards too, on a phone."""
    page = opened(browser, pages["two years"], 320, color_scheme="dark")
    page.click("#open")

    assert page.evaluate("[...document.querySelectorAll('details')].every(fold => fold.open)")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    page.context.close()


def test_print_keeps_heads_and_words(browser: Any, pages: dict[str, str]) -> None:
    """A4 landscape, tagged, with the filters gone and heads that repeat."""
    page = opened(browser, pages["plan"], 1280)
    page.emulate_media(media="print")

    assert violations(page, _PAPER) == []
    assert not page.is_visible("#flt") and not page.is_visible("nav")
    assert page.evaluate("getComputedStyle(document.querySelector('.one thead')).display") == "table-header-group"
    assert page.pdf(prefer_css_page_size=True, tagged=True).startswith(b"%PDF")
    page.context.close()


def test_everything_is_readable_with_scripts_off(browser: Any, pages: dict[str, str]) -> None:
    """No filter is shown that would not work, and every row is."""
    page = opened(browser, pages["plan"], 1280, java_script_enabled=False)

    assert page.locator(".one tr[role=row] th[scope=row]").count() == 157
    assert page.locator("#flt").is_hidden()
    assert page.locator("text=Why this level, and its rule").count() == 157
    page.context.close()


def test_filters_work_by_keyboard(browser: Any, pages: dict[str, str]) -> None:
    """Level, area, search, exceptions and reset, without a mouse; the count is announced."""
    page = opened(browser, pages["plan"], 1280)
    count = page.locator("#cnt")

    def shown() -> int:
        return int(page.evaluate("document.querySelectorAll('.one tr[data-l]:not([hidden])').length"))

    page.focus("input[name=l][value=g]")
    page.keyboard.press("Space")
    assert shown() == 74 and count.inner_text() == "74 of 157 rows"
    page.focus("select[name=a]")
    page.keyboard.type("MASH")
    assert shown() == 8
    page.focus("input[name=q]")
    page.keyboard.type("learning circles")
    assert shown() == 1
    page.focus("input[name=x]")
    page.keyboard.press("Space")
    assert shown() == 1
    page.focus("input[name=q]")
    page.keyboard.type(" nowhere")
    assert shown() == 0 and page.is_visible("#none")
    page.focus("button[type=reset]")
    page.keyboard.press("Enter")
    page.wait_for_function("document.getElementById('cnt').textContent === '157 rows'")
    page.context.close()


def test_the_first_tab_skips_to_the_report(browser: Any, pages: dict[str, str]) -> None:
    """A keyboard need not walk through the navigation."""
    page = opened(browser, pages["plan"], 1280)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"
    page.context.close()


def test_levels_are_seen_in_greyscale(browser: Any, pages: dict[str, str]) -> None:
    """The red chip is dark and the green one light, so grey paper tells them apart; each has its word and symbol."""
    page = opened(browser, pages["plan"], 1280)

    def luminance(selector: str) -> float:
        colour = page.evaluate(f"getComputedStyle(document.querySelector('{selector}')).backgroundColor")
        red, green, blue = (int(part) for part in colour[4:-1].split(","))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    assert luminance(".glt .l0") < 60 < 180 < luminance(".glt .lb")
    assert page.locator(".glt .l0").first.inner_text() == "▲ Red"
    page.context.close()


def test_a_link_to_a_row_opens_its_explanation(browser: Any, pages: dict[str, str]) -> None:
    """From the table to the figure, with its fold open."""
    page = opened(browser, f"{pages['plan']}#m-early-help-seen-10-days", 1280)

    assert page.evaluate("document.querySelector('#m-early-help-seen-10-days details').open")
    page.context.close()


def test_the_heat_map_scrolls_by_itself(browser: Any, pages: dict[str, str]) -> None:
    """24 periods on a phone: the page does not move sideways, the map can be focused and read."""
    page = opened(browser, pages["two years"], 320)
    box = page.locator(".scr")

    assert box.evaluate("box => box.scrollWidth > box.clientWidth")
    assert box.get_attribute("tabindex") == "0" and box.get_attribute("role") == "region"
    page.context.close()
