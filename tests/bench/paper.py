"""A one-page PDF: the product's printer, blocks in, against WeasyPrint alone on the HTML it would print."""

from typing import Any

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from cases.documents import html, layouts, pdf, template

from .ratios import Ratio, side_by_side

KIND = "assistance_acceptance"  # 受理通知书
CODE, ADDRESS = "0123-4567-89AB", "https://zhiheng.example/verify/0123-4567-89AB/"


class Fonts(URLFetcher):  # type: ignore[misc]
    """The packaged fonts, and nothing else, as a bare script would hand them over."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        return URLFetcherResponse(url, pdf.FONTS[url]().read_bytes(), {"Content-Type": "font/otf"})

    __call__ = fetch


def measure(*, rounds: int, calls: int) -> Ratio:
    """Both keep fonts and parsed style sheets between calls: parsing them is no part of a page."""
    blocks = template.compose(KIND, template.sample(KIND))
    layout = layouts.LAYOUTS[template.load(KIND).layout]
    text = html.page(blocks, layout, title=pdf.metadata_title(blocks), code=CODE, address=ADDRESS)
    fetcher, fonts = Fonts(allowed_protocols=()), FontConfiguration()
    styles = [
        CSS(string=css, font_config=fonts, url_fetcher=fetcher)
        for css in (
            pdf._font_css(),
            (pdf.PAPER / "base.css").read_text("utf-8"),
            (pdf.PAPER / f"{layout.name}.css").read_text("utf-8"),
        )
    ]

    def ours() -> bytes:
        return pdf.render(blocks, layout, code=CODE, address=ADDRESS)

    def bare() -> bytes:
        printed: bytes = HTML(string=text, url_fetcher=fetcher).write_pdf(
            stylesheets=styles, font_config=fonts
        )
        return printed

    pages = len(HTML(string=text, url_fetcher=fetcher).render(stylesheets=styles, font_config=fonts).pages)
    if pages != 1:
        raise SystemExit(f"{KIND} has {pages} pages; the bench wants one")
    notes = f"{len(ours()) // 1024} KiB, one page"
    return side_by_side(
        "受理通知书 to PDF, against WeasyPrint on the same HTML",
        ours,
        bare,
        rounds=rounds,
        calls=calls,
        notes=notes,
    )
