"""The cloud on a laptop: services, functions, event sources and the HTTP front, from resources.yaml and app.py."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from infra.local import functions, sources
from infra.local.calm import Calm
from infra.local.engine import CREDENTIALS, REGION, Engine
from infra.local.gateway import Gateway, routes_of
from infra.local.process import CloudError
from infra.local.runtime import Function
from infra.local.schedule_source import ScheduleSource
from infra.local.source import Bell, Poller
from infra.local.stack import QUEUE, create
from infra.local.stream_source import Watcher

SOURCED = ("deliver_cases", "tell_people", "triage_posts", "keep_time")  # functions that events call
PROJECT = Path(__file__).resolve().parents[2]


class LocalCloud:
    """Everything, running between `with` and its end; forgets all when it stops. Raises CloudError at the start.

    `data` holds logs and cloud.json (None: `.local` below `root`), `handlers` replaces handlers by function name, `env`
    is added to every function, `parameters` are the template's, `workers` are the functions' concurrencies, `port` is
    the HTTP front's (None: a free one). `endpoint` is where functions reach the services (None: straight), `timeouts`
    are theirs by name, in seconds, where not the template's.
    """

    def __init__(
        self,
        root: Path,
        settings: Mapping[str, Any],
        crm: str = "none",
        *,
        handlers: Mapping[str, str] | None = None,
        env: Mapping[str, str] | None = None,
        parameters: Mapping[str, str] | None = None,
        workers: Mapping[str, int] | None = None,
        endpoint: str | None = None,
        timeouts: Mapping[str, float] | None = None,
        port: int | None = None,
        schedule_seconds: float = 60,
        data: Path | None = None,
    ) -> None:
        self.data = data or root / ".local"
        self.url = ""
        self.environment: dict[str, str] = {}
        self.functions: dict[str, Function] = {}
        self._settings = settings
        self._handlers = {**functions.HANDLERS, **(handlers or {})}
        self._env = dict(env or {})
        self._parameters = {"Crm": crm, **(parameters or {})}
        self._workers = {**functions.WORKERS, **(workers or {})}
        self._endpoint, self._timeouts = endpoint, dict(timeouts or {})
        self._port = port
        self._schedule_seconds = schedule_seconds
        self._watchers: list[Watcher] = []
        self._bell = Bell()
        self._pollers: dict[str, list[Poller]] = {}
        self._parts = ExitStack()

    def __enter__(self) -> LocalCloud:
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def client(self, name: str) -> Any:
        """A boto3 client of the services here."""
        return self._engine.client(name)

    def watch(self, watcher: Watcher) -> None:
        """Show it every record of the stream from now on, before filters are asked."""
        self._watchers.append(watcher)

    def pause(self, function: str) -> None:
        """Call it no more from its event source; returns when the call under way has ended."""
        for poller in self._pollers[function]:
            poller.pause()

    def resume(self, function: str) -> None:
        """Call it again."""
        for poller in self._pollers[function]:
            poller.resume()

    def depths(self) -> dict[str, int]:
        """Messages in every queue by its name in the template, those in flight included."""
        return self._calm.depths()

    def drain(self, timeout: float = 30) -> None:
        """Return when nothing is under way any more. Raises CloudError telling what is left, or what has died."""
        self._calm.wait(timeout)

    def check(self) -> None:
        """Raises CloudError when a part has died."""
        self._calm.check()

    def stop(self) -> None:
        """End every process and thread of ours; no part is asked to finish what it does."""
        pollers = [poller for group in self._pollers.values() for poller in group]
        for poller in pollers:
            poller.stop()
        self._bell.ring()
        self._parts.close()
        for poller in pollers:
            poller.join(5)
        self._pollers.clear()

    def _start(self) -> None:
        refuse_a_second(self.data / "cloud.json")
        for folder in ("logs", "tmp"):
            (self.data / folder).mkdir(parents=True, exist_ok=True)
        for log in (self.data / "logs").glob("*.log"):
            log.unlink()
        self._engine = Engine(PROJECT, self.data)
        self._parts.callback(self._engine.stop)
        routes = routes_of(self._handlers["api_handler"])  # the import takes as long as the engine's start
        self._engine.wait_until_ready()
        self._stack = create(self.client("cloudformation"), PROJECT / "infra" / "resources.yaml", self._parameters)
        secret = self._stack.ids["CompanySettings"]
        self.client("secretsmanager").put_secret_value(SecretId=secret, SecretString=json.dumps(self._settings))
        self._start_functions()
        gateway = Gateway(self.functions["api_handler"], routes, self._port)
        self._parts.callback(gateway.stop)
        self.url = gateway.url
        self._start_sources()
        self._describe()

    def _start_functions(self) -> None:
        """All at once, then wait: most of a start is the import of libraries."""
        services = {**CREDENTIALS, "AWS_REGION": REGION, "AWS_ENDPOINT_URL": self._engine.url, "EARSHOT_STAGE": "local"}
        for name, handler in self._handlers.items():
            self.environment = {**services, **functions.variables(self._stack, name), **self._env}
            reached = {"AWS_ENDPOINT_URL": self._endpoint} if self._endpoint else {}
            self.functions[name] = functions.function(
                self._stack,
                name,
                handler,
                workers=self._workers[name],
                env={**self.environment, **reached, "AWS_ACCESS_KEY_ID": name},  # each signs as itself, as by its role
                root=PROJECT,
                data=self.data,
                done=self._bell.ring,
                timeout=self._timeouts.get(name),
            )
            self._parts.callback(self.functions[name].stop)
        for function in self.functions.values():
            function.wait_until_ready()

    def _start_sources(self) -> None:
        deliver, people, triage, clock = (self.functions[name] for name in SOURCED)
        owed = sources.stream_source(self._engine, self._stack, deliver, self._bell, self._watchers)
        told = sources.stream_source(self._engine, self._stack, people, self._bell, ())
        posts = sources.queue_source(self._engine, self._stack, triage, self._workers["triage_posts"])
        minute = ScheduleSource(clock, self._schedule_seconds)
        made = (source.pollers for source in (owed, told, posts, minute))
        self._pollers = dict(zip(SOURCED, made, strict=True))
        self._calm = Calm(
            engine=self._engine,
            sqs=self.client("sqs"),
            queues=self._stack.of_type(QUEUE),
            functions=self.functions,
            streams=(owed, told),
            pollers=self._pollers,
        )
        for poller in (poller for group in self._pollers.values() for poller in group):
            poller.start()

    def _describe(self) -> None:
        """For `earshot send`, `earshot cases` and others, which find us by this file."""
        told = {
            "pid": os.getpid(),
            "url": self.url,
            "platforms": self._settings.get("platforms", {}),
            "environment": self.environment,
        }
        path = self.data / "cloud.json"
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:  # it holds secrets
            json.dump(told, out, indent=2)
        self._parts.callback(path.unlink, missing_ok=True)


def refuse_a_second(described: Path) -> None:
    """Raises CloudError when a cloud with the same data is running: each would take the other's files away."""
    try:
        pid = int(json.loads(described.read_text())["pid"])
        os.kill(pid, 0)
    except (OSError, ValueError, KeyError, TypeError):
        return  # nobody, or one that was killed and could not clean up
    raise CloudError(f"a cloud is already running here (process {pid}, see {described}); stop it first")


@contextmanager
def within(environment: Mapping[str, str]) -> Iterator[None]:
    """This process's own environment is this one as well: boto3 reads its endpoint and credentials from there."""
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
