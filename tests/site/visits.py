"""A page in the browser: opened once for all checks, of which each test judges one.

Loading a page and asking axe cost most of the time that the tests of the site take, and grow
with every page. So a page is opened once from the server, once from the folder and, where it has
demos, once without JavaScript; widths and themes are switched in place.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.site.checks import complaints

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDTHS = (390, 1440)
THEMES = ("light", "dark")
VARIANTS = {f"{theme}, {width} px wide": (theme, width) for width in WIDTHS for theme in THEMES}
# axe takes most of the time. All four where the frame and every part of a page stand; elsewhere
# each width and each theme once, because only the words and pictures are others there
SHOW_ALL_PARTS = {"index.html", "style-guide.html", "search.html", "404.html"}
DIAGONAL = {
    name: (theme, width)
    for name, (theme, width) in VARIANTS.items()
    if (theme == "dark") == (width == WIDTHS[1])
}
# what of a demo stands out of it on the right
OUTSIDE = """demo => [...demo.querySelectorAll('*:not(.visually-hidden)')]
    .filter(part => part.getBoundingClientRect().right > demo.getBoundingClientRect().right + 1)
    .map(part => part.outerHTML.slice(0, 80))"""


@dataclass
class Visit:
    """A page that is open in the browser.

    Attributes:
        page: Playwright's page.
        errors: What the console called an error, violations of the page's policy included,
            and exceptions that nobody caught.
        requests: The address of everything that was loaded, in order.
        failed: Those that were not there.
        foreign: Those that are not part of the site.
    """

    page: Any
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        """Everything that must not happen on any page."""
        return [*self.errors, *self.failed, *self.foreign]


@dataclass
class Opener:
    """Opens pages of a site, each in a context of its own, until its own end."""

    browser: Any
    site: Path
    address: str
    contexts: ExitStack

    def __call__(
        self,
        path: str = "index.html",
        *,
        width: int = 1440,
        theme: str = "light",
        folder: bool = False,
        touch: bool = False,
        javascript: bool = True,
        motion: bool = True,
        before: str = "",
    ) -> Visit:
        """Open a page.

        ``visit("seeing/convolution.html", width=390, theme="dark", folder=True, touch=True)``
        opens it on a small touch screen, in the dark theme, from the folder instead of the server.
        ``before`` is a script that runs before those of the page.
        """
        context = self.browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=theme,
            has_touch=touch,
            java_script_enabled=javascript,
            reduced_motion="no-preference" if motion else "reduce",
            service_workers="block",  # pages are judged as they are (test_offline.py has them)
        )
        self.contexts.callback(context.close)
        context.add_init_script(before)
        context.set_default_timeout(10_000)
        base = f"{self.site.as_uri()}/" if folder else self.address
        opened = Visit(context.new_page())
        watch(opened, base)
        opened.page.goto(base + path)
        opened.page.wait_for_load_state("load")
        return opened


@contextmanager
def opener(browser: Any, site: Path, address: str) -> Iterator[Opener]:
    """Yield what opens pages, and close them all."""
    with ExitStack() as contexts:
        yield Opener(browser, site, address, contexts)


def watch(visit: Visit, base: str) -> None:
    """Note what goes wrong on a page of the site at ``base``."""
    page = visit.page

    def note_request(request: Any) -> None:
        visit.requests.append(request.url)
        if not request.url.startswith((base, "data:", "blob:")):
            visit.foreign.append(f"foreign request: {request.url}")

    def note_failure(request: Any) -> None:
        if request.failure != "net::ERR_ABORTED":  # the page was left before the file had come
            visit.failed.append(f"failed: {request.url}")

    def note_answer(response: Any) -> None:
        if response.status >= 400:
            visit.failed.append(f"status {response.status}: {response.url}")

    page.on("console", lambda said: said.type == "error" and visit.errors.append(said.text))
    page.on("pageerror", lambda error: visit.errors.append(f"exception: {error}"))
    page.on("request", note_request)
    page.on("requestfailed", note_failure)
    page.on("response", note_answer)


def reach(visit: Visit, name: str) -> Any:
    """Scroll to a demo, wait until it lives, and return it."""
    demo = visit.page.locator(f'.demo[data-demo="{name}"]')
    demo.scroll_into_view_if_needed()
    demo.locator(".demo-root:not([aria-busy])").wait_for()
    return demo


@dataclass
class Started:
    """What was seen of a demo that a reader reached."""

    near: bool  # in view, or little below it, before it was scrolled to
    loaded_before: bool
    loaded_after: bool
    parts: int
    alerts: int
    problems: list[str]


@dataclass
class Seen:
    """What was seen of a page.

    Attributes:
        problems: Errors, failures and foreign requests, by whether it was opened from the folder.
        complaints: What axe said, by the variant.
        wide: How many pixels wide the page is on a screen of 360.
        started: Each demo that was reached, by its name and whether from the folder.
        idle: What axe said of the demos before they were reached, by the theme.
        outside: What stood out of each demo on the right, by its name, on a phone.
        plain: What each demo shows without JavaScript; ``None`` if that is hidden.
    """

    problems: dict[bool, list[str]] = field(default_factory=dict)
    complaints: dict[str, list[str]] = field(default_factory=dict)
    wide: int = 0
    started: dict[tuple[str, bool], Started] = field(default_factory=dict)
    idle: dict[str, list[str]] = field(default_factory=dict)
    outside: dict[str, list[str]] = field(default_factory=dict)
    plain: dict[str, str | None] = field(default_factory=dict)


def variants(page: str) -> dict[str, tuple[str, int]]:
    """Return theme and width of each variant in which axe looks at a page, by its name."""
    return VARIANTS if page in SHOW_ALL_PARTS else DIAGONAL


def see(visit: Opener, page: str) -> Seen:
    """Open a page of the site in every way, and return what was seen."""
    seen = Seen()
    for folder in (True, False):
        opened = visit(page, folder=folder)
        demos = opened.page.locator(".demo").evaluate_all("all => all.map(one => one.dataset.demo)")
        if demos and not folder:
            _idle(opened, seen)
        for name in demos:
            seen.started[name, folder] = _start(opened, name)
        opened.page.mouse.wheel(0, 100_000)
        opened.page.wait_for_timeout(100)  # for what comes only when it is scrolled to
        seen.problems[folder] = opened.problems
        if not folder:
            _every_variant(opened, seen, demos, variants(page))
        opened.page.context.close()
    if demos:
        opened = visit(page, javascript=False)
        for name in demos:
            demo = opened.page.locator(f'.demo[data-demo="{name}"]')
            shown = demo.locator(".demo-text").is_visible()
            seen.plain[name] = demo.inner_text() if shown else None
        opened.page.context.close()
    return seen


def _idle(opened: Visit, seen: Seen) -> None:
    for theme in reversed(THEMES):  # the light one last, in which it goes on
        opened.page.emulate_media(color_scheme=theme)
        opened.page.locator(f"html[data-theme={theme}]").wait_for()
        seen.idle[theme] = complaints(opened.page, ".demo")


def _start(opened: Visit, name: str) -> Started:
    script, before = f"_static/demos/{name}.js", opened.problems
    loaded = any(script in request for request in opened.requests)
    below = opened.page.evaluate(
        "(name) => document.querySelector(`.demo[data-demo='${name}']`)"
        ".getBoundingClientRect().top - window.innerHeight",
        name,
    )
    demo = reach(opened, name)
    return Started(
        near=below < 400,  # as far ahead as demos.js looks
        loaded_before=loaded,
        loaded_after=any(script in request for request in opened.requests),
        parts=demo.locator(".demo-root > *").count(),
        alerts=demo.get_by_role("alert").count(),
        problems=[problem for problem in opened.problems if problem not in before],
    )


def _every_variant(
    opened: Visit, seen: Seen, demos: list[str], looks: dict[str, tuple[str, int]]
) -> None:
    page = opened.page
    page.emulate_media(reduced_motion="reduce")  # nothing is half faded when axe looks
    page.set_viewport_size({"width": 360, "height": 900})
    seen.wide = page.evaluate("document.documentElement.scrollWidth")
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    for variant, (theme, width) in looks.items():
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)
        page.locator(f"html[data-theme={theme}]").wait_for()
        seen.complaints[variant] = complaints(page)
        for name in demos if width == WIDTHS[0] else ():
            demo = page.locator(f'.demo[data-demo="{name}"]')
            seen.outside.setdefault(name, []).extend(demo.evaluate(OUTSIDE))


def browser_of_this_machine() -> str | None:
    """Return where Chromium is; ``None`` if there is none."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)
