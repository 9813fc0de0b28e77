"""The data-protection register."""

from docs.pages.markdown import page, table
from dpc_kg.model import ontology, register


def register_page() -> str:
    """Give the data-protection register."""
    lead = (
        "Every property that data carry, with how much care it needs, what it may be used for, on "
        "which legal basis that usually rests and how long it is kept. It follows from the "
        "annotations of the ontology; the basis from that of the purposes (`ontology/codes/"
        "purpose.ttl`).\nThe periods and the basis that hold between partners stand in each "
        "agreement. Names, contact data, free text and exact dates have no property: the model "
        "cannot hold them."
    )
    found = register.rows()
    purposes = [
        (
            ontology.label(code.iri),
            ontology.definition(code.iri),
            ", ".join(register.bases(code.iri)),
        )
        for code in ontology.codes("purpose")
    ]
    return page(
        "Data-protection register",
        lead,
        f"{len(found)} properties; {len(register.gaps())} with a gap.",
        "## Purposes\n\n" + table(("purpose", "what it is", "usual basis"), purposes),
        "## Properties\n\n" + table(register.HEADS, found),
    )
