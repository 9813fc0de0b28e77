"""The page of the saved queries."""

from docs.pages.markdown import page, table
from dpc_kg.store.catalogue import Param, SavedQuery, catalogue


def queries_page() -> str:
    """Give the page of the saved queries."""
    asked, checks = catalogue(), catalogue("verify")
    lead = (
        "Questions over all partners. Ask one with `dpc-kg query NAME --param NAME=VALUE`, or at "
        "`/queries/NAME` of a running `dpc-kg serve`.\nWithout a parameter the answer covers "
        "everything. [How to ask a question](../howto/ask-a-question.md)"
    )
    checking = "\n".join(f"- `{q.name}`: {q.question}" for q in checks.values())
    return page(
        "Saved questions",
        lead,
        *(_query(q) for q in asked.values()),
        "## Checks\n\n`dpc-kg verify` asks these. Each must have no row.\n\n" + checking,
    )


def _query(query: SavedQuery) -> str:
    head = f"## {query.name}\n\n{query.question}"
    if not query.params:
        return f"{head}\n\nIt has no parameters. Since {query.since}."
    heads = ("parameter", "type", "default", "example", "what it is")
    return f"{head}\n\n{table(heads, map(_param, query.params))}\n\nSince {query.since}."


def _param(param: Param) -> tuple[str, ...]:
    shown = [f"`{value}`" if value else "" for value in (param.default, param.example)]
    return (f"`{param.name}`", param.type, *shown, param.description)
