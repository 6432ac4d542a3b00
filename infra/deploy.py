"""`python -m infra.deploy --stage dev`: what `make package` made, carried out by CloudFormation and by nothing else.

`--dry-run` shows what would change, and leaves everything as it is. Changes that would lose what a table, a queue, a
secret or a key holds are refused, unless each is named by `--replace`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.concurrency import warnings
from infra.local.template import load
from infra.package import ROOT
from infra.seal import sealed
from infra.stacks import Change, ChangeSet, DeployError, Stacks, Wanted
from infra.stages import STAGES, Stage, stage
from infra.target import PackageError

ARTIFACTS = "earshot-artifacts"
# By the names of the template's outputs.
PLACES = {
    "EARSHOT_TABLE": "PostsTable",
    "EARSHOT_POSTS_QUEUE": "PostsQueue",
    "EARSHOT_PARKED_QUEUE": "ParkedQueue",
    "EARSHOT_SECRET": "CompanySettings",
    "EARSHOT_CRM": "Crm",
    "EARSHOT_URL": "EndpointURL",
}
FINE, REFUSED, COULD_NOT_RUN, INTERRUPTED = 0, 1, 2, 130
Parameters = Mapping[str, str]


class Shelf:
    """The bucket that CloudFormation fetches packages from, each under the hash of its content. Raises DeployError."""

    def __init__(self, s3: Any, name: str) -> None:
        self._s3 = s3
        self.name = name

    def put(self, folder: str, content: bytes, kind: str) -> str:
        """Its key; what is there already is not sent again."""
        key = f"{folder}/{hashlib.sha256(content).hexdigest()}.{kind}"
        try:
            self._s3.head_object(Bucket=self.name, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("404", "NoSuchKey", "NotFound"):
                raise DeployError(f"bucket {self.name}: {error}") from error
            self._s3.put_object(Bucket=self.name, Key=key, Body=content)
        return key

    def address(self, key: str) -> str:
        """As CloudFormation is told, which fetches it by our rights."""
        signed: str = self._s3.generate_presigned_url("get_object", Params={"Bucket": self.name, "Key": key})
        return signed.partition("?")[0]


def shelf(stacks: Stacks, s3: Any) -> Shelf:
    """The account's bucket for packages; a stack of its own makes it when it is not there. Raises DeployError."""
    there = stacks.find(ARTIFACTS)
    outputs = {item["OutputKey"]: item["OutputValue"] for item in (there or {}).get("Outputs", [])}
    if "Bucket" not in outputs:
        drawn = stacks.draw(Wanted(ARTIFACTS, {"TemplateBody": (ROOT / "infra" / "artifacts.yml").read_text()}))
        outputs = drawn.carry_out() if drawn else {}
    return Shelf(s3, outputs["Bucket"])


def draw(stacks: Stacks, place: Shelf, chosen: Stage, build: Path, parameters: Parameters) -> ChangeSet | None:
    """Upload the stage's checked package; what CloudFormation would change. Raises DeployError, PackageError."""
    template, archive = sealed(build, chosen.name)
    content = load(template.read_text())
    takes = frozenset(content.get("Parameters", {}))
    given = {**chosen.parameters, **parameters}
    if unknown := given.keys() - takes:
        raise DeployError(f"there is no parameter {min(unknown)}; there are {', '.join(sorted(takes))}")
    code = place.put(chosen.name, archive.read_bytes(), "zip")
    for resource in content["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = {"Bucket": place.name, "Key": code}
    text = place.put(chosen.name, json.dumps(content, sort_keys=True).encode(), "json")
    return stacks.draw(Wanted(chosen.stack, {"TemplateURL": place.address(text)}, takes, given))


def refused(changes: Sequence[Change], allowed: Sequence[str]) -> list[str]:
    """One line for each change that would lose what is kept, and that nobody has named."""
    return [
        f"{change}: what it holds would be lost" for change in changes if change.loses and change.name not in allowed
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """0: done, or nothing to do; 1: refused, or CloudFormation failed and rolled back; 2: it could not run."""
    asked = _parser().parse_args(arguments)
    try:
        return _deploy(asked)
    except DeployError as error:
        print(f"make deploy: {error}", file=sys.stderr)
        return REFUSED
    except (PackageError, ClientError, BotoCoreError) as error:  # no package, no credentials, no region, no right
        print(f"make deploy: {error}", file=sys.stderr)
        return COULD_NOT_RUN
    except KeyboardInterrupt:
        print("\nstopped looking; what CloudFormation has begun it goes on with (see its console)", file=sys.stderr)
        return INTERRUPTED


def _deploy(asked: argparse.Namespace) -> int:
    chosen = stage(asked.stage)
    sealed(asked.build, chosen.name)  # before anything is asked of AWS
    session = boto3.Session(region_name=asked.region)
    stacks = Stacks(session.client("cloudformation"), print, asked.poll)
    place = Shelf(session.client("s3"), asked.bucket) if asked.bucket else shelf(stacks, session.client("s3"))
    drawn = draw(stacks, place, chosen, asked.build, dict(asked.parameter))
    if drawn is None:
        print(f"{chosen.stack}: nothing to change")
        return FINE
    changes = drawn.changes()
    print(f"{chosen.stack} in {session.region_name}:", *changes, sep="\n  ")
    for warning in warnings(session.client("lambda"), drawn.parameters()):
        print(f"look: {warning}", file=sys.stderr)
    if lost := refused(changes, asked.replace):
        drawn.discard()
        raise DeployError("\n  ".join(["refused; name each with --replace NAME to do it all the same:", *lost]))
    if asked.dry_run:
        drawn.discard()
        print("nothing was changed")
        return FINE
    outputs = drawn.carry_out()
    for name, value in sorted(outputs.items()):
        print(f"{name:<20} {value}")
    note(outputs, chosen, session.region_name, asked.build)
    return FINE


def note(outputs: Parameters, chosen: Stage, region: str, build: Path) -> None:
    """Write what `earshot` needs to work in this stage; no secret is among it."""
    values = {name: outputs[output].rstrip("/") for name, output in PLACES.items() if output in outputs}
    told = {"AWS_REGION": region, "EARSHOT_STAGE": chosen.name, **values}
    path = build / f"{chosen.stack}.env"
    path.write_text("".join(f"{name}={shlex.quote(value)}\n" for name, value in told.items()))
    print(f"`set -a; . {path}; set +a` lets `earshot` work there")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make deploy", description=__doc__)
    parser.add_argument("--stage", choices=STAGES, default="dev")
    parser.add_argument("--build", type=Path, default=ROOT / "build", help="where `make package` wrote (build)")
    parser.add_argument("--region", default=os.environ.get("AWS_REGION"), help="instead of the one of your AWS profile")
    parser.add_argument("--bucket", help=f"a bucket of yours for packages, instead of the one of the stack {ARTIFACTS}")
    parser.add_argument("--parameter", action="append", default=[], type=_pair, metavar="NAME=VALUE")
    parser.add_argument("--replace", action="append", default=[], metavar="NAME", help="a resource that may be lost")
    parser.add_argument("--dry-run", action="store_true", help="show the changes, and make none")
    parser.add_argument("--poll", type=float, default=2.0, help=argparse.SUPPRESS)
    return parser


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise argparse.ArgumentTypeError(f"expected NAME=VALUE, as in Crm=zendesk; {text!r} is not")
    return name, value


if __name__ == "__main__":
    sys.exit(main())
