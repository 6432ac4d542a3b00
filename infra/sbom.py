"""`python -m infra.sbom`: what is in the zip, by name, version, licence and hash, in CycloneDX 1.6.

Of the wheels that `make package` fetched, so of what is shipped, not of what is wished for. The format:
https://cyclonedx.org/docs/1.6/json/
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import uuid
from collections.abc import Iterator, Mapping, Sequence
from email.message import Message
from email.parser import Parser
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from infra import target, wheels
from infra.package import ROOT, Package
from infra.seal import sealed
from infra.stages import STAGES, stage
from infra.target import PackageError, Target

OURS = {"type": "application", "name": "earshot", "bom-ref": "earshot"}
# https://fasttext.cc/docs/en/language-identification.html; its notice lies beside it
MODEL = {
    "type": "machine-learning-model",
    "name": "lid.176.ftz",
    "bom-ref": "lid.176.ftz",
    "licenses": [{"license": {"id": "CC-BY-SA-3.0"}}],
}
SAME = uuid.UUID("2f9a4a0e-6a0b-5e43-9d1e-0a3a0b1c9b7e")  # of this kind of document; with the content it names one


def sbom(made: Package, fetched: Path, chalice: str) -> dict[str, Any]:
    """The document: our zip, and a component for every wheel in it, Chalice's runtime among them."""
    components = [*(_component(wheel) for wheel in sorted(fetched.glob("*.whl"))), _chalice(chalice), MODEL]
    names = [str(component["bom-ref"]) for component in components]
    zip_hash = hashlib.sha256(made.zip.read_bytes()).hexdigest()
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(SAME, zip_hash)}",
        "version": 1,
        "metadata": {"component": {**OURS, "hashes": [{"alg": "SHA-256", "content": zip_hash}]}},
        "components": sorted(components, key=lambda component: str(component["bom-ref"])),
        "dependencies": [{"ref": "earshot", "dependsOn": sorted(names)}, *({"ref": name} for name in sorted(names))],
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """The command: 0 when it is written, 2 when there is no package to tell of."""
    parser = argparse.ArgumentParser(prog="make sbom", description=__doc__)
    parser.add_argument("--stage", choices=STAGES, default="dev")
    parser.add_argument("--build", type=Path, default=ROOT / "build")
    asked = parser.parse_args(arguments)
    try:
        made = Package(*sealed(asked.build, asked.stage))
        architecture = json.loads((asked.build / "checked.json").read_text())["architecture"]
        fetched = wheels.fetch(Target(stage(asked.stage, architecture).architecture), ROOT)
    except PackageError as error:
        print(f"make sbom: {error}", file=sys.stderr)
        return 2
    told = sbom(made, fetched, wheels.pins(ROOT / "requirements-dev.txt")["chalice"])
    out = asked.build / "earshot.cdx.json"
    out.write_text(json.dumps(told, indent=2) + "\n")
    print(f"{out}: {len(told['components'])} components, for {target.RUNTIME} on {architecture}")
    return 0


def _component(wheel: Path) -> dict[str, Any]:
    with ZipFile(wheel) as files:
        (name,) = [name for name in files.namelist() if name.endswith(".dist-info/METADATA") and name.count("/") == 1]
        about = Parser().parsestr(files.read(name).decode())
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    hashes = [{"alg": "SHA-256", "content": digest}]  # of the wheel: what is in the zip is compiled and trimmed
    return {**_library(about["Name"], about["Version"]), "hashes": hashes, "licenses": list(_licences(about))}


def _chalice(version: str) -> dict[str, Any]:
    return {**_library("chalice", version), "licenses": [{"license": {"id": "Apache-2.0"}}]}


def _library(name: str, version: str) -> dict[str, Any]:
    # https://github.com/package-url/purl-spec: PyPI's names in lower case with dashes
    url = f"pkg:pypi/{name.lower().replace('_', '-')}@{version}"
    return {"type": "library", "bom-ref": url, "name": name, "version": version, "purl": url}


def _licences(about: Message) -> Iterator[Mapping[str, Any]]:
    """As its author says it: an SPDX expression, else classifiers, else a line."""
    if expression := about.get("License-Expression"):
        yield {"expression": expression}
        return
    classifiers = [line for line in about.get_all("Classifier", []) if line.startswith("License ::")]
    named = [line.rpartition(" :: ")[2] for line in classifiers] or about.get("License", "").splitlines()[:1]
    yield from ({"license": {"name": name}} for name in named if name)


if __name__ == "__main__":
    sys.exit(main())
