"""The app in a browser: textual-serve with a page of our own, and open to nobody but this machine's user.

Its own page takes a font from outside; ours takes nothing. A web page of somebody else, open in the same
browser, can reach this machine too: what does not come from our own page is turned away.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web
from textual_serve.server import Server

PAGES = Path(__file__).parent / "pages"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Browser(Server):
    """One process of the app for each visitor."""

    def __init__(self, command: str, host: str, port: int, title: str) -> None:
        super().__init__(command, host, port, title, templates_path=PAGES)

    def initialize_logging(self) -> None:
        """The terminal stays quiet."""

    async def on_startup(self, app: web.Application) -> None:
        """The command has said where it is."""

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._own)
        return app

    @web.middleware
    async def _own(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Only what was asked of this address, and by our own page."""
        ours = self.public_url.partition("://")[2]
        origin = request.headers.get("Origin")
        if request.headers.get("Host") != ours or origin not in (None, self.public_url):
            raise web.HTTPForbidden
        answer = await handler(request)
        if not answer.prepared:
            answer.headers["Content-Security-Policy"] = _policy(ours)
        return answer


def _policy(ours: str) -> str:
    """What the browser may load for the page: nothing from anywhere else."""
    return f"default-src 'self' 'unsafe-inline' data: blob: ws://{ours}; frame-ancestors 'none'"
