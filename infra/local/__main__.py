"""`make run`: the cloud on this laptop, a story told through it, and then it stays up until Ctrl-C."""

from __future__ import annotations

import argparse
import signal
import sys
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

from chalicelib.crm import CRMS
from chalicelib.errors import EarshotError, SettingsError
from chalicelib.model import DeliveryState
from chalicelib.wiring import Wiring
from infra.local import ending
from infra.local.cloud import LocalCloud, within
from infra.local.deployed import DeployedCloud
from infra.local.own_crm import introduce, own_settings
from infra.local.process import CloudError
from infra.local.roundup import LocalRoundup
from infra.local.samples import SETTINGS
from infra.local.story import expected_cases, steps
from infra.local.telling import Heard, Telling, Told, follow
from infra.stacks import DeployError
from infra.stages import stage
from infra.target import PackageError

ROOT = Path(__file__).parents[2]
TRACKER = ROOT / ".local" / "roundup-template"
FINE, WRONG, COULD_NOT_RUN, INTERRUPTED = 0, 1, 2, 130
QUICK_SECONDS, DEPLOYED_SECONDS, SLOW_SECONDS = 30, 120, 600  # a CRM elsewhere may be far away, and may ask for pauses


def main() -> int:
    """0: the story is as it should be; 1: it is not, and the difference was printed; 2: it could not run."""
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("--crm", choices=["none", *CRMS], default="none", help="where cases go (none)")
    parser.add_argument("--settings", type=Path, metavar="FILE", help="how that CRM is reached: JSON with `crms`")
    parser.add_argument("--once", action="store_true", help="end after the story; 1 when it is not as it should be")
    parser.add_argument(
        "--deployed",
        nargs="?",
        type=Path,
        metavar="BUILD",
        const=ROOT / "build",
        help="by what `make package` made (in build), deployed here; then end",
    )
    parser.add_argument("--door", choices=["own", "rest-api"], help="with --deployed: the stack's Door (own)")
    parser.add_argument("--port", type=_port, help="the web server's port (a free one)")
    parser.add_argument("--data", type=Path, default=ROOT / ".local", help="where logs and addresses go (.local)")
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        own = _own(args.crm, args.settings)
        if args.deployed:
            chosen = {"Crm": args.crm, **({"Door": args.door} if args.door else {})}
            return _run_deployed(args.deployed, chosen, own, args.data.absolute())
        return _run(args.crm, own, args.once, args.port, args.data.absolute())
    except KeyboardInterrupt:
        print("\nstopped; what was here is forgotten")
        return INTERRUPTED if args.once else FINE
    except (CloudError, DeployError, EarshotError, OSError, PackageError, RuntimeError) as error:
        print(f"make run: {error}", file=sys.stderr)
        return COULD_NOT_RUN


def _own(crm: str, path: Path | None) -> dict[str, str] | None:
    """The settings of a CRM that is already there; None for those that are brought up here. Raises SettingsError."""
    if path is not None and crm != "none":
        return own_settings(crm, path)
    if path is not None:
        raise SettingsError("--settings (SETTINGS=) belongs to a CRM: name it with --crm (CRM=)")
    if crm not in ("none", "roundup"):
        raise SettingsError(f"how is {crm} reached? --settings FILE (SETTINGS=FILE), as docs/crm/{crm}.md has it")
    return None


def _run(crm: str, own: dict[str, str] | None, once: bool, port: int | None, data: Path) -> int:
    heard = Heard()
    with ExitStack() as running:
        if own is not None:
            print(f"A look at {crm} before anything is sent there:", flush=True)
            introduce(crm, own)
        roundup = running.enter_context(LocalRoundup(data, TRACKER)) if crm == "roundup" and own is None else None
        reached = roundup.settings if roundup else own
        settings = {**SETTINGS, "crms": {crm: reached} if reached else {}}
        told = Told(data / "people.txt")
        cloud = running.enter_context(LocalCloud(ROOT, settings, crm, env=told.environment, port=port, data=data))
        cloud.watch(heard)
        running.enter_context(within(cloud.environment))
        _introduce(cloud, f"Roundup at {roundup.url} (user intake)" if roundup else crm)
        wrong = _tell(cloud, heard, roundup, SLOW_SECONDS if own else QUICK_SECONDS)
        told.show("People told at once:")
        _judge(wrong)
        if once:
            return WRONG if wrong else FINE
        print(f"\nIt stays up: send more (see README), watch {cloud.data / 'logs'}. Ctrl-C ends it.", flush=True)
        follow(heard, cloud.check, told.show)
    return FINE


def _run_deployed(build: Path, chosen: dict[str, str], own: dict[str, str] | None, data: Path) -> int:
    """The story through the functions in the zip, which ministack runs; what they log is in logs/functions.log."""
    heard, crm = Heard(), chosen["Crm"]
    with ExitStack() as running:
        roundup = running.enter_context(LocalRoundup(data, TRACKER)) if crm == "roundup" and own is None else None
        reached = roundup.settings if roundup else own
        settings = {**SETTINGS, "crms": {crm: reached} if reached else {}}
        cloud = running.enter_context(DeployedCloud(build, stage("dev"), settings, data, **chosen))
        cloud.watch(heard)
        running.enter_context(within(cloud.environment))
        _introduce(cloud, f"Roundup at {roundup.url} (user intake)" if roundup else crm)
        wrong = _tell(cloud, heard, roundup, SLOW_SECONDS if own else DEPLOYED_SECONDS)
        (data / "logs" / "functions.log").write_text(cloud.logs())
        _judge(wrong)
    return WRONG if wrong else FINE


def _tell(cloud: LocalCloud | DeployedCloud, heard: Heard, roundup: LocalRoundup | None, patience: float) -> list[str]:
    telling, parks = Telling(cloud.url, heard), 0
    for number, step in enumerate(steps(), 1):
        if step.waits:
            cloud.drain(patience)
        telling.tell(number, step)
        parks += step.parks
    cloud.drain(patience)
    parts = Wiring(cloud.environment)
    cases = ending.tell_cases(parts.store)
    wrong = telling.wrong
    state = DeliveryState.KEPT if parts.environment.crm == "none" else DeliveryState.DONE
    wrong += ending.wrong_cases(cases, expected_cases(), parts.store, state)
    wrong += ending.wrong_left_overs(parts.queue, parks, cloud.depths())
    if roundup:
        issues = roundup.issues()
        ending.tell_issues(issues)
        wrong += ending.wrong_issues(issues, cases, parts.store)
    return wrong


def _introduce(cloud: LocalCloud | DeployedCloud, crm: str) -> None:
    print(f"Earshot on this machine: webhooks at {cloud.url}/webhooks/{{platform}}")
    print(f"CRM: {'none, so cases stay in the table' if crm == 'none' else crm}\n", flush=True)


def _judge(wrong: list[str]) -> None:
    if not wrong:
        print("\nThe story is as it should be.")
    for difference in wrong:
        print(f"\nNOT AS IT SHOULD BE: {difference}")


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 1 << 16:
        raise argparse.ArgumentTypeError(f"a port is a number from 1 to 65535; {text!r} is not")
    return int(text)


def _interrupt(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
