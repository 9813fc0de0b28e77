"""The program ``dpc-kg``: its verbs, and what every one of them does with an error."""

import logging
import sys
from collections.abc import Callable

import typer

from dpc_kg.base.errors import DpcError, unforeseen
from dpc_kg.base.platform import plain_console
from dpc_kg.cli import (
    aligning,
    checking,
    converting,
    extending,
    hub,
    mapping,
    partner,
    reasoning,
    serving,
    templating,
    tools,
)

_DEBUG = "--debug"


def _leave(code: object, **_: object) -> None:
    """Make what a verb gives back the exit code."""
    raise typer.Exit(code if isinstance(code, int) else 0)


app = typer.Typer(
    name="dpc-kg",
    help="The Common Data Model for the Digital Protection of Children: lift, validate, package, "
    "submit, query. Exit codes: 0 conforms, 1 refused, 2 could not run, 3 not supported.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    result_callback=_leave,
)
for _verbs in (
    partner,
    checking,
    mapping,
    templating,
    extending,
    hub,
    serving,
    reasoning,
    converting,
    tools,
    aligning,
):
    _verbs.register(app)


@app.callback()
def _all(
    debug: bool = typer.Option(False, _DEBUG, help="Show the traceback of an error."),
) -> None:
    """Say what every verb takes; :func:`main` reads the option wherever it stands."""


def main(arguments: list[str] | None = None) -> int:
    """Run the program and give its exit code; the installed script exits with it."""
    plain_console()
    given = sys.argv[1:] if arguments is None else arguments
    debug = _DEBUG in given
    if debug:
        logging.basicConfig(level=logging.DEBUG)
        arguments = [a for a in given if a != _DEBUG]
    return guarded(lambda: _run(arguments), debug=debug)


def _run(arguments: list[str] | None) -> int:
    """Run one verb. Without arguments of the caller's, Windows expands the patterns of files."""
    try:
        app(args=arguments, prog_name="dpc-kg")
    except SystemExit as e:
        return e.code if isinstance(e.code, int) else 2
    return 0


def guarded(action: Callable[[], int], *, debug: bool = False) -> int:
    """Run ``action``; say what an error means in one message, and show a traceback to ``debug``."""
    try:
        return action()
    except KeyboardInterrupt:
        return 130
    except Exception as e:
        if debug:
            raise
        sys.stderr.write(f"error: {_meaning(e)}\n")
        return e.exit_code if isinstance(e, DpcError) else 2


def _meaning(error: Exception) -> str:
    """Give the one message of an error; an unforeseen one's own text may hold a partner's value."""
    if isinstance(error, DpcError):
        return str(error)
    if isinstance(error, MemoryError):
        return "Not enough memory. Try a smaller export, or split it."
    if isinstance(error, OSError):
        name = f"{error.filename}: " if error.filename else ""
        return f"{name}{error.strerror or 'The file cannot be used.'}"
    return unforeseen(error)


if __name__ == "__main__":
    sys.exit(main())
