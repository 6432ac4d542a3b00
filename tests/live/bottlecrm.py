"""A real BottleCRM from PyPI with a PostgreSQL of its own, on loopback, gone when we are."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from infra.local.process import Leashed, tail
from tests.live.bottlecrm_parts import KEPT, VENV, database_user, has_pango, install, open_folder, postgres, program
from tests.live.servers import REPO, answers, free_port, need, wait_until

DUMP = KEPT / "migrated-1.35.0.dump"
SEED = """
import django; django.setup()
from django.db import connection
from common.models import CustomFieldDefinition, Org, PersonalAccessToken, Profile, Teams, User
from common.rls import get_set_context_sql
user = User.objects.create_user(email="earshot@acme.invalid", password=None)
org = Org.objects.create(name="Acme")
with connection.cursor() as cursor:
    cursor.execute(get_set_context_sql(), [str(org.id)])
profile = Profile.objects.create(user=user, org=org, role="ADMIN")
for number, name in enumerate(("care", "leads", "others"), 1):
    Teams.objects.create(id=f"7ea00000-0000-4000-8000-00000000000{number}", name=name, description=name, org=org)
for kind, key in (("Case", "external_post_id"), ("Case", "team"), ("Contact", "social_handle")):
    CustomFieldDefinition.objects.create(org=org, target_model=kind, key=key, label=key, field_type="text")
print(PersonalAccessToken.generate(profile, "earshot")[0])
"""
CASES = """
select json_build_array(c.custom_fields->>'external_post_id', c.description, array(
    select m.comment from comment m where m.object_id = c.id order by m.commented_on))
from "case" c order by c.created_at
"""


TEAMS = {name: f"7ea00000-0000-4000-8000-00000000000{number}" for number, name in enumerate(("care", "leads"), 1)}
OTHERS = "7ea00000-0000-4000-8000-000000000003"


class LiveBottleCrm:
    """An empty installation in a folder of its own, running while it is entered.

    The first time it takes three to four minutes: an environment with Python >= 3.12, and some 400 migrations, of whose
    result a dump is kept. Skips the test where PostgreSQL or such a Python is missing.
    """

    def __init__(self) -> None:
        need("postgresql-15 (or later)", postgres() is not None)
        need("what BottleCRM prints with (libpango-1.0-0, libpangoft2-1.0-0)", has_pango())
        self._home = Path(tempfile.mkdtemp(prefix="bottlecrm-", dir=open_folder()))
        self._data, self._log = self._home / "data", self._home / "web.log"
        self._port, self._database_port = free_port(), free_port()
        self._running: list[Leashed] = []
        self._token = ""

    @property
    def settings(self) -> dict[str, str]:
        """What `crms.bottlecrm` holds to reach this installation."""
        return {"url": f"http://127.0.0.1:{self._port}", "token": self._token}

    def __enter__(self) -> Self:
        try:
            install()
            self._start_database()
            self._fill()
            self._token = self._django("-c", SEED).strip()
            self._start_web()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop()

    def cases(self) -> Iterator[tuple[str, list[str]]]:
        """Of each case its key and its texts in order, read beside BottleCRM from its database."""
        for line in self._psql("crm", "-c", CASES).splitlines():
            key, description, comments = json.loads(line)
            yield key, [description, *comments]

    def _start_database(self) -> None:
        user = database_user()
        self._home.chmod(0o755)
        self._data.mkdir()
        if user:
            shutil.chown(self._data, user, user)
        self._run(
            [program("initdb"), "-D", str(self._data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"], user
        )
        settings = ("fsync=off", "full_page_writes=off", "unix_socket_directories=")  # a socket's path may be too long
        command = [program("postgres"), "-D", str(self._data), "-h", "127.0.0.1", "-p", str(self._database_port)]
        command += [word for setting in settings for word in ("-c", setting)]
        self._leash(["--user", user, *command] if user else command)
        wait_until("PostgreSQL", lambda: self._is_ready(), self._log)

    def _fill(self) -> None:
        self._psql("postgres", "-c", "create role crm login", "-c", "create database crm owner crm")
        if DUMP.exists():
            self._run([program("pg_restore"), *self._where(), "-d", "crm", str(DUMP)])
            return
        self._django("-m", "django", "migrate", "--verbosity", "0")
        part = DUMP.with_suffix(".part")
        self._run([program("pg_dump"), *self._where(), "-Fc", "-f", str(part), "crm"])
        part.replace(DUMP)

    def _start_web(self) -> None:
        bind = ["--bind", f"127.0.0.1:{self._port}", "--workers", "2", "--threads", "4", "--no-control-socket"]
        self._leash([str(VENV / "bin/python"), "-m", "gunicorn", "crm.wsgi", *bind])
        headers = {"authorization": f"Bearer {self._token}"}
        wait_until("BottleCRM", lambda: answers(f"{self.settings['url']}/api/cases/?limit=1", headers), self._log)

    def _leash(self, command: list[str]) -> None:
        self._running.append(
            Leashed("tests.live.command", *command, env=self._environment(), cwd=self._home, log=self._log)
        )

    def _stop(self) -> None:
        for server in reversed(self._running[1:]):
            server.stop(grace=3)
        with suppress(FileNotFoundError, ProcessLookupError, ValueError, IndexError):
            os.kill(int((self._data / "postmaster.pid").read_text("utf-8").split()[0]), signal.SIGINT)  # a fast end
            self._running[0].wait(10)
        for server in self._running[:1]:
            server.stop()
        shutil.rmtree(self._home, ignore_errors=True)

    def _django(self, *words: str) -> str:
        return self._run([str(VENV / "bin/python"), *words])

    def _psql(self, database: str, *words: str) -> str:
        return self._run([program("psql"), *self._where(), "-d", database, "-qAt", *words])

    def _where(self) -> list[str]:
        return ["-h", "127.0.0.1", "-p", str(self._database_port), "-U", "postgres"]

    def _is_ready(self) -> bool:
        command = [program("pg_isready"), *self._where(), "-q"]
        return subprocess.run(command, check=False).returncode == 0

    def _run(self, command: list[str], user: str | None = None) -> str:
        groups: Any = [] if user else None
        with self._log.open("ab") as log:
            done = subprocess.run(
                command,
                env=self._environment(),
                cwd=self._home,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                user=user,
                group=user,
                extra_groups=groups,
                check=False,
            )
        if done.returncode:
            raise RuntimeError(f"{Path(command[0]).name} failed: {tail(self._log)}")
        return done.stdout

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "LANG": "C.UTF-8",
            "HOME": str(self._home),
            "PYTHONPATH": str(REPO),
            "PYTHONWARNINGS": "ignore",
            "DJANGO_SETTINGS_MODULE": "crm.settings",
            "ENV_TYPE": "dev",
            "DEBUG": "False",
            "SECRET_KEY": "made-up-for-a-test-made-up-for-a-test-made-up",
            "DBNAME": "crm",
            "DBUSER": "crm",
            "DBPASSWORD": "crm",
            "DBHOST": "127.0.0.1",
            "DBPORT": str(self._database_port),
            "CELERY_BROKER_URL": "memory://",
            "CELERY_RESULT_BACKEND": "cache+memory://",
            "ALLOWED_HOSTS": "127.0.0.1",
            "SENTRY_DSN": "",
            "FRONTEND_URL": f"http://127.0.0.1:{self._port}",
            "DOMAIN_NAME": "127.0.0.1",
        }
