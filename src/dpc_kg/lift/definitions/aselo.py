"""The definitions of a helpline that works with Aselo: codes of its words, and what is personal.

Which list a field belongs to is read from the mapping, so the two cannot come apart.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dpc_kg.lift.definitions import CodeRow, Definitions, FieldDecision
from dpc_kg.lift.definitions.aselo_forms import FormField, Forms, read_forms
from dpc_kg.lift.definitions.aselo_words import Match, Matcher, matcher
from dpc_kg.lift.fieldpaths import declared_path
from dpc_kg.lift.plan import Call, Const, Plan, calls
from dpc_kg.lift.plan import references as fields_of
from dpc_kg.lift.privacy import Decisions, read_codes, read_fields
from dpc_kg.lift.rml import compile_rml

_CATEGORY, _CONCERN = "category", "concern"
_CALLS, _STATUS, _CHANNEL = "call-type", "case-status", "channel"
_FACTS = "aselo-"
_BUTTONS = {"child": "call-type/child-calling", "caller": "call-type/adult-about-child"}
_SCHEMES = {"age": "age-band", "yes-no": "tristate"}
_OWN_WORDS = {"country", "language", "online", "case-state"}
"""Lists with words of their own: a scheme of others, or words that mean so only in this list."""


@dataclass(frozen=True)
class Valued:
    """A value of a list and its code, if it has one."""

    list: str
    value: str
    match: Match | None


def read(folder: Path, mapping_folder: Path) -> Definitions:
    """Give what the form definitions in ``folder`` say for the mapping in ``mapping_folder``.

    Raises:
        MappingError: a definition file or a table of alignments cannot be used.
    """
    forms = read_forms(folder)
    found = matcher(mapping_folder, forms.version)
    values = list(valued(forms, mapping_folder, found))
    unmatched = Counter(v.list for v in values if v.match is None)
    rows = {(v.list, v.value): v for v in values}
    codes = [
        CodeRow(v.list, v.value, v.match.code if v.match else None, _scheme(forms, v.list))
        for v in rows.values()
    ]
    return Definitions(
        version=forms.version,
        codes=(*_kept(mapping_folder, forms, set(rows)), *codes),
        decisions=tuple(_decisions(forms, read_fields(mapping_folder) or Decisions([]))),
        unmatched=dict(unmatched),
    )


def valued(forms: Forms, mapping_folder: Path, found: Matcher) -> Iterator[Valued]:
    """Give every value of every list of the mapping with its code; each value once a list."""
    for category, sub in forms.categories:
        pair = f"{category} | {sub}".strip()
        yield Valued(_CATEGORY, pair, found.match_pair(_CATEGORY, _CONCERN, category, sub))
    for call in forms.call_types:
        code = _BUTTONS.get(call.name) if call.is_counselling else "call-type/non-counselling"
        match = Match(code, "exactMatch", "kind") if code else None
        for value in dict.fromkeys((call.label, call.name)):
            yield Valued(_CALLS, value, match or found.match(_CALLS, _CALLS, value))
    for value in forms.statuses:
        yield Valued(_STATUS, value, found.match(_STATUS, _STATUS, value))
    for value in forms.channels:
        yield Valued(_CHANNEL, value, found.match(_CHANNEL, _CHANNEL, value))
    for listed, values in _by_list(forms, mapping_folder).items():
        for value in values:
            yield Valued(listed.name, value, found.match(listed.name, listed.scheme, value))


@dataclass(frozen=True)
class _List:
    name: str
    scheme: str | None
    function: str


def _by_list(forms: Forms, mapping_folder: Path) -> dict[_List, list[str]]:
    """Give the options of the fields that the mapping looks up, by list."""
    wanted = _lists(mapping_folder / "mapping.rml.ttl")
    out: dict[_List, dict[str, None]] = defaultdict(dict)
    for item in forms.fields:
        for listed in wanted.get((item.source, item.path), ()):
            out[listed].update((v, None) for v in item.options if not _speaks_itself(listed, v))
    return {listed: list(values) for listed, values in out.items()}


def _speaks_itself(listed: _List, value: str) -> bool:
    """Whether the function reads the value without a list: a number, a number and more."""
    return listed.function in {"ageBand", "count"} and value.lstrip("> ").isdigit()


@lru_cache(maxsize=8)
def _lists(mapping: Path) -> dict[tuple[str, str], tuple[_List, ...]]:
    """Give the lists by (source, path) of the fields whose values they hold."""
    plan = compile_rml(mapping)
    found: dict[tuple[str, str], set[_List]] = defaultdict(set)
    for source, path, call in _lookups(plan):
        name, scheme = call.arg("list"), call.arg("scheme")
        if isinstance(name, Const):
            of = scheme.text if isinstance(scheme, Const) else _SCHEMES.get(name.text)
            if name.text in _OWN_WORDS:
                of = name.text
            found[source, path.removesuffix("[*]")].add(_List(name.text, of, call.function))
    # one list may be read by two functions (a code, a box that was ticked): its scheme is one
    return {
        key: tuple({x.name: x for x in sorted(v, key=repr)}.values()) for key, v in found.items()
    }


def _lookups(plan: Plan) -> Iterator[tuple[str, str, Call]]:
    for triples in plan.maps:
        view = plan.view(triples.view)
        for expression in (
            triples.subject.expression,
            *(p.object.expression for p in triples.pairs),
        ):
            for call in calls(expression):
                if call.arg("list") is None:
                    continue
                for name in fields_of(call):
                    path = declared_path(plan, view, name).replace("[0]", "[*]")
                    yield view.source, path, call


def _scheme(forms: Forms, listed: str) -> str:
    return f"{forms.helpline}-{listed}"


def _kept(folder: Path, forms: Forms, given: set[tuple[str, str]]) -> Iterator[CodeRow]:
    """Give the mapping's own rows that are facts of the system and hold beside the forms' words."""
    lists = {name for name, _ in given}
    for row in read_codes(folder):
        key = (row.list, row.value)
        if row.list in lists and row.scheme.startswith(_FACTS) and key not in given:
            yield CodeRow(row.list, row.value, row.code, _scheme(forms, row.list))


def _decisions(forms: Forms, own: Decisions) -> Iterator[FieldDecision]:
    """Give the forms' word on each field: personal, or known and without a place so far."""
    listed = {(d.source, d.path) for d in own.decisions}
    for item in forms.fields:
        paths = [p for p in (item.path, f"{item.path}[*]") if (item.source, p) in listed]
        if item.is_personal:
            for path in paths or [item.path]:
                yield _decision(item, path, "personal", "P2: the form does not say otherwise")
        elif own.decide(item.source, item.path) is None:
            yield _decision(item, item.path, "none", "a field of this helpline's own form")


def _decision(item: FormField, path: str, status: str, reason: str) -> FieldDecision:
    return FieldDecision(item.source, path, status, "", reason)
