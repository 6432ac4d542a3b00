"""`python -m infra.package --stage dev`: what CloudFormation deploys, or a loud failure.

Chalice exits 0 when a package could not be built ("Your deployment will continue"), with a zip that cannot start. So
the zip is looked into before anybody may deploy it.
"""

from __future__ import annotations

import argparse
import fnmatch
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import yaml

from infra import wheels
from infra.local.template import load

ROOT = Path(__file__).resolve().parent.parent
# What the functions cannot start without, and what brings it when it is missing.
NEEDED = {
    "app.py": "it is the entry point; run from the project's folder",
    "chalicelib/rulebook/bundle.json": "no rules would be shipped; `earshot bundle` writes it",
    "chalicelib/crm/mapping.json": "no names of the CRM would be shipped; `earshot bundle` writes it",
    "durable_rules_engine*.so": "durable_rules was not built; `make setup` needs a C compiler",
    "ahocorasick_rs/*.so": "its wheel is not in .venv/wheels; run `make setup`",
    "fasttext_pybind*.so": "its wheel is not in .venv/wheels; run `make setup`",
    "chalicelib/reading/lid.176.ftz": "languages could not be told",
    "re2/_re2*.so": "google-re2's wheel is not in .venv/wheels; run `make setup`",
    "chalice/app.py": "Chalice did not put its own runtime in",
}


class PackageError(Exception):
    """What was made must not be deployed."""


@dataclass(frozen=True, slots=True)
class Package:
    """A zip and the template that deploys it."""

    template: Path
    zip: Path

    @property
    def names(self) -> list[str]:
        """Files in the zip."""
        with ZipFile(self.zip) as archive:
            return archive.namelist()


class _Plain(yaml.SafeDumper):
    """YAML without aliases: CloudFormation does not take them, and Chalice writes them."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def package(stage: str, out: Path, root: Path = ROOT) -> Package:
    """Build and check a stage's package. Raises PackageError saying what is missing and what brings it."""
    scratch = root / ".cache" / "tmp"
    scratch.mkdir(parents=True, exist_ok=True)
    links = scratch / "links"
    wheels.rename(root / ".venv" / "wheels", links, root / "requirements.txt")
    chalice = Path(sys.executable).with_name("chalice")
    options = ["--stage", stage, "--merge-template", "infra/resources.yaml", "--template-format", "yaml", str(out)]
    command = [str(chalice), "package", *options]
    done = subprocess.run(
        command,
        cwd=root,
        env=_environment(root, scratch, links),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode:
        raise PackageError(f"chalice package failed:\n{done.stdout}{done.stderr}")
    made = Package(out / "sam.yaml", out / "deployment.zip")
    _expand_aliases(made.template)
    if problems := missing(made.names) + wheels.too_new(made.zip):
        raise PackageError("\n".join(["the zip cannot run:", *problems, done.stdout, done.stderr]))
    return made


def missing(names: Sequence[str]) -> list[str]:
    """One line for every needed file that is not among these."""
    return [f"  {wanted} is missing: {why}" for wanted, why in NEEDED.items() if not fnmatch.filter(names, wanted)]


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; exit code 0 only for a package that can run."""
    parser = argparse.ArgumentParser(prog="python -m infra.package", description=__doc__)
    parser.add_argument("--stage", choices=("dev", "prod"), default="dev")
    parser.add_argument("--out", type=Path, default=ROOT / "build")
    chosen = parser.parse_args(arguments)
    try:
        made = package(chosen.stage, chosen.out.resolve())
    except PackageError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{made.template}: {made.template.stat().st_size / 1000:.0f} kB")
    print(f"{made.zip}: {made.zip.stat().st_size / 1e6:.1f} MB, {len(made.names)} files")
    return 0


def _environment(root: Path, scratch: Path, links: Path) -> dict[str, str]:
    """Offline, from the wheels that `make setup` made, and deaf to this machine's own pip and AWS settings."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "LANG": "C.UTF-8",
        "AWS_DEFAULT_REGION": os.environ.get("AWS_DEFAULT_REGION", "us-east-1"),
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": f"{links.as_uri()} {(root / '.venv' / 'wheels').as_uri()}",  # a path may hold spaces
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


def _expand_aliases(template: Path) -> None:
    content = load(template.read_text())
    template.write_text(yaml.dump(content, Dumper=_Plain, sort_keys=True, width=120))


if __name__ == "__main__":
    sys.exit(main())
