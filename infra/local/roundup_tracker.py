"""Making a Roundup tracker from its classic template, and serving it: SQLite, waitress, loopback only."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

USER, PASSWORD = "intake", "intake-pass-1"
PREFIX = "/support"
ROUNDS = 1000
SCHEMA = (
    ('IssueClass(db, "issue",', '\n                external_post_id=String(indexme="no"),'),
    ('IssueClass(db, "issue",', '\n                network=String(indexme="no"),'),
    ('Class(db, "user",', "\n                social_handle=String(),"),
)


def make_template(template: Path) -> None:
    """The classic tracker with our properties and the intake user, initialised once."""
    if template.exists():
        return
    template.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=template.parent))
    try:
        _install(work / "tracker")
        (work / "tracker").rename(template)
    except OSError:  # another process was faster
        if not template.exists():
            raise
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _install(tracker: Path) -> None:
    options = "admin_email=admin@acme.invalid,tracker_web=http://127.0.0.1/support/,mail_domain=acme.invalid"
    options += f",mail_host=localhost,mail_debug=mail.txt,web_secret_key={os.urandom(16).hex()}"
    _admin(tracker, "install", "classic", "sqlite", options + ",web_allowed_api_origins=*")
    _extend_schema(tracker / "schema.py")
    # Every call brings its password: at the default of 250,000 rounds a call takes 150 ms, nearly all of it hashing.
    configure(tracker, {"password_pbkdf2_default_rounds": str(ROUNDS)})
    _admin(tracker, "initialise", os.urandom(12).hex())
    user = (f"username={USER}", f"password={PASSWORD}", "address=intake@acme.invalid", "roles=User")
    _admin(tracker, "create", "user", *user)


def _extend_schema(path: Path) -> None:
    schema = path.read_text("utf-8")
    for after, added in SCHEMA:
        if after not in schema:
            raise RuntimeError(f"Roundup's classic schema has no {after!r}: has its version changed?")
        schema = schema.replace(after, after + added, 1)
    path.write_text(schema, "utf-8")


def _admin(tracker: Path, *words: str) -> None:
    command = [sys.executable, "-m", "roundup.scripts.roundup_admin", "-i", str(tracker), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"roundup-admin {words[0]} failed: {done.stdout[-500:]}{done.stderr[-500:]}")


def configure(tracker: Path, values: dict[str, str]) -> None:
    """Set values of the tracker's config.ini. Raises RuntimeError where it has no such name."""
    path = tracker / "config.ini"
    config = path.read_text("utf-8")
    for name, value in values.items():
        config, found = re.subn(rf"(?m)^#?\s*{name}\s*=.*$", f"{name} = {value}", config, count=1)
        if not found:
            raise RuntimeError(f"Roundup's config.ini has no {name}: has its version changed?")
    path.write_text(config, "utf-8")


def template_name() -> str:
    """Another one whenever what a template is made from changes."""
    return hashlib.sha256(repr((SCHEMA, USER, PASSWORD, ROUNDS)).encode()).hexdigest()[:12]


def serve(tracker: str, port: int) -> None:
    """Serve a tracker until the process that started us is gone (our standard input ends)."""
    import waitress
    from roundup.cgi.wsgi_handler import RequestDispatcher

    def end_with_parent() -> None:
        sys.stdin.buffer.read()
        os._exit(0)

    def app(environ: dict[str, Any], start_response: Any) -> Any:
        environ["SCRIPT_NAME"] = PREFIX
        environ["PATH_INFO"] = environ["PATH_INFO"].removeprefix(PREFIX) or "/"
        return dispatch(environ, start_response)

    dispatch = RequestDispatcher(tracker)
    threading.Thread(target=end_with_parent, daemon=True).start()
    waitress.serve(app, host="127.0.0.1", port=port, threads=4, _quiet=True)


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
