"""Somebody at a browser of their own: signs in, reads, fills in, presses. What they do stands in the journeys."""

import re
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Response

PASSWORD = "Bohai-Sea-2026"
WIDTHS = {"desk": (1360, 900), "phone": (390, 844)}
WAIT = 40_000  # milliseconds: a loaded machine is slow, not wrong


class Person:
    """One browser context. `complaints` collects what no page may do: errors in the console, refused or missing parts."""

    def __init__(self, browser: Browser, base: str, *, screen: str = "desk", script: bool = True):
        width, height = WIDTHS[screen]
        self.base = base
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai",
            java_script_enabled=script, base_url=base,
        )  # fmt: skip
        self.context.set_default_timeout(WAIT)
        self.complaints: list[str] = []
        self.name = ""
        self.page = self.window()

    def window(self) -> Page:
        """One more window of the same person."""
        page = self.context.new_page()
        page.on("console", lambda m: self._say(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self._say(str(error)))
        page.on("response", self._watch)
        page.on("dialog", lambda asked: asked.accept())  # somebody who means what they press
        return page

    def _watch(self, response: Response) -> None:
        document = response.request.resource_type == "document"
        if response.status >= (500 if document else 400):
            self._say(f"{response.status} {response.url}")

    def _say(self, text: str) -> None:
        if not text.startswith("Failed to load resource"):  # what did not load is judged by its answer
            self.complaints.append(f"{self.page.url}: {text}")

    # going ---------------------------------------------------------------------------------------------------

    def sign_in(self, name: str) -> "Person":
        self.name = name
        self.go("/login/")
        self.fill(username=name, password=PASSWORD)
        self.press("登录")
        assert "/login/" not in self.page.url, self.text("main")
        return self

    def go(self, address: str, status: int = 200) -> "Person":
        answer = self.page.goto(address)
        assert answer is not None and answer.status == status, f"{address}: {answer and answer.status}"
        return self

    def follow(self, words: str, within: str = "body", status: int = 200) -> "Person":
        """Follow a link by its words."""
        link = self.page.locator(within).get_by_role("link", name=words, exact=True).first
        return self._through(link, status)

    def tab(self, words: str) -> "Person":
        """Open a tab of the case page, whatever its count."""
        return self._through(self.page.locator("nav.tabs a").filter(has_text=words).first, 200)

    def rare(self, words: str) -> "Person":
        """Open what the case page folds away, and follow one of it."""
        folded = self.page.locator("aside details", has_text="其他事项").first
        folded.locator("summary").click()
        return self._through(folded.get_by_role("link", name=words, exact=True), 200)

    def click(self, selector: str) -> "Person":
        return self._through(self.page.locator(selector).first, 200)

    def press(self, words: str, within: str = "body", status: int = 200) -> "Person":
        """Press a button by its words; the page that follows answers with this status."""
        return self._through(
            self.page.locator(within).get_by_role("button", name=words, exact=True).first, status
        )

    def _through(self, what: Locator, status: int) -> "Person":
        with self.page.expect_event("response", lambda r: _is_page(r, self.page)) as first:
            what.click()
        self.page.wait_for_load_state("load")
        answer = first.value
        assert answer.status == status, f"{answer.url}: {answer.status}\n{self.text('main')}"
        return self

    def sign_in_again(self) -> "Person":
        """After a night the session has ended: the same person signs in on the page that asks for it."""
        assert "/login/" in self.page.url, f"{self.page.url} did not ask to sign in again"
        return self.fill(username=self.name, password=PASSWORD).press("登录")

    # filling in ----------------------------------------------------------------------------------------------

    def fill(self, values: Mapping[str, Any] | None = None, **more: Any) -> "Person":
        """Fill the controls of these names: True and False tick, a choice is chosen by value, the rest is typed."""
        for name, value in {**(values or {}), **more}.items():
            self._put(self.page.locator(f'main [name="{name}"]:not([type=hidden])'), value)
        return self

    def unfold(self) -> "Person":
        """Open every folded part of the form."""
        closed = self.page.locator("main form details:not([open]) > summary")
        while closed.count():
            closed.first.click()
        return self

    @staticmethod
    def _put(control: Locator, value: Any) -> None:
        one = control.first
        match one.evaluate("one => one.tagName + ':' + one.type"):
            case "INPUT:checkbox" if isinstance(value, list):
                for each in value:
                    control.and_(control.page.locator(f'[value="{each}"]')).check()
            case "INPUT:checkbox":
                one.set_checked(bool(value))
            case "INPUT:radio":
                control.and_(control.page.locator(f'[value="{value}"]')).check()
            case "SELECT:select-one":
                one.select_option(Person._option(one, str(value)))
            case _:
                one.fill(str(value))

    @staticmethod
    def _option(control: Locator, wanted: str) -> str:
        """The value of the option of this value or these words; else of the one that holds the words (甲公司（未确认）)."""
        found = control.locator("option").evaluate_all("all => all.map(one => [one.value, one.label.trim()])")
        exact = [value for value, label in found if wanted in (value, label)]
        return str((exact or [value for value, label in found if wanted and wanted in label] or [wanted])[0])

    # reading -------------------------------------------------------------------------------------------------

    def text(self, where: str = "main") -> str:
        """What stands there, in one line."""
        return re.sub(r"\s+", " ", self.page.locator(where).first.inner_text()).strip()

    def sees(self, *words: str, where: str = "main") -> "Person":
        text = self.text(where)
        for one in words:
            assert one in text, f"{one!r} does not stand on {self.page.url}:\n{text}"
        return self

    def misses(self, *words: str, where: str = "body") -> "Person":
        text = self.text(where)
        for one in words:
            assert one not in text, f"{one!r} stands on {self.page.url}"
        return self

    def row_of(self, original: str) -> int:
        """Number of the line of the marks with this original, "" for the first blank one."""
        lines = self.page.locator('input[name^="replacements-"][name$="-original"]')
        return [one.input_value() for one in lines.all()].index(original)

    def fits(self) -> "Person":
        """Nothing sticks out sideways, neither at a desk nor on a telephone."""
        for screen, (width, height) in WIDTHS.items():
            self.page.set_viewport_size({"width": width, "height": height})
            wide = self.page.evaluate("document.scrollingElement.scrollWidth")
            assert wide <= width, f"{self.page.url} is {wide} pixels wide on a {screen} of {width}"
        self.page.set_viewport_size({"width": WIDTHS["desk"][0], "height": WIDTHS["desk"][1]})
        return self


def _is_page(response: Response, page: Page) -> bool:
    return (
        response.request.resource_type == "document" and response.frame == page.main_frame
        and not 300 <= response.status < 400
    )  # fmt: skip
