"""The command line: one file a verb, arguments and exit codes only.

Exit codes: 0 GO, 1 NO-GO, 2 UNDECIDED, 3 GO with waivers (only with --strict-waivers), 64 the user's input cannot be used,
70 gonogo's own fault, 130 interrupted. An empty or aborted run is never 0.
"""

from __future__ import annotations

import sys
from io import TextIOWrapper

EXIT_WAIVED = 3
EXIT_USAGE = 64
EXIT_FAULT = 70
EXIT_INTERRUPTED = 130


def entry() -> None:
    """The `gonogo` command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A terminal that cannot show a letter must not turn a verdict into a fault.
            stream.reconfigure(errors="backslashreplace")
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        # So early that not even the parser is there.
        sys.exit(EXIT_INTERRUPTED)


def main(arguments: list[str]) -> int:
    """Run one verb and give its exit code; every way to fail has its own code and its own words."""
    import typer

    from harness.base.errors import SetupError
    from harness.cli.app import app

    try:
        return int(app(args=arguments, prog_name="gonogo", standalone_mode=False) or 0)
    except typer.Exit as done:
        return done.exit_code
    except SetupError as error:
        print(f"gonogo: {error}", file=sys.stderr)
        return EXIT_USAGE
    except (typer.Abort, KeyboardInterrupt):
        print("gonogo: interrupted", file=sys.stderr)
        return EXIT_INTERRUPTED
    except (Exception, SystemExit) as error:
        # SystemExit too: nothing in gonogo means to end this way, so its code must not read as a verdict.
        return _told(error)


def _told(error: BaseException) -> int:
    """The exit code of an exception that no verb means to raise: a usage error of the parser, or gonogo's own fault."""
    import traceback

    # Typer carries its own copy of click or uses the installed one, by version; its usage errors are known by their `show`.
    if hasattr(error, "show") and hasattr(error, "format_message"):
        error.show(file=sys.stderr)
        return EXIT_USAGE
    traceback.print_exception(error)
    print(
        "gonogo: this is a fault of gonogo itself, not of the engine; please report it with the lines above",
        file=sys.stderr,
    )
    return EXIT_FAULT
