"""A real Request Tracker 5 from Debian's package: SQLite, loopback, a configuration of its own, gone when we are."""

from __future__ import annotations

import base64
import os
import quopri
import shutil
import sqlite3
import subprocess
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

from infra.local.process import Leashed, tail
from tests.live.servers import CACHE, REPO, answers, free_port, need, wait_until

SERVER = Path("/usr/share/request-tracker5/libexec/rt-server")
QUEUE, LEADS, CLOSED, WORKERS = "Social", "Leads", "Closed to us", 4
SITE = """
Set($rtname, 'acme.test'); Set($Organization, 'acme.test'); Set($WebPath, ''); Set($CanonicalizeRedirectURLs, 0);
Set($WebDomain, '127.0.0.1'); Set($WebPort, {port}); Set($WebBaseURL, 'http://127.0.0.1:{port}');
Set($DatabaseType, 'SQLite'); Set($DatabaseName, '{database}'); Set($DatabaseHost, ''); Set($DatabasePort, '');
Set($DatabaseUser, ''); Set($DatabasePassword, ''); Set($WebSessionClass, 'Apache::Session::File');
Set($MailCommand, 'testfile'); Set($LogToSyslog, undef); Set($LogToSTDERR, 'warning'); Set($Timezone, 'UTC');
1;
"""
SEED = """
use lib '/usr/share/request-tracker5/lib'; use RT; RT::LoadConfig(); RT::Init();
my $root = RT->SystemUser;
my $queue = RT::Queue->new($root); $queue->Create(Name => '{queue}');
my $leads = RT::Queue->new($root); $leads->Create(Name => '{leads}');
my $closed = RT::Queue->new($root); $closed->Create(Name => '{closed}');
my $field = RT::CustomField->new($root);
$field->Create(Name => 'ExternalPostId', Type => 'FreeformSingle', LookupType => RT::Ticket->CustomFieldLookupType);
$field->AddToObject($_) for $queue, $leads, $closed;
my $scrips = RT::Scrips->new($root); $scrips->UnLimit;
while (my $scrip = $scrips->Next) { $scrip->SetDisabled(1) } # else most of its work is mail that nobody gets
my $user = RT::User->new($root);
$user->Create(Name => 'earshot', Privileged => 1, EmailAddress => 'earshot@acme.invalid');
for my $right (qw(SeeQueue ShowTicket CreateTicket CommentOnTicket ModifyTicket ShowTicketComments SeeCustomField
    ModifyCustomField)) { $user->PrincipalObj->GrantRight(Object => $_, Right => $right) for $queue, $leads }
$user->PrincipalObj->GrantRight(Object => $closed, Right => $_) for qw(SeeQueue SeeCustomField);
my ($done, $words, $token) = RT::AuthToken->new($root)->Create(Owner => $user->Id, Description => 'earshot');
print $token;
"""
KEPT = """
select v.Content, a.Content, a.ContentEncoding from Tickets t
left join ObjectCustomFieldValues v on v.ObjectType = 'RT::Ticket' and v.ObjectId = t.id and v.Disabled = 0
join Transactions x on x.ObjectType = 'RT::Ticket' and x.ObjectId = t.id and x.Type in ('Create', 'Comment')
join Attachments a on a.TransactionId = x.id and a.Content is not null
order by t.id, x.id
"""


class LiveRequestTracker:
    """An empty tracker in `root`, running while it is entered; skips the test where Debian's package is missing."""

    def __init__(self, root: Path) -> None:
        need("request-tracker5", SERVER.exists())
        self._home = root / "request-tracker"
        self._database, self._log = self._home / "rt.db", self._home / "rt.log"
        self._port = free_port()
        self._server: Leashed | None = None

    @property
    def settings(self) -> dict[str, str]:
        """What `crms.request-tracker` holds to reach this tracker."""
        token = (self._home / "token").read_text("utf-8")
        return {"url": f"http://127.0.0.1:{self._port}", "token": token, "queue": QUEUE}

    def __enter__(self) -> Self:
        shutil.copytree(self._template(), self._home)
        environment = self._configured(self._home)
        command = [str(SERVER), "--server", "Starlet", "--host", "127.0.0.1", "--port", str(self._port)]
        command += ["--max-workers", str(WORKERS)]
        self._server = Leashed("tests.live.command", *command, env=environment, cwd=REPO, log=self._log)
        headers = {"authorization": f"token {self.settings['token']}"}
        try:
            wait_until(
                "Request Tracker", lambda: answers(f"{self.settings['url']}/REST/2.0/rt", headers), self._log, 120
            )
        except BaseException:
            self._server.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._server:
            self._server.stop(grace=3)

    def kept(self) -> list[tuple[str, str]]:
        """Of each entry its case's key and its text, by ticket and in order, read beside RT from its database."""
        with sqlite3.connect(f"file:{self._database}?mode=ro", uri=True) as database:
            found = [(str(key), _decoded(text, encoding)) for key, text, encoding in database.execute(KEPT)]
        database.close()
        return found

    def who_has(self, ticket: str) -> tuple[str, int]:
        """A ticket's queue and priority, read beside RT from its database."""
        query = "select q.Name, t.Priority from Tickets t join Queues q on q.id = t.Queue where t.id = ?"
        with sqlite3.connect(f"file:{self._database}?mode=ro", uri=True) as database:
            found: tuple[str, int] = database.execute(query, (ticket,)).fetchone()
        database.close()
        return found

    def tickets(self) -> int:
        """How many there are."""
        with sqlite3.connect(f"file:{self._database}?mode=ro", uri=True) as database:
            count = int(database.execute("select count(*) from Tickets where Type = 'ticket'").fetchone()[0])
        database.close()
        return count

    def _template(self) -> Path:
        """An initialised tracker with our queue, field and user; made once, in about ten seconds."""
        script = SEED.replace("{queue}", QUEUE).replace("{leads}", LEADS).replace("{closed}", CLOSED)
        made = CACHE / f"request-tracker-{sha256(script.encode()).hexdigest()[:8]}"
        if (made / "token").exists():
            return made
        shutil.rmtree(made, ignore_errors=True)
        environment = self._configured(made)
        setup = ["rt-setup-database-5", "--action", "init", "--skip-create", "--dba", "", "--dba-password", ""]
        _run(setup, environment, made)
        seed = made / "seed.pl"
        seed.write_text(script, "utf-8")
        token = _run(["perl", str(seed)], environment, made)
        _write_ahead(made / "rt.db")
        (made / "token").write_text(token, "utf-8")
        return made

    def _configured(self, home: Path) -> dict[str, str]:
        (home / "conf.d").mkdir(parents=True, exist_ok=True)
        site = home / "RT_SiteConfig.pm"
        site.write_text(SITE.replace("{port}", str(self._port)).replace("{database}", str(home / "rt.db")), "utf-8")
        return {
            "PATH": f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin",
            "LANG": "C.UTF-8",
            "HOME": str(home),
            "TMPDIR": str(home),
            "PYTHONPATH": str(REPO),
            "RT_SITE_CONFIG": str(site),
            "RT_SITE_CONFIG_DIR": str(home / "conf.d"),
        }


def _write_ahead(database: Path) -> None:
    """RT notes with every request when its token was used; so readers need not wait for that. The file keeps it."""
    with sqlite3.connect(database) as opened:
        opened.execute("pragma journal_mode = wal")
    opened.close()


def _decoded(text: str | bytes, encoding: str) -> str:
    """SQLite's driver gives RT no binary columns: what is not ASCII it keeps in a mail's encoding."""
    raw = text.encode() if isinstance(text, str) else text
    if encoding == "quoted-printable":
        return quopri.decodestring(raw).decode()
    return (base64.b64decode(raw) if encoding == "base64" else raw).decode()


def _run(command: list[str], environment: dict[str, str], home: Path) -> str:
    log = home / "setup.log"
    with log.open("ab") as out:
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=out, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stdout[-500:]}{tail(log)}")
    return done.stdout
