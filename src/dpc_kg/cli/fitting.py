"""How well the head of a file agrees with a source of a mapping: its header, its fields."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from dpc_kg.cli.assign import Fit
from dpc_kg.lift.heads import Leaves, Rows
from dpc_kg.lift.plan import Plan, Source
from dpc_kg.lift.privacy import Decisions
from dpc_kg.lift.sources.header import known_as
from dpc_kg.lift.tables import wanted_columns

_FEW = 3
"""So many fields of a document are as many as chance may give."""

_GENERAL = "http://www.w3.org/"
"""Where the vocabularies begin that every RDF file may use."""

_WORD = re.compile(r"\w+")
_NAME = re.compile(r"[:/#](\w+)")


def wanted_of(plan: Plan, decisions: Decisions, source: Source) -> frozenset[str]:
    """Give the columns without which a table of this source cannot be read."""
    views = [v for v in plan.views if v.source == source.name and v.on is None]
    return frozenset(wanted_columns(source, views) - decisions.optional(source.name))


def fit_of_tables(
    decisions: Decisions,
    source: Source,
    wanted: frozenset[str],
    tables: Sequence[Rows],
    titles: Mapping[str, str],
) -> Fit | None:
    """Give how well the best of some tables fits: that of the named sheet, or any.

    A named sheet that is lacking is no matter where there must be one: the lift says so.
    """
    named = [t for t in tables if t.title is None or source.table in (None, t.title)]
    if source.optional and not named:
        return None
    fits = [
        _fit_of_row(decisions, source, wanted, known_as(cells, titles), row, table.title)
        for table in named or tables
        for row, cells in enumerate(table.rows, start=1)
    ]
    # a header is in the first row unless that is none and a lower one is
    return max(fits, key=lambda f: (f.good, _would_be_good(f), f.row == 1, f.rank), default=None)


def _would_be_good(fit: Fit) -> bool:
    return replace(fit, row=1).good


def _fit_of_row(
    decisions: Decisions,
    source: Source,
    wanted: frozenset[str],
    header: Sequence[str],
    row: int,
    title: str | None,
) -> Fit:
    names = {name for name in header if name}
    found = wanted & names
    # what is far from fitting needs no closer look
    near = len(found) * 2 > len(wanted)
    known = {n for n in names if near and decisions.decide(source.name, n) is not None} | found
    return Fit(
        len(found) / (len(wanted) or 1),
        len(known) / (len(names) or 1),
        len(found),
        tuple(sorted(wanted - names)),
        row,
        title,
    )


def fit_of_leaves(decisions: Decisions, source: Source, leaves: Leaves) -> Fit:
    """Give how well the fields of documents fit: what share of them the mapping knows."""
    if leaves.are_paths:
        known = {name for name in leaves.names if _is_known(decisions, source, name)}
    else:
        own = [d.path for d in decisions.decisions if d.source == source.given]
        words = {word for path in own for word in _WORD.findall(path)}
        known = {name for name in leaves.names if set(_WORD.findall(name)) <= words}
    share = len(known) / (len(leaves.names) or 1)
    return Fit(share if len(known) >= _FEW else 0.0, share, len(known))


def _is_known(decisions: Decisions, source: Source, path: str) -> bool:
    """Tell whether a decision names a field; one about whatever else there is names nothing."""
    decision = decisions.decide(source.given, path)
    return decision is not None and _WORD.search(decision.path) is not None


def fit_of_rdf(decisions: Decisions, source: Source, head: bytes) -> Fit:
    """Give how well an RDF file fits: what share of its names is of the source's vocabulary."""
    text = head.decode("utf-8", errors="replace")
    if not any(space in text for _, space in source.namespaces if not space.startswith(_GENERAL)):
        return Fit(0.0, 0.0, 0)
    own = [d.path for d in decisions.decisions if d.source == source.given]
    words = {word for path in own for word in _WORD.findall(path)}
    names = set(_NAME.findall(text))
    share = len(names & words) / (len(names) or 1)
    return Fit(1.0, share, len(names & words))
