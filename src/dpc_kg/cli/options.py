"""Options that several verbs share: they mean the same everywhere (DESIGN section 6)."""

from pathlib import Path
from typing import Annotated

import typer

Files = Annotated[list[Path] | None, typer.Argument(help="The export: files, or its folder.")]
Sources = Annotated[
    list[str] | None,
    typer.Option(
        "--source",
        metavar="NAME=PATH",
        help="A source of the mapping; may be repeated. PATH may be a PostgreSQL server, as in"
        " postgresql://USER@HOST/DATABASE: leave the password to PGPASSWORD, PGPASSFILE or a"
        " service (postgresql:///?service=NAME), as others see a command's options.",
    ),
]
SourceFiles = Annotated[
    list[str] | None,
    typer.Option("--source", metavar="NAME=PATH", help="A source of the mapping; may be repeated."),
]
AllowQuery = Annotated[
    bool,
    typer.Option(
        "--allow-query",
        help="Let a query that stands in the mapping run on a database server. Read it first.",
    ),
]
Mapping = Annotated[
    str | None, typer.Option("--mapping", help="A mapping's name, or an RML document (.ttl).")
]
Org = Annotated[str | None, typer.Option("--org", help="The organisation, as in example-helpline.")]
Dataset = Annotated[
    str | None, typer.Option("--dataset", help="The data set's name, as in contacts.")
]
KeyFile = Annotated[
    Path | None, typer.Option("--key-file", help="The partner's key, which makes pseudonyms.")
]
CoalitionKey = Annotated[
    Path | None,
    typer.Option(
        "--coalition-key-file", help="The coalition's key, which makes file hashes comparable."
    ),
]
Extracted = Annotated[
    str | None,
    typer.Option("--extracted-at", help="When the data was exported, as in 2025-07-01T00:00:00Z."),
]
Definitions = Annotated[
    Path | None,
    typer.Option("--definitions", help="The folder of the deployment's own definition files."),
]
Output = Annotated[Path, typer.Option("--output", "-o", help="The file to write.")]
MaybeOutput = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write here, not to the console.")
]
Lang = Annotated[str, typer.Option("--lang", help="en, fr, es or ar.")]
Profile = Annotated[
    str | None,
    typer.Option(
        "--profile", help="basic, essential or full; without it full, or that of the template."
    ),
]
HubFolder = Annotated[Path, typer.Option("--dir", help="The hub's folder.")]

HUB = Path("hub")
"""The hub's folder when none is named."""

DEMO = Path("build/demo")
"""Where the demonstration is written when no folder is named."""
