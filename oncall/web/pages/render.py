"""From a template and values to a page that loads nothing but our own files."""

from functools import cache

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from oncall.web.pages.assets import address
from oncall.web.pages.verbs import VERBS

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",  # customers' words stand in these pages
}


def page(template: str, **values: object) -> HTMLResponse:
    """Return the template filled in; every value is escaped."""
    text = _environment().get_template(template).render(values)
    return HTMLResponse(text, headers=HEADERS)


def marked(text: str) -> Markup:
    """Return a text whose words between backticks stand as code."""
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part)
        for number, part in enumerate(text.split("`"))
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("oncall.web.pages", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["marked"] = marked
    environment.globals |= {"asset": address, "verbs": VERBS}
    return environment
