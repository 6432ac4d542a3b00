"""`earshot ...`: one verb a module, imported only when it is called."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from chalicelib.errors import EarshotError

VERBS = {
    "local": "the cloud on this laptop, as `make run` starts it",
    "check": "load the rules and tell every problem at once",
    "test": "run the examples in the rules",
    "decide": "posts (JSON lines) to decisions (JSON lines), no cloud",
    "why": "how a post came to its decision, line by line",
    "replay": "two rulebooks over the same past posts: what would be handled differently",
    "score": "how far the rules agree with people who labelled posts",
    "storm": "a stream of the past on a fast clock: which alerts, how soon, how many of them false",
    "fairness": "outcome, promised and real wait by how many follow the author",
    "book": "the rules in plain language, to read and to show",
    "bundle": "compile the rules into the one file that the functions ship with",
    "publish": "let these rules decide: checked, tried, examined, then live in running functions within 30 seconds",
    "versions": "what was published by whom and why, and what decides now",
    "rollback": "let an older version decide again",
    "schema": "the JSON Schema of rule files, for editors",
    "read": "a webhook body to posts, one JSON object a line",
    "send": "sign a body as the platform would and post it",
    "platforms": "the platforms there are, and which are on here",
    "sweep": "ask a platform that never tells of deletions which posts are gone there, and delete them",
    "crm": "whether the CRM has what is needed: `earshot crm check NAME`",
    "status": "whether a person is needed, and for what",
    "cases": "the cases there are",
    "alerts": "the alerts that are on, and those that ended lately",
    "cost": "what posts cost on AWS, by counted requests and dated prices",
    "ack": "take up an alert or a case: nobody is told of it again",
    "silence": "tell nobody of a rule, or a team of nothing, until a given time; without one, list them",
    "identity": "which customer of the CRM an author is, and by what evidence",
    "secrets": "the company's settings: written, rotated, taken back, and never shown",
    "parked": "signed bodies that could not be read",
    "forget": "erase everything that an author wrote; without one, the wishes to be forgotten",
    "export": "everything that is held about an author, as JSON",
    "redrive": "send parked bodies, dead letters or owed deliveries again",
}
FINE, FOUND, COULD_NOT_RUN = 0, 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb. 0: fine; 1: it found what it looks for; 2: it could not run."""
    parser = argparse.ArgumentParser(prog="earshot", description="Hear, decide, tell the CRM once.")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    words = list(sys.argv[1:] if argv is None else argv)
    called = words[0] if words and words[0] in VERBS else None
    for name, summary in VERBS.items():
        verb = verbs.add_parser(name, help=summary, description=summary)
        if name == called:
            module = import_module(f"chalicelib.cli.{name}")
            module.add_arguments(verb)
            verb.set_defaults(run=module.run)
    args = parser.parse_args(words)
    return _run(args)


def _run(args: argparse.Namespace) -> int:
    try:
        code = args.run(args)
        sys.stdout.flush()
    except BrokenPipeError:  # `earshot decide ... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except KeyboardInterrupt:
        return 130
    except EarshotError as error:
        return _failed(args.verb, error)
    except OSError as error:
        return _failed(args.verb, _in_words(error))
    return int(code)


def _in_words(error: OSError) -> str:
    if not error.filename:
        return str(error)
    name = Path(os.fsdecode(error.filename))
    if isinstance(error, FileNotFoundError):
        return f"there is no file '{name}'" if name.parent.is_dir() else f"there is no folder '{name.parent}'"
    said = {
        IsADirectoryError: "is a folder",
        NotADirectoryError: "is no folder",
        PermissionError: "is not ours to open",
    }
    return f"'{name}' {said.get(type(error), f'cannot be used ({error.strerror})')}"


def _failed(verb: str, why: object) -> int:
    print(f"earshot {verb}: {why}", file=sys.stderr)
    return COULD_NOT_RUN
