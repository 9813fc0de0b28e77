"""What a lift is asked for, and the documents and files that stand behind it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dpc_kg.base.assets import mapping_dir
from dpc_kg.base.errors import DpcError, MappingError, NotSupported
from dpc_kg.base.identifiers import check_org, graph_iri
from dpc_kg.lift.plan import Plan, Source
from dpc_kg.lift.servers import Server, declared_servers, may_hold_password, server_of
from dpc_kg.lift.terms import Setting

_BASE = "http://example.com/base/"


@dataclass(frozen=True)
class LiftRequest:
    """What to lift, with what: a mapping's name or an RML document, its sources by name, keys.

    ``definitions`` is the folder of the deployment's own definition files; ``allow_query`` lets
    a mapping's own query run on a database server.
    """

    mapping: str
    sources: Mapping[str, Path | Server] = field(default_factory=dict)
    org: str | None = None
    dataset: str | None = None
    partner_key: bytes | None = None
    coalition_key: bytes | None = None
    base: str = _BASE
    definitions: Path | None = None
    allow_query: bool = False

    @property
    def is_outside(self) -> bool:
        """Whether the mapping is a plain RML document, without decisions about fields beside it.

        A folder with a ``fields.csv`` is a mapping like ours, wherever it lies: a deployment
        copies one and puts its own words into ``codes.csv``.
        """
        document = Path(self.mapping)
        return document.suffix == ".ttl" and not (document.parent / "fields.csv").is_file()

    @property
    def name(self) -> str:
        """The mapping's name: that of its folder where a document is given."""
        document = Path(self.mapping)
        return document.resolve().parent.name if document.suffix == ".ttl" else self.mapping


def document_of(request: LiftRequest) -> tuple[Path, Path]:
    """Give the RML document of a request and its folder.

    Raises:
        DpcError: a mapping of ours without organisation or key, or there is no such document.
    """
    document = Path(request.mapping)
    if document.suffix == ".ttl":
        if not document.is_file():
            raise MappingError("There is no such mapping document.", file=str(document))
        folder = document.parent
    else:
        folder = mapping_dir(request.mapping)
        document = folder / "mapping.rml.ttl"
    if not request.is_outside and (request.org is None or request.partner_key is None):
        raise DpcError(
            "This mapping needs an organisation and its key.",
            term=request.name,
            advice="Give --org and --key-file.",
        )
    return document, folder


def setting_of(request: LiftRequest) -> Setting:
    """Give what the terms are made with."""
    org = check_org(request.org) if request.org is not None else "example-org"
    graph = None if request.is_outside else graph_iri(org, "pending")
    return Setting(org, request.coalition_key is not None, request.base, graph)


def sources_of(plan: Plan, request: LiftRequest, document: Path) -> dict[str, Path | Server]:
    """Give the path, or the server, of each source of the plan.

    Raises:
        MappingError: a source is unknown, not given, or not there.
        NotSupported: it is on a database server of a kind that is not read.
    """
    known = {s.given for s in plan.sources}
    for name in sorted(set(request.sources) - known):
        raise MappingError(
            f"The mapping has no source named {name}.",
            term=request.mapping,
            advice=f"Its sources: {', '.join(sorted(known))}.",
        )
    given = {s.name: s for s in plan.sources if s.given in request.sources or not s.optional}
    if not given:
        raise MappingError(
            "No source is given.",
            term=request.mapping,
            advice=f"Give at least one of: {', '.join(sorted(known))}.",
        )
    servers: dict[str, Server] = {}
    if any(server_of(s.path) is not None for s in given.values()):
        servers = declared_servers(document)
    return {name: _place(s, plan, request, document, servers) for name, s in given.items()}


def _place(
    source: Source,
    plan: Plan,
    request: LiftRequest,
    document: Path,
    servers: Mapping[str, Server],
) -> Path | Server:
    given = request.sources.get(source.given) or servers.get(source.path)
    if isinstance(given, Server):
        _check_table(source)
        return given
    if given is None and not request.is_outside:
        needed = dict.fromkeys(s.given for s in plan.sources if not s.optional)
        names = " ".join(f"--source {name}=PATH" for name in needed)
        raise MappingError(
            f"The source {source.given} is not given.",
            term=request.mapping,
            advice=f"Give {names}.",
        )
    if given is None and may_hold_password(source.path):
        raise NotSupported(
            "Of what is read over a network there are only PostgreSQL databases.",
            term=f"source {source.given}",
            advice=f"Export it, and name the file with --source {source.given}=PATH.",
        )
    path = given if given is not None else document.parent / source.path
    if not path.exists():
        users = sorted(m.name for m in plan.maps if plan.view(m.view).source == source.name)
        raise MappingError(
            "There is no such file or folder.",
            file=path.as_posix(),
            term=f"source {source.given} of {', '.join(users)}",
            advice=f"Name it with --source {source.given}=PATH.",
        )
    return path.resolve()


def _check_table(source: Source) -> None:
    if source.formulation != "CSV":
        raise MappingError(
            "A database gives tables, and this source is read from documents.",
            term=f"source {source.given}",
            advice=f"Name a file: --source {source.given}=PATH.",
        )
