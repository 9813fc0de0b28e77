"""The fields of a logical view (RML-LV), gathered from its tree."""

from collections.abc import Callable

from dpc_kg.base.vocab import RDF_TYPE, local_name
from dpc_kg.lift.document import Document, Node, value
from dpc_kg.lift.plan import Const, Expression, Iterable, Ref, Template

Named = Callable[[Node, Node], Expression]


class ViewFields:
    """The fields of one view, gathered from its tree."""

    def __init__(self, document: Document, expression: Named) -> None:
        self.document = document
        self.expression = expression
        self.plain: list[tuple[str, str]] = []
        self.iterables: list[Iterable] = []
        self.computed: list[tuple[str, Expression]] = []

    def add(
        self, node: Node, prefix: str, above: tuple[Node, ...], cell: str | None = None
    ) -> None:
        """Add the fields of a view or field; ``cell`` is the reference of a text to be read."""
        doc = self.document
        if node in above:
            doc.fail("A field holds itself.", node)
        for item in doc.all(node, "field"):
            name = doc.text_of(item, "fieldName")
            if name is None:
                doc.fail("A field has no rml:fieldName.", node)
            full = f"{prefix}{name}"
            if self._is_iterable(item):
                self._iterable(item, full, cell)
                self.add(item, f"{full}.", (*above, node))
                continue
            self._expression(item, full)
            reference = doc.text_of(item, "reference")
            if doc.one(item, "field") is not None:
                self.add(item, f"{full}.", (*above, node), reference or "")

    def _is_iterable(self, item: Node) -> bool:
        doc = self.document
        kinds = [local_name(value(k)) for k in doc.said(item).get(RDF_TYPE, [])]
        return doc.one(item, "iterator") is not None or "IterableField" in kinds

    def _iterable(self, item: Node, full: str, cell: str | None) -> None:
        doc = self.document
        path = doc.text_of(item, "iterator") or ""
        given = doc.one(item, "referenceFormulation")
        formulation = None if given is None else local_name(value(given))
        own = doc.text_of(item, "reference")
        self.iterables.append(Iterable(full, path, cell if own is None else own, formulation))

    def _expression(self, item: Node, full: str) -> None:
        doc = self.document
        split = doc.ours(item, "splitBy")
        reference = doc.text_of(item, "reference")
        if split is not None:
            self.iterables.append(Iterable(full, value(split), reference or "", "Split"))
            self.plain.append((f"{full}.value", "~text"))
            return
        if reference is not None:
            self.plain.append((full, reference))
            return
        made = self.expression(item, item)
        if not isinstance(made, Const | Template):
            doc.fail("A field is made of a reference, a template or a constant.", item)
        self.computed.append((full, self._hidden(full, made)))

    def _hidden(self, full: str, made: Const | Template) -> Expression:
        """Give a template over hidden fields, one for each reference of the source."""
        if isinstance(made, Const):
            return made
        parts: list[Const | Ref] = []
        for number, part in enumerate(made.parts):
            if isinstance(part, Ref):
                self.plain.append((f"{full}~{number}", part.field))
                parts.append(Ref(f"{full}~{number}"))
            else:
                parts.append(part)
        return Template(tuple(parts))
