"""Some hundred deliveries with everything going wrong, and their books: ten thousand are a command of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.ledger import faults, site

pytestmark = pytest.mark.live


def test_the_books_balance_after_a_day_with_everything_going_wrong(tmp_path: Path) -> None:
    with site(tmp_path, "live") as run:
        run.live(400)
        run.settle()
        accounts = run.books().accounts()
        told = list(faults(run))

    print(*told, *accounts, sep="\n")
    assert [str(account) for account in accounts if not account.balances] == []
    assert {account.name: account.total for account in accounts}["deliveries"] == 400
    assert not any(": 0 times" in line for line in told if line.startswith(("killed", "poisoned")))
