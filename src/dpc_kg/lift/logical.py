"""Compile logical sources and logical views (RML-Core, RML-IO, RML-LV) of a document."""

from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

from dpc_kg.base.vocab import FN, local_name
from dpc_kg.lift.document import Document, Node, value
from dpc_kg.lift.plan import (
    Expression,
    Ref,
    Source,
    View,
    ViewJoin,
    references,
)
from dpc_kg.lift.servers import declared, server_of
from dpc_kg.lift.viewfields import Named, ViewFields

_TABLES = {"CSV", "SQL2008Table", "SQL2008Query"}
_RESULTS = {"SPARQL_Results_CSV", "SPARQL_Results_JSON", "SPARQL_Results_XML"}
_FORMULATIONS = _TABLES | _RESULTS | {"JSONPath", "XPath"}
_TABLE = ("tableName",)
_QUERY = ("query", "sqlQuery")
_CSVW = "http://www.w3.org/ns/csvw#"
_SD = "http://www.w3.org/ns/sparql-service-description#"
_DIALECT = (
    "delimiter",
    "quoteChar",
    "commentPrefix",
    "header",
    "skipRows",
    "doubleQuote",
    "trim",
    "encoding",
)


class Logical:
    """The sources and views of a document, compiled once each."""

    def __init__(self, document: Document, expression: Named) -> None:
        self.document = document
        self.expression = expression
        self.sources: dict[Source, Source] = {}
        self.views: dict[Node | tuple[str, str], View] = {}
        self.open: set[Node] = set()
        self.again: dict[str, str] = {}

    # -- sources

    def source(self, node: Node) -> Source:
        """Give the source a logical source names; the same content is the same source."""
        doc = self.document
        given = doc.one(node, "source")
        if given is None:
            doc.fail("A logical source has no rml:source.", node)
        formulation, namespaces = self._formulation(node)
        found = self._file(given, node)
        record_map = doc.ours(node, "recordMap")
        iterator = doc.text_of(node, "iterator")
        source = Source(
            name="",
            path=found["path"] or "",
            formulation="CSV" if formulation in _TABLES else formulation,
            iterator=None if formulation in _TABLES else iterator,
            key=self._ours(node, "recordKey"),
            version=self._ours(node, "recordVersion"),
            record_map=None if record_map is None else doc.name(record_map),
            optional=self._ours(given, "optional") == "true",
            encoding=found["encoding"],
            compression=found["compression"],
            nulls=self._nulls(given),
            options=self._options(given),
            table=self._said(node, formulation, "SQL2008Table", _TABLE)
            or self._ours(given, "table"),
            query=self._said(node, formulation, "SQL2008Query", _QUERY),
            namespaces=namespaces,
            root=found["root"] or "mapping",
            reads=tuple(sorted(value(n) for n in doc.said(node).get(FN + "readsField", []))),
        )
        if source not in self.sources:
            named = self._ours(given, "sourceName")
            stem = named or _stem(source)
            if named and formulation == "SPARQL":
                # several queries are asked of the one file of this name
                stem = f"{named}~{doc.name(node)}"
            self.sources[source] = replace(source, name=self._free(stem or "source"))
        return self.sources[source]

    def _said(
        self, node: Node, formulation: str, wanted: str, names: tuple[str, ...]
    ) -> str | None:
        """Give the table or query that a logical source of this formulation names."""
        found = self.document.one(node, "iterator", *names) if formulation == wanted else None
        return None if found is None else value(found)

    def _free(self, stem: str) -> str:
        taken = {s.name for s in self.sources.values()}
        names = (f"{stem}-{n}" for n in range(2, len(taken) + 3))
        return stem if stem not in taken else next(n for n in names if n not in taken)

    def _ours(self, node: Node, name: str) -> str | None:
        found = self.document.ours(node, name)
        return None if found is None else value(found)

    def _formulation(self, node: Node) -> tuple[str, tuple[tuple[str, str], ...]]:
        doc = self.document
        given = doc.one(node, "referenceFormulation")
        name = local_name(value(given)) if isinstance(given, ox.NamedNode) else ""
        namespaces: list[tuple[str, str]] = []
        if given is not None and isinstance(given, ox.BlankNode | ox.NamedNode):
            for each in doc.all(given, "namespace"):
                prefix = doc.text_of(each, "namespacePrefix") or ""
                namespaces.append((prefix, doc.text_of(each, "namespaceURL") or ""))
            kinds = [local_name(value(k)) for k in doc.said(given).get(_TYPE, [])]
            if name not in _FORMULATIONS and "XPathReferenceFormulation" in kinds:
                name = "XPath"
        if given is None and doc.one(node, *_QUERY) is not None:
            name = "SQL2008Query"
        elif given is None and doc.one(node, *_TABLE) is not None:
            name = "SQL2008Table"
        if name in _RESULTS:
            name = "SPARQL"
        if name not in _FORMULATIONS | {"SPARQL"}:
            known = ", ".join(sorted(_FORMULATIONS))
            doc.fail("This reference formulation is not supported.", node, f"Known: {known}.")
        return name, tuple(sorted(namespaces))

    def _file(self, given: Node, node: Node) -> dict[str, str | None]:
        """Give path, root, encoding and compression of a source."""
        doc = self.document
        found: dict[str, str | None] = dict.fromkeys(("path", "root", "encoding", "compression"))
        if isinstance(given, ox.Literal):
            return found | {"path": given.value}
        path = doc.text_of(given, "path")
        for other in (doc.other(given, _CSVW + "url"), doc.other(given, _SD + "endpoint")):
            path = path or (None if other is None else value(other))
        path = path or declared(doc, given)
        if path is None:
            doc.fail("A source has no rml:path.", node, "Name the file, as in rml:path.")
        root = doc.text_of(given, "root")
        if root is not None:
            root = {"CurrentWorkingDirectory": "working", "MappingDirectory": "mapping"}.get(
                local_name(root), root
            )
        return {
            "path": path,
            "root": root,
            "encoding": _local(doc.text_of(given, "encoding")),
            "compression": _local(doc.text_of(given, "compression")),
        }

    def _nulls(self, given: Node) -> tuple[str, ...] | None:
        found = [value(n) for n in self.document.all(given, "null")]
        other = self.document.other(given, _CSVW + "null")
        if other is not None:
            found.append(value(other))
        if found or self.document.is_old:
            # in the old language an empty cell means nothing
            return tuple(found) or ("",)
        return None

    def _options(self, given: Node) -> tuple[tuple[str, str], ...]:
        dialect = self.document.other(given, _CSVW + "dialect")
        if dialect is None:
            return ()
        found = ((n, self.document.other(dialect, _CSVW + n)) for n in _DIALECT)
        return tuple((n, value(v)) for n, v in found if v is not None)

    # -- views

    def view(self, node: Node, head: Node, part: str = "") -> View:
        """Give the view a triples map (``head``) reads: a logical view, or a source as one.

        A table is one view for all maps; of a document each map has its own, and each ``part`` of
        a map, so that one map's lists do not multiply another's rows.
        """
        if self.document.one(node, "viewOn") is not None:
            return self._logical_view(node)
        source = self.source(node)
        key = (source.name, "" if source.formulation == "CSV" else self.document.name(head) + part)
        if key not in self.views:
            name = f"{source.name}@{key[1]}" if key[1] else source.name
            self.views[key] = View(name, source.name, ())
        return self.views[key]

    def _logical_view(self, node: Node) -> View:
        doc = self.document
        if node in self.views:
            return self.views[node]
        if node in self.open:
            doc.fail("A logical view stands on itself, or joins itself.", node)
        self.open.add(node)
        on = doc.one(node, "viewOn")
        if on is None:
            view = self.view(node, node)
        elif doc.one(on, "viewOn") is not None:
            view = self._on_view(node, self._logical_view(on))
        else:
            view = self._on_source(node, self.source(on))
        view = replace(view, joins=self._joins(node, view))
        self._check_names(node, view)
        self.open.discard(node)
        self.views[node] = view
        return view

    def _on_source(self, node: Node, source: Source) -> View:
        fields = ViewFields(self.document, self.expression)
        fields.add(node, "", ())
        return View(
            self.document.name(node),
            source.name,
            tuple(fields.plain),
            tuple(fields.iterables),
            tuple(fields.computed),
        )

    def _on_view(self, node: Node, base: View) -> View:
        """Give a view on another: its fields are made of the other's."""
        doc = self.document
        computed = []
        for item in doc.all(node, "field"):
            name = doc.text_of(item, "fieldName")
            if name is None:
                doc.fail("A field has no rml:fieldName.", node)
            if doc.one(item, "iterator", "field") is not None:
                doc.fail(
                    "An iterable field on a logical view is not supported.",
                    node,
                    "Declare it in the view below.",
                )
            computed.append((name, self.expression(item, node)))
        self._check_known(node, base, [e for _, e in computed])
        return View(doc.name(node), base.source, (), (), tuple(computed), on=base.name)

    def _joins(self, node: Node, view: View) -> tuple[ViewJoin, ...]:
        doc = self.document
        found = []
        for kind in ("leftJoin", "innerJoin"):
            for join in doc.all(node, kind):
                parent_node = doc.one(join, "parentLogicalView")
                if parent_node is None:
                    doc.fail("A join has no rml:parentLogicalView.", node)
                parent = self._logical_view(parent_node)
                conditions = conditions_of(doc, join, self.expression)
                if not conditions:
                    doc.fail("A join has no rml:joinCondition.", node)
                fields = [
                    (doc.text_of(f, "fieldName") or "", self.expression(f, node))
                    for f in doc.all(join, "field")
                ]
                self._check_known(node, parent, [p for _, p in conditions])
                self._check_known(node, parent, [e for _, e in fields])
                self._check_known(node, view, [c for c, _ in conditions])
                found.append(ViewJoin(parent.name, kind == "innerJoin", conditions, tuple(fields)))
        return tuple(found)

    def _check_known(self, node: Node, view: View, made: list[Expression]) -> None:
        known = names_of(view)
        for name in (n for e in made for n in references(e) if not n.endswith("#")):
            if name not in known:
                self.document.fail(
                    f"The view {view.name} has no field {name}.", node, "Declare it as rml:field."
                )

    def _check_names(self, node: Node, view: View) -> None:
        names = [n for n, _ in view.fields if "~" not in n] + [n for n, _ in view.computed]
        names += [i.name for i in view.iterables]
        names += [n for j in view.joins for n, _ in j.fields]
        for name in sorted({n for n in names if names.count(n) > 1}):
            self.document.fail(f"Two fields of one view are named {name}.", node)

    # -- what the maps read

    def fill(self, wanted: dict[str, set[str]], naturals: dict[str, set[str]]) -> list[View]:
        """Give the views with the fields that maps (and other views) read of them."""
        views = {v.name: v for v in self.views.values()}
        # a view comes after those it is made of, so it says first what it needs of them
        for view in reversed(list(views.values())):
            for join in view.joins:
                known = wanted.setdefault(join.parent, set())
                known |= {n for _, p in join.conditions for n in references(p)}
                known |= {n for _, e in join.fields for n in references(e)}
                indexed = [n[:-2] for n in wanted.get(view.name, set()) if n.endswith(".#")]
                known |= {
                    f"{e.field}.#" for n, e in join.fields if n in indexed and isinstance(e, Ref)
                }
                own = naturals.get(view.name, set())
                kept = {e.field for n, e in join.fields if n in own and isinstance(e, Ref)}
                naturals.setdefault(join.parent, set()).update(kept)
            if view.on is not None:
                known = wanted.setdefault(view.on, set())
                known |= {n for _, e in view.computed for n in references(e)}
                known |= {n for n in wanted.get(view.name, set()) if n.endswith("#")}
                own = naturals.get(view.name, set())
                kept = {e.field for n, e in view.computed if n in own and isinstance(e, Ref)}
                naturals.setdefault(view.on, set()).update(kept)
        return [
            self._filled(view, wanted.get(view.name, set()), naturals.get(view.name, set()))
            for view in views.values()
        ]

    def _filled(self, view: View, wanted: set[str], naturals: set[str]) -> View:
        texts = any(i.cell is not None for i in view.iterables)
        source = next(s for s in self.sources.values() if s.name == view.source)
        kept = () if source.formulation == "XPath" and not texts else tuple(sorted(naturals))
        node = next((k for k, v in self.views.items() if v == view), None)
        if isinstance(node, tuple) or node is None:
            names = sorted(wanted)
            fields = tuple((n, self.again.get(n, n)) for n in names)
            return replace(view, fields=fields, naturals=kept)
        joined = {n for j in view.joins for n, _ in j.fields}
        known = names_of(view) | joined
        indexes = {"#"} | {f"{n}.#" for n in known} | {f"{i.name}.#" for i in view.iterables}
        for missing in sorted(wanted - known - indexes):
            self.document.fail(
                f"The view {view.name} has no field {missing}.", node, "Declare it as rml:field."
            )
        if view.on is not None:
            taken = {n for n in wanted if n == "#" or n.endswith(".#")}
            return replace(view, naturals=kept, indexes=tuple(sorted(taken)))
        taken = {n for n in wanted if n.endswith(".#") and n[:-2] in joined}
        counted = [(n, n) for n in sorted((wanted & (indexes - known)) - taken)]
        fields = (*view.fields, *counted)
        return replace(view, fields=fields, naturals=kept, indexes=tuple(sorted(taken)))


_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def names_of(view: View) -> set[str]:
    """Give the names of a view's own fields."""
    names = {n for n, _ in view.fields} | {n for n, _ in view.computed}
    return names | {n for j in view.joins for n, _ in j.fields}


def conditions_of(
    document: Document, node: Node, expression: Named
) -> tuple[tuple[Expression, Expression], ...]:
    """Give the (child, parent) expressions of a node's join conditions."""
    return tuple(
        (_side(document, c, "child", expression), _side(document, c, "parent", expression))
        for c in document.all(node, "joinCondition")
    )


def _side(document: Document, condition: Node, side: str, expression: Named) -> Expression:
    short = document.text_of(condition, side)
    if short is not None:
        return Ref(short)
    long = document.one(condition, f"{side}Map")
    if long is None:
        document.fail(f"A join condition has no rml:{side} and no rml:{side}Map.", condition)
    return expression(long, condition)


def _stem(source: Source) -> str:
    """Give the name of a source that has none: its file's, or that of its table on a server."""
    if server_of(source.path) is None:
        return Path(source.path).stem.split(".")[0]
    return (source.table or "query").replace('"', "")


def _local(iri: str | None) -> str | None:
    return None if iri is None else local_name(iri)
