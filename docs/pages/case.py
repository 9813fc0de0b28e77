"""The page of what travels through CASE and back."""

from docs.pages.markdown import page, table
from dpc_kg.base.vocab import local_name
from dpc_kg.model import align, coverage, ontology

_WAYS = ("place", "relation", "tag", "precision")


def case_page() -> str:
    """Give the page of what travels through CASE and back, and what stays behind."""
    cover = coverage.Coverage(align.find("case-uco"))
    travels = coverage.table(cover)
    fields = [how for row in travels.values() for how in row.values()]
    gone = [cls for cls in ontology.leaf_classes() if cls not in cover.classes]
    lead = (
        "`dpc-kg align export --to case` and `align import --from case`. What is listed as carried "
        "comes back as it was: the tests send every valid example of `tests/shapes` both ways, "
        "and `case_validate` accepts what goes out.\n"
        "Ways: *place*: a property of CASE or UCO, or of a facet; *relation*: a "
        "`uco-core:Relationship`; *tag*: a `uco-core:tag`; *precision*: the tag `precision/...`, "
        "where all times of a record have the same. "
        "[How to ask in a neighbour's words](../howto/ask-in-a-neighbours-words.md)"
    )
    kept = sum(not how.startswith("no") for how in fields)
    counts = f"{len(travels)} classes are carried, with {kept} of their {len(fields)} fields."
    rows = [
        (f"`dpc:{local_name(cls)}`", *(_travelling(row, way) for way in _WAYS), _staying(row))
        for cls, row in travels.items()
    ]
    return page(
        "CASE, there and back",
        lead,
        counts,
        "## Classes that are carried\n\n" + table(("class", *_WAYS, "stays behind"), rows),
        f"## Classes that stay behind\n\nCASE and UCO have no class for these {len(gone)}: "
        + ", ".join(f"`dpc:{local_name(cls)}`" for cls in gone),
    )


def _travelling(row: dict[str, str], way: str) -> str:
    found = ((local_name(name), how.partition(" ")) for name, how in row.items())
    return ", ".join(
        f"{name} ({how[2]})" if how[2] else name for name, how in found if how[0] == way
    )


def _staying(row: dict[str, str]) -> str:
    reasons: dict[str, list[str]] = {}
    for name, how in row.items():
        if how.startswith("no: "):
            reasons.setdefault(how[4:], []).append(local_name(name))
    return "; ".join(f"{why}: {', '.join(names)}" for why, names in sorted(reasons.items()))
