"""How long the table keeps what it knows."""

from __future__ import annotations

from datetime import timedelta

KEPT_FOR = timedelta(days=400)
# Longer than whatever names a case (a post's head, an author's record): TTL may be two days late, in any order.
CASE_KEPT_FOR = KEPT_FOR + timedelta(days=30)
# A message waits 14 days parked, 14 in the posts' queue, whose dead letters begin anew (FIFO), and 14 there.
FORGOTTEN_FOR = timedelta(days=45)
