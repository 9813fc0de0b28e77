"""The HTTP surface: routes and nothing else (DESIGN section 6)."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from functools import lru_cache

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

from dpc_kg.serve import guard, negotiate, pages, protocol
from dpc_kg.serve.answers import Answerer, Record
from dpc_kg.serve.audit import Audit
from dpc_kg.serve.description import describe
from dpc_kg.serve.home import Home, saved_message
from dpc_kg.serve.negotiate import Offer
from dpc_kg.serve.problems import Problem
from dpc_kg.serve.settings import ServeSettings
from dpc_kg.serve.shield import Shield
from dpc_kg.serve.workers import Pool
from dpc_kg.store.catalogue import SavedQuery, catalogue

HTML = "text/html; charset=utf-8"
CATALOGUE = (Offer("html", "text/html"), Offer("json", "application/json"))

_inspect = lru_cache(maxsize=256)(guard.inspect)


@dataclass(frozen=True)
class Service:
    """What the routes work with."""

    settings: ServeSettings
    pool: Pool
    audit: Audit
    answerer: Answerer
    home: Home


def create_app(settings: ServeSettings) -> FastAPI:
    """Give the application that serves one view.

    Raises:
        StoreError: when it starts, if the view cannot be opened.
    """

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        pool = Pool(settings)
        audit = Audit(settings.audit_file)
        try:
            await pool.start()
            answerer = Answerer(pool, audit)
            app.state.service = Service(settings, pool, audit, answerer, Home(settings, pool))
            yield
        finally:
            await pool.close()
            await audit.close()

    app = FastAPI(lifespan=life, docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(Shield, hosts=settings.hosts, style=pages.style_source())
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(Exception, _on_exception)
    pair = ["GET", "HEAD"]
    app.add_api_route("/", home, methods=pair)
    app.add_api_route("/sparql", sparql, methods=["GET", "POST"])
    app.add_api_route("/queries", queries, methods=pair)
    app.add_api_route("/queries.json", queries, methods=pair)
    app.add_api_route("/queries/{name}", query, methods=pair)
    app.add_api_route("/livez", live, methods=pair)
    app.add_api_route("/readyz", ready, methods=pair)
    return app


async def home(request: Request) -> Response:
    """Give the home page."""
    return _page(await _service(request).home.page(_base(request)))


async def sparql(request: Request) -> Response:
    """Answer a SPARQL query, or describe the endpoint."""
    asked = await protocol.read(request)
    accept = _accept(request)
    if asked.text is None:
        offer = negotiate.choose(accept, negotiate.GRAPHS)
        body = describe(f"{_base(request)}/sparql", offer.name)
        return Response(body, headers={"Content-Type": negotiate.content_type(offer)})
    answerer = _service(request).answerer
    try:
        checked = _inspect(asked.text)
        offer = negotiate.choose(accept, negotiate.for_form(checked.form))
    except Problem as e:
        return await answerer.refuse(Record(asked.text, None), e)
    message = asdict(checked) | {
        "format": offer.name,
        "graphs": asked.graphs,
        "base": f"{_base(request)}/sparql",
    }
    return await answerer.answer(request, message, Record(asked.text, checked.form), offer)


async def queries(request: Request) -> Response:
    """List the saved queries."""
    found = catalogue()
    if request.url.path.endswith(".json"):
        offer = CATALOGUE[1]
    else:
        offer = negotiate.choose(_accept(request), CATALOGUE)
    if offer.name == "html":
        settings = _service(request).settings
        facts = {"title": settings.title, "demo": settings.demo, "queries": found.values()}
        return _page(pages.render("queries.html", settings.lang, **facts))
    listed = [_described(q) for q in found.values()]
    body = json.dumps({"queries": listed}, ensure_ascii=False)
    return Response(body, media_type="application/json", headers={"Vary": "Accept"})


async def query(request: Request, name: str) -> Response:
    """Answer a saved query; the format by the name's suffix, else by the Accept header."""
    stem, _, suffix = name.partition(".")
    saved = catalogue().get(stem)
    by_suffix = {offer.name: offer for offer in negotiate.TABLES}
    if saved is None or (suffix and suffix not in by_suffix):
        raise Problem(404, "not-found", "There is no such saved query.", "See /queries.")
    offer = by_suffix.get(suffix) or negotiate.choose(_accept(request), negotiate.TABLES)
    params = protocol.single(request)
    service = _service(request)
    record = Record(saved.text, saved.name)
    if offer.name == "html":
        answered, page = await service.home.query_page(saved, params)
        status, outcome = 200, "complete"
        if answered.problem:
            status, outcome = answered.problem.status, answered.problem.reason
        await service.audit.write(record.entry(status, outcome, answered.total, len(page)))
        return _page(page, status)
    message = saved_message(saved, params, offer.name)
    return await service.answerer.answer(request, message, record, offer)


async def live() -> Response:
    """Say that the process answers."""
    return PlainTextResponse("ok\n")


async def ready(request: Request) -> Response:
    """Say whether queries can be answered."""
    if _service(request).pool.ready:
        return PlainTextResponse("ready\n")
    raise Problem(503, "unavailable", "No query worker is ready.", "Try again in a moment.")


def _described(saved: SavedQuery) -> dict[str, object]:
    facts = asdict(saved)
    return {key: facts[key] for key in ("name", "title", "question", "params", "since", "text")} | {
        "href": f"/queries/{saved.name}"
    }


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


def _accept(request: Request) -> str | None:
    return ",".join(request.headers.getlist("accept")) or None


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _page(body: bytes, status: int = 200) -> Response:
    headers = {"Content-Type": HTML, "Cache-Control": "no-store", "Vary": "Accept"}
    return Response(body, status, headers)


def _on_problem(_: Request, error: Exception) -> Response:
    return error.response() if isinstance(error, Problem) else _on_exception(_, error)


def _on_http_exception(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    if status == 405:
        advice = f"Use {headers['allow']}." if "allow" in headers else "Use GET."
        detail = "This page does not take requests of that method."
        return Problem(405, "method", detail, advice, headers).response()
    detail, advice = "There is no page of this name.", "Begin at /."
    return Problem(404 if status == 404 else status, "not-found", detail, advice).response()


def _on_exception(_: Request, __: Exception) -> Response:
    detail = "The server failed to answer."
    return Problem(500, "engine", detail, "Tell the operator the time of this answer.").response()
