"""Compile term maps and expression maps (RML-Core, RML-FNML) of a document."""

import re

import pyoxigraph as ox

from dpc_kg.base.vocab import XSD, local_name
from dpc_kg.lift.document import Document, Node, value
from dpc_kg.lift.functions import FUNCTIONS, function_of, parameter_of, returns
from dpc_kg.lift.plan import Call, Const, Expression, Ref, RowNode, Template, TermMap

_KINDS = {
    "IRI": "iri",
    "URI": "uri",
    "UnsafeIRI": "unsafe",
    "UnsafeURI": "unsafe",
    "Literal": "literal",
    "BlankNode": "blank",
}
IRI_KINDS = frozenset({"iri", "uri", "unsafe"})


class Terms:
    """The term maps of a document."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def of(self, node: Node, position: str, head: Node, *, short: bool = False) -> TermMap:
        """Give the term map at a node; with ``short`` the node is the constant itself."""
        doc = self.document
        if short:
            return constant(node)
        condition = self.condition(node, head)
        given = doc.text_of(node, "termType")
        kind = None if given is None else _KINDS.get(local_name(given), "")
        if kind == "":
            doc.fail("This term type is not supported.", head, f"Known: {', '.join(_KINDS)}.")
        fixed = doc.one(node, "constant")
        if fixed is not None:
            self._check_constant(fixed, kind, head)
            return constant(fixed, condition)
        expression = self.expression_or_row(node, head, kind)
        datatype, datatype_map = self.tag(node, "datatype", head)
        language, language_map = self.tag(node, "language", head)
        tagged = any((datatype, datatype_map, language, language_map))
        if kind is None:
            kind = _default_kind(expression, position, tagged=tagged)
        must = doc.ours(node, "mustExist")
        return TermMap(
            expression,
            kind,
            datatype,
            language,
            None if must is None else doc.name(must),
            datatype_map,
            language_map,
            condition,
        )

    def _check_constant(self, fixed: Node, kind: str | None, head: Node) -> None:
        right = {
            "literal": isinstance(fixed, ox.Literal),
            "blank": isinstance(fixed, ox.BlankNode),
            None: True,
        }.get(kind, isinstance(fixed, ox.NamedNode))
        if not right:
            self.document.fail(
                "A constant is not of the term type it is given.", head, "Drop rml:termType."
            )

    def tag(self, node: Node, name: str, head: Node) -> tuple[str | None, Expression | None]:
        """Give the constant datatype or language of a term map, or what makes it of a row."""
        doc = self.document
        short = doc.text_of(node, name)
        if short is not None:
            return short, None
        long = doc.one(node, f"{name}Map")
        if long is None:
            return None, None
        fixed = doc.text_of(long, "constant")
        return (fixed, None) if fixed is not None else (None, self.expression(long, head))

    def condition(self, node: Node, head: Node) -> Expression | None:
        """Give the condition of a term map or of a pair, if any."""
        found = self.document.one(node, "condition")
        return None if found is None else self.expression(found, head)

    def expression_or_row(self, node: Node, head: Node, kind: str | None) -> Expression:
        """Give a term map's expression; a blank node map without one is the row's own node."""
        names = ("reference", "template", "functionExecution")
        if kind == "blank" and self.document.one(node, *names) is None:
            return RowNode(self.document.name(head))
        return self.expression(node, head)

    def expression(self, node: Node, head: Node) -> Expression:
        """Give the expression at a node: reference, template, function or constant."""
        doc = self.document
        if (reference := doc.text_of(node, "reference")) is not None:
            return Ref(reference)
        if (template := doc.text_of(node, "template")) is not None:
            return self.template(template, head)
        if (execution := doc.one(node, "functionExecution")) is not None:
            made = self.call(execution, head)
            self._check_return(node, made, head)
            return made
        if (fixed := doc.text_of(node, "constant")) is not None:
            return Const(fixed)
        return doc.fail("A term map has no reference, template, constant or function.", head)

    def template(self, text: str, head: Node) -> Template:
        """Give the parts of a template; braces of the text have a backslash before them."""
        parts: list[Const | Ref] = []
        for piece in re.findall(r"\{(?:\\.|[^{}\\])*\}|(?:\\.|[^{}\\])+|[{}\\]", text):
            if piece in ("{", "}", "\\", "{}"):
                self.document.fail(
                    "A template has an unmatched brace or backslash, or an empty reference.",
                    head,
                    "Write \\{ for a brace, \\\\ for a backslash.",
                )
            clean = re.sub(r"\\([{}\\])", r"\1", piece)
            parts.append(Ref(clean[1:-1]) if piece.startswith("{") else Const(clean))
        return Template(tuple(parts))

    def call(self, node: Node, head: Node) -> Call:
        """Give the call of a whitelisted function; there is no other way to run code."""
        doc = self.document
        iri = doc.text_of(node, "function")
        if iri is None:
            inner = doc.one(node, "functionMap")
            iri = None if inner is None else doc.text_of(inner, "constant")
        name = function_of(iri or "")
        if name is None:
            known = ", ".join(sorted(n for n in FUNCTIONS if ":" not in n))
            doc.fail("This function is not on the list.", head, f"Known: {known}.")
        args = {}
        for item in doc.all(node, "input"):
            parameter, arg = self._argument(item, name, head)
            args[parameter] = arg
        allowed = FUNCTIONS[name].parameters
        return Call(name, tuple((p, args[p]) for p in allowed if p in args))

    def _argument(self, item: Node, name: str, head: Node) -> tuple[str, Expression]:
        doc = self.document
        given = doc.text_of(item, "parameter")
        if given is None:
            inner = doc.one(item, "parameterMap")
            given = None if inner is None else doc.text_of(inner, "constant")
        parameter = parameter_of(name, given or "")
        if parameter is None:
            shown = local_name(given or "")
            doc.fail(f"The function {name} has no parameter {shown}.", head)
        found = doc.one(item, "inputValueMap")
        if found is not None:
            return parameter, self.expression(found, head)
        fixed = doc.one(item, "inputValue")
        if fixed is None:
            doc.fail("A function input has no value.", head)
        if isinstance(fixed, ox.BlankNode):
            return parameter, self.expression(fixed, head)
        return parameter, Const(value(fixed))

    def _check_return(self, node: Node, made: Call, head: Node) -> None:
        doc = self.document
        wanted = doc.text_of(node, "return")
        inner = doc.one(node, "returnMap")
        if inner is not None:
            wanted = doc.text_of(inner, "constant")
        if wanted is not None and not returns(made.function, wanted):
            doc.fail(f"The function {made.function} does not return {local_name(wanted)}.", head)


def _default_kind(expression: Expression, position: str, *, tagged: bool) -> str:
    if position != "object":
        return "iri"
    if tagged or isinstance(expression, Ref):
        return "literal"
    if isinstance(expression, Call):
        return FUNCTIONS[expression.function].kind
    return "blank" if isinstance(expression, RowNode) else "iri"


def both(first: Expression | None, second: Expression | None) -> Expression | None:
    """Give the condition that is true where both are; where one is None, the other.

    It is made of functions every plan knows: a truth is given where another truth is there.
    """
    if first is None or second is None:
        return first or second
    held, other = (
        Call("idlab:equal", (("value", each), ("value2", Const("true"))))
        for each in (first, second)
    )
    there = Call("withoutFillers", (("value", other), ("fillers", Const("false"))))
    return Call("given", (("value", held), ("when", there)))


def constant(node: Node, condition: Expression | None = None) -> TermMap:
    """Give the term map of a constant."""
    return TermMap(Const(nquads(node)), "term", condition=condition)


def nquads(node: Node) -> str:
    """Give a term as N-Quads writes it."""
    if isinstance(node, ox.NamedNode):
        return f"<{node.value}>"
    if isinstance(node, ox.BlankNode):
        return f"_:{node.value}"
    body = node.value.replace("\\", "\\\\").replace('"', '\\"')
    body = body.replace("\n", "\\n").replace("\r", "\\r")
    if node.language:
        return f'"{body}"@{node.language}'
    if node.datatype.value != XSD + "string":
        return f'"{body}"^^<{node.datatype.value}>'
    return f'"{body}"'
