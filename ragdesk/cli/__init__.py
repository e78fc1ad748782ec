"""Every command the window can send, from a terminal.

To add a command: a function in one of the modules here that takes a `Context` and returns an exit
status, and its arguments in `arguments.py`.
"""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Sequence

from ..engine.build import log_to
from ..errors import RagDeskError, Unexpected
from ..texts import sentence
from .arguments import parse
from .output import Context, Output

INTERRUPTED = 130
_STOPPED_ADDING = "Stopped. What was added is safe; the rest goes on with the next `ragdesk add`."


def main(argv: Sequence[str]) -> int:
    """Runs one command. Returns the exit status of design section 4; prints no traceback."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    arguments = parse(argv)
    context = Context(arguments, Output(arguments.json))
    try:
        status: int = arguments.run(context)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of our output has seen enough
        with contextlib.suppress(OSError):
            sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        context.output.progress("")
        context.output.note(_STOPPED_ADDING if argv[:1] == ["add"] else "Stopped. Nothing is lost.")
        return INTERRUPTED
    except RagDeskError as error:
        context.output.error(error.code, sentence(error))
        return error.exit_status
    except Exception as error:
        _open_log(context)
        logging.getLogger(__name__).exception("command %s", argv[:1])
        fault = Unexpected(what=f"{type(error).__name__}: {error}", log=str(context.home.log))
        context.output.error(fault.code, sentence(fault))
        return fault.exit_status
    return status


def _open_log(context: Context) -> None:
    """The library's log hears what went wrong, and never the screen."""
    log = logging.getLogger("ragdesk")
    if not log.handlers:  # a command that only looks has not opened it
        with contextlib.suppress(OSError):
            log_to(context.home)
    log.addHandler(logging.NullHandler())
