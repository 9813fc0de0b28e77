"""Turtle and TriG as nobody should write it, with the offset of every term that is a value."""

import random

PREFIXES = (
    "@prefix e: <http://e/> .\nPREFIX : <http://e/other#>\n@base <http://b/x/> .\n"
    "prefix long.name: <http://e/l/> BASE <y/>\n"
)
_GAPS = (" ", "\n", "\t ", "\r\n", " # a comment ; [ ( \" ' .\n", "  \n\n ")
_IRIS = (
    "e:a", "e:b.c", ":", "e:", r":\-x", ":1", r"e:\~x\,", "e:%41b", "<http://e/é>", "<rel#x>", "<>",
    "e:é·1", r"<http://e/\u00e9>", "long.name:7", "e:a:b", "<../up>", "<#a:b>", "e:𝒳",
)  # fmt: skip
_LITERALS = (
    '"a"', "'a'", '""', "''", '"""a"b""c"""', "'''it''s\n2'''", r'"\"\\\n\u00e9\U0001F600"',
    '"é😀"', '"a"@en', "'b'@en-US",
    '"1"^^<http://e/t>', '"1"^^e:t', '"x"^^ # gap\n e:t', "1", "-1.5",
    "+.5", "1.e3", "1E-2", ".5e1", "true", "false", '"# no comment"', "'[ . ; ('", '"""\n\n"""',
)  # fmt: skip


class Ugly:
    """Writes one document; ``values`` and ``subjects`` have the text of names by offset."""

    def __init__(self, seed: int, graphs: bool) -> None:
        self.dice = random.Random(seed)
        self.parts: list[str] = []
        self.length = 0
        self.values: dict[int, str] = {}
        self.subjects: dict[int, str] = {}
        self.put(PREFIXES)
        for _ in range(self.dice.randint(1, 6)):
            if graphs and self.dice.random() < 0.5:
                self.graph()
            else:
                self.statement()
                self.put(".")
        self.text = "".join(self.parts)

    def put(self, text: str, *, gap: bool = True) -> int:
        at = self.length
        gap_text = self.dice.choice(_GAPS) if gap else ""
        self.parts += [text, gap_text]
        self.length += len(text) + len(gap_text)
        return at

    def graph(self) -> None:
        name = self.dice.choice(["", "e:g", "GRAPH e:g", "graph <g>", "_:g", "[]"])
        if name:
            self.put(name)
        self.put("{")
        for _ in range(self.dice.randint(0, 3)):
            self.statement()
            self.put(".")
        if self.dice.random() < 0.5:
            self.statement()
        self.put("}")

    def statement(self) -> None:
        kind = self.dice.random()
        if kind < 0.2:
            self.node(may_be_empty=False)
            if self.dice.random() < 0.5:
                return
        elif kind < 0.35:
            self.collection(2)
        elif kind < 0.5:
            self.put(f"_:b{self.dice.randint(0, 3)}")
        else:
            term = self.dice.choice(_IRIS)
            self.subjects[self.put(term)] = term
        self.predicates(2)

    def predicates(self, depth: int) -> None:
        for number in range(self.dice.randint(1, 3)):
            if number:
                self.put(";")
                if self.dice.random() < 0.2:
                    self.put(";")
            self.put(self.dice.choice([*_IRIS, "a"]))
            self.value(depth)
            while self.dice.random() < 0.3:
                self.put(",")
                self.value(depth)
        if self.dice.random() < 0.3:
            self.put(";")

    def value(self, depth: int) -> None:
        kind = self.dice.random()
        if depth and kind < 0.2:
            self.node(depth - 1)
        elif depth and kind < 0.4:
            self.collection(depth - 1)
        elif kind < 0.5:
            self.put(f"_:b{self.dice.randint(0, 3)}")
        else:
            term = self.dice.choice(_IRIS if kind < 0.7 else _LITERALS)
            self.values[self.put(term)] = term

    def node(self, depth: int = 1, *, may_be_empty: bool = True) -> None:
        self.put("[")
        if not may_be_empty or self.dice.random() < 0.7:
            self.predicates(depth)
        self.put("]")

    def collection(self, depth: int) -> None:
        self.put("(")
        for _ in range(self.dice.randint(0, 3)):
            self.value(depth)
        self.put(")")
