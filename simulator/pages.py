"""Serves the chat page, strictly limited to its own files."""

from pathlib import Path

from aiohttp import web

PAGE = Path(__file__).parent / "page"
POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'"
)

_TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html"}


def add_page_routes(app: web.Application) -> None:
    """Open the page at / and its files under /page/."""
    app.router.add_get("/", _index)
    app.router.add_get("/page/{path:.+}", _file)
    app.on_response_prepare.append(_protect)


async def _index(_: web.Request) -> web.StreamResponse:
    return _served("index.html")


async def _file(request: web.Request) -> web.StreamResponse:
    return _served(request.match_info["path"])


def _served(name: str) -> web.StreamResponse:
    path = (PAGE / name).resolve()
    if not path.is_relative_to(PAGE) or not path.is_file():
        raise web.HTTPNotFound(text="There is no such page.")
    headers = {"Cache-Control": "no-cache"}
    if kind := _TYPES.get(path.suffix):
        headers["Content-Type"] = f"{kind}; charset=utf-8"
    return web.FileResponse(path, headers=headers)


async def _protect(request: web.Request, response: web.StreamResponse) -> None:
    # Bots are no browsers; what they get is the real server's headers.
    if request.path.startswith("/bot"):
        return
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
