"""A real Roundup tracker on this machine: served on loopback, gone with the process that started it."""

from __future__ import annotations

import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import urllib3

from infra.local.roundup_tracker import PASSWORD, PREFIX, USER, configure, make_template, template_name

START_SECONDS = 20


class LocalRoundup:
    """A tracker in `root/roundup`, empty each time it is entered; the initialised original stays in a template folder.

    `rate` REST calls in `interval` seconds are allowed to a user; 0 is no limit.
    """

    def __init__(self, root: Path, template: Path | None = None, rate: int = 0, interval: int = 60) -> None:
        self.home = root.absolute() / "roundup"
        self._template = (template or root / "roundup-template").absolute() / template_name()
        self._limits = {"api_calls_per_interval": str(rate), "api_interval_in_sec": str(interval)}
        self._port = _free_port()
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where people look at the issues."""
        return f"http://127.0.0.1:{self._port}{PREFIX}/"

    @property
    def settings(self) -> dict[str, str]:
        """What `crms.roundup` holds to reach this tracker."""
        return {"url": f"{self.url}rest/", "user": USER, "password": PASSWORD}

    def __enter__(self) -> Self:
        make_template(self._template)
        self.reset()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def reset(self) -> None:
        """An empty tracker, running, on the same port."""
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.copytree(self._template, self.home)
        configure(self.home, {**self._limits, "web": self.url})
        self.start()

    def start(self) -> None:
        """Serve; returns when it answers. Raises RuntimeError with the log's place when it does not."""
        command = [sys.executable, "-m", "infra.local.roundup_tracker", str(self.home), str(self._port)]
        with (self.home / "web.log").open("ab") as log:
            self._server = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=Path(__file__).parents[2]
            )
        self._wait()

    def stop(self) -> None:
        """Stop serving: connections are refused. What is in the tracker stays."""
        server, self._server = self._server, None
        if server is None:
            return
        server.kill()  # also ends one that is paused; SQLite survives it
        server.wait()
        if server.stdin:
            server.stdin.close()

    def pause(self) -> None:
        """Stop answering: connections are taken and wait, as with a CRM that hangs."""
        if self._server:
            self._server.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Answer again, what waited included."""
        if self._server:
            self._server.send_signal(signal.SIGCONT)

    def issues(self) -> list[dict[str, Any]]:
        """Every issue in order: id, title, key, network, priority, messages (their texts in order)."""
        query = """select i.id, i._title, i._external_post_id, i._network, p._name from _issue i
                   left join _priority p on p.id = i._priority where i.__retired__ = 0 order by i.id"""
        linked = "select linkid from issue_messages where nodeid = ? order by linkid"
        with sqlite3.connect(f"file:{self.home}/db/db?mode=ro", uri=True) as db:
            found = [
                dict(zip(("id", "title", "key", "network", "priority"), row, strict=True)) for row in db.execute(query)
            ]
            for issue in found:
                issue["messages"] = [self._text(row[0]) for row in db.execute(linked, (issue["id"],))]
        db.close()
        return found

    def message_count(self) -> int:
        """How many messages there are, those linked to no issue included."""
        with sqlite3.connect(f"file:{self.home}/db/db?mode=ro", uri=True) as db:
            count = int(db.execute("select count(*) from _msg where __retired__ = 0").fetchone()[0])
        db.close()
        return count

    def _text(self, message: int) -> str:
        """Killed just after a commit, Roundup leaves a message's file under its first name, and reads it there."""
        file = self.home / "db/files/msg" / str(message // 1000) / f"msg{message}"
        return (file if file.exists() else file.with_name(f"{file.name}.tmp")).read_text("utf-8")

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        with urllib3.PoolManager(timeout=2.0, retries=False) as pool:
            while time.monotonic() < deadline and self._server and self._server.poll() is None:
                try:
                    if pool.request("GET", f"{self.url}rest/data/priority").status < 500:
                        return
                except urllib3.exceptions.HTTPError:
                    time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"Roundup does not answer; see {self.home / 'web.log'}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
