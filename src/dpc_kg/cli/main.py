"""The program ``dpc-kg``: its verbs, and what every one of them does with an error."""

import logging
import os
import sys
from collections.abc import Callable

import typer
from click.exceptions import Abort, ClickException

from dpc_kg.base.errors import DpcError
from dpc_kg.base.platform import plain_console
from dpc_kg.cli import hub, partner, tools

app = typer.Typer(
    name="dpc-kg",
    help="The Common Data Model for the Digital Protection of Children: lift, validate, package, "
    "submit, query. Exit codes: 0 conforms, 1 refused, 2 could not run, 3 not supported.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
partner.register(app)
hub.register(app)
tools.register(app)


@app.callback()
def _all(
    debug: bool = typer.Option(False, "--debug", help="Show the traceback of an error."),
) -> None:
    if debug:
        os.environ["DPC_DEBUG"] = "1"
        logging.basicConfig(level=logging.DEBUG)


def main(arguments: list[str] | None = None) -> int:
    """Run the program and give its exit code; the installed script exits with it."""
    plain_console()
    return guarded(lambda: _run(arguments))


def _run(arguments: list[str] | None) -> int:
    try:
        code = app(args=arguments, standalone_mode=False)
    except ClickException as e:
        e.show()
        return 2
    except Abort:
        return 130
    return code if isinstance(code, int) else 0


def guarded(action: Callable[[], int]) -> int:
    """Run ``action``; say what an error means in one message, never in a traceback."""
    try:
        return action()
    except DpcError as e:
        if os.environ.get("DPC_DEBUG"):
            raise
        sys.stderr.write(f"error: {e}\n")
        return e.exit_code
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        return 130
    except MemoryError:
        sys.stderr.write("error: Not enough memory. Try a smaller export, or split it.\n")
        return 2
    except OSError as e:
        if os.environ.get("DPC_DEBUG"):
            raise
        name = f"{e.filename}: " if e.filename else ""
        sys.stderr.write(f"error: {name}{e.strerror or 'The file cannot be used.'}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
