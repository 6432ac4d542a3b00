"""`python -m infra.package --stage dev`: what CloudFormation deploys, or a loud failure.

Chalice writes the template; the zip is made here, for the runtime's Python and the stage's architecture whatever this
machine is (target.py, wheels.py, tree.py). Chalice exits 0 when a package could not be built ("Your deployment will
continue"), with a zip that cannot start. So what was made is looked into, and tried, before anybody may deploy it.
"""

from __future__ import annotations

import argparse
import fnmatch
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import yaml

from infra import target, tree, wheels
from infra.local.template import load, read
from infra.restored import restorable
from infra.seal import seal, unseal
from infra.stages import STAGES, Stage, stage
from infra.target import PackageError, Target

ROOT = Path(__file__).resolve().parent.parent
MOST_BYTES = 6_000_000  # of the zip: every function unpacks it when it starts
# What the functions cannot start without, and what brings it when it is missing.
NEEDED = {
    "app.py": "it is the entry point; run from the project's folder",
    "chalicelib/rulebook/bundle.json": "no rules would be shipped; `earshot bundle` writes it",
    "chalicelib/crm/mapping.json": "no names of the CRM would be shipped; `earshot bundle` writes it",
    "durable_rules_engine*.so": "durable_rules was not built; remove .cache/lambda and package again",
    "ahocorasick_rs/*.so": "its wheel was not fetched; remove .cache/lambda and package again",
    "fasttext_pybind*.so": "its wheel was not fetched; remove .cache/lambda and package again",
    "chalicelib/reading/lid.176.ftz": "languages could not be told",
    "re2/_re2*.so": "google-re2's wheel was not fetched; remove .cache/lambda and package again",
    "chalice/app.py": "Chalice did not put its own runtime in",
}
# In the zip's Python, with nothing else to import from: every module of ours, and what is only imported when needed.
TRIAL = """
import importlib, pathlib, pkgutil, sys
sys.path.insert(0, sys.argv[1])
import app
for found in pkgutil.walk_packages([sys.argv[1] + "/chalicelib"], "chalicelib."):
    importlib.import_module(found.name)
from aws_lambda_powertools import Tracer
from aws_lambda_powertools.metrics import EphemeralMetrics
from nacl.signing import SigningKey, VerifyKey
from boto3.session import Session
Tracer(service="trial", auto_patch=False, disabled=False)
for service in {services!r}:
    Session(region_name="us-east-1").client(service)
"""


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


def package(chosen: Stage, out: Path, root: Path = ROOT) -> Package:
    """Build and check a stage's package. Raises PackageError saying what is missing and what brings it."""
    target.python()  # before anything that takes time
    aim = Target(chosen.architecture)
    fetched = wheels.fetch(aim, root)
    scratch = root / ".cache" / "tmp"
    scratch.mkdir(parents=True, exist_ok=True)
    out.mkdir(parents=True, exist_ok=True)
    unseal(out)
    made = Package(out / "sam.yaml", out / "deployment.zip")
    with tempfile.TemporaryDirectory(prefix="package-", dir=scratch) as folder:
        drawn = _chalice(chosen.name, Path(folder), root)
        grown = Path(folder) / "tree"
        tree.grow(grown, root, fetched, drawn / "deployment.zip")
        tree.compile_all(grown)
        tree.strip(grown)
        made.template.write_text(_finished((drawn / "sam.yaml").read_text(), aim, root))
        tree.pack(grown, made.zip)
        if problems := wrong(made, aim) + _untried(grown, aim):
            made.zip.unlink()
            raise PackageError("\n".join(["the zip cannot run:", *problems]))
    seal(made, chosen)
    return made


def wrong(made: Package, aim: Target) -> list[str]:
    """One line for everything that keeps the zip from running on Lambda."""
    problems = missing(made.names) + wheels.too_new(made.zip) + wheels.foreign(made.zip, aim)
    if (size := made.zip.stat().st_size) > MOST_BYTES:
        problems.append(f"  it has {size / 1e6:.1f} MB, more than {MOST_BYTES / 1e6:.0f}")
    return problems


def missing(names: Sequence[str]) -> list[str]:
    """One line for every needed file that is not among these."""
    return [f"  {wanted} is missing: {why}" for wanted, why in NEEDED.items() if not fnmatch.filter(names, wanted)]


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; exit code 0 only for a package that can run."""
    parser = argparse.ArgumentParser(prog="python -m infra.package", description=__doc__)
    parser.add_argument("--stage", choices=STAGES, default="dev")
    parser.add_argument("--architecture", choices=sorted(target.MACHINES), help="instead of the stage's own")
    parser.add_argument("--out", type=Path, default=ROOT / "build")
    asked = parser.parse_args(arguments)
    try:
        chosen = stage(asked.stage, asked.architecture)
        made = package(chosen, asked.out.resolve())
    except PackageError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{made.template}: {made.template.stat().st_size / 1000:.0f} kB, {target.RUNTIME} on {chosen.architecture}")
    print(f"{made.zip}: {made.zip.stat().st_size / 1e6:.1f} MB, {len(made.names)} files")
    return 0


def _chalice(name: str, folder: Path, root: Path) -> Path:
    """Chalice's own package of our code without requirements: its template, and its runtime. Raises PackageError."""
    site, out = folder / "site", folder / "chalice"
    shutil.copytree(root / ".chalice", site / ".chalice", ignore=shutil.ignore_patterns("deployments"))
    for part in ("app.py", "chalicelib", "infra"):
        (site / part).symlink_to(root / part)
    (site / "requirements.txt").touch()
    chalice = Path(sys.executable).with_name("chalice")
    options = ["--stage", name, "--merge-template", "infra/resources.yaml", "--template-format", "yaml", str(out)]
    done = subprocess.run(
        [str(chalice), "package", *options],
        cwd=site,
        env=_environment(folder),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode:
        raise PackageError(f"chalice package failed:\n{done.stdout}{done.stderr}")
    return out


def _environment(scratch: Path) -> dict[str, str]:
    """Deaf to this machine's own AWS settings."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "LANG": "C.UTF-8",
        "AWS_DEFAULT_REGION": os.environ.get("AWS_DEFAULT_REGION", "us-east-1"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _finished(drawn: str, aim: Target, root: Path) -> str:
    """Chalice's template for the runtime the zip is made for (Chalice names the Python it runs on), with our outputs in
    place of those of the same name: merging would join what is in both. The table is named in both its forms."""
    content = load(drawn)
    content["Outputs"] |= read(root / "infra" / "resources.yaml")["Outputs"]
    content = restorable(content)
    for resource in content["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"] |= {"Runtime": target.RUNTIME, "Architectures": [aim.architecture]}
    text: str = yaml.dump(content, Dumper=_Plain, sort_keys=True, width=120)
    return text


def _untried(grown: Path, aim: Target) -> list[str]:
    """What does not import; nothing for a machine that is not this one."""
    if not aim.is_here:
        return []
    code = TRIAL.format(services=tree.SERVICES)
    done = subprocess.run(
        [target.python(), "-I", "-S", "-W", "error", "-c", code, grown],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=grown,
    )
    return [f"  {line}" for line in done.stderr.splitlines()[-4:]] if done.returncode else []


if __name__ == "__main__":
    sys.exit(main())
