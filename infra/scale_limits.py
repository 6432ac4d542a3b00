"""AWS's limits that a storm of posts can meet, and how much of each it needs.

Defaults of us-east-1, as AWS documents them in November 2026; most can be raised by asking. Never tried on AWS.
"""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.cli import cost_model

BATCH = 10
PARTITION_WRITES = 1000.0  # write units a second that one partition of a table or an index takes
OWING_PARTITIONS = 8


@dataclass(frozen=True, slots=True)
class Day:
    """What comes: posts a second at the `peak` and usually, and how many functions may decide at once."""

    peak: float
    usual: float
    crm_share: float = 0.05
    posts_a_delivery: float = 1.0
    concurrency: int = 900
    crm_rate: float = 100.0


@dataclass(frozen=True, slots=True)
class Load:
    """How much of a limit is needed at the peak, and what to turn where it is too much."""

    what: str
    needed: float
    limit: float
    turn: str

    @property
    def share(self) -> float:
        """1 is all of it."""
        return self.needed / self.limit


def seconds_a_batch() -> float:
    """How long ten ignored posts take: processor time at the function's share of one, and the table's answers."""
    return BATCH * _seconds("triage_posts")


def seconds_a_delivery() -> float:
    """How long a delivery of one post takes to receive: its processor time, and the queue's answer."""
    return _seconds("api_handler")


def crm_calls() -> float:
    """A case."""
    return float(cost_model.counted()["told"]["in batches"]["deliver_cases"]["crm requests"])


def _seconds(function: str) -> float:
    """Of one ignored post."""
    each = cost_model.counted()["ignored"]["in batches"][function]
    share = cost_model.assumed("memory of a processor") / float(cost_model.counted()["memory"][function])
    milliseconds = float(each["cpu ms"]) * max(1.0, share)
    milliseconds += float(each.get("table requests", 0.0)) * cost_model.assumed("table ms")
    return (milliseconds + float(each.get("queue requests", 0.0)) * cost_model.assumed("queue ms")) / 1000


def write_units(crm_share: float) -> float:
    """A post, by its share of cases."""
    return _units("write units", crm_share)


def read_units(crm_share: float) -> float:
    """A post, by its share of cases."""
    return _units("read units", crm_share)


def _units(what: str, crm_share: float) -> float:
    units = 0.0
    for sort, share in (("ignored", 1 - crm_share), ("told", crm_share)):
        functions = cost_model.counted()[sort]["in batches"].values()
        units += share * sum(function.get(what, 0.0) for function in functions)
    return units


def loads(day: Day) -> list[Load]:
    """Every limit, the tightest first."""
    deliveries, cases = day.peak / day.posts_a_delivery, day.peak * day.crm_share
    receiving = seconds_a_delivery()
    found = [
        # Ten a second for each of the functions there may be at once, of 1,000 for the account:
        # https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html
        Load("the function's own address: requests a second", deliveries, 10_000, "ask for more concurrency"),
        Load("door rest-api, throttle in the template: requests a second", deliveries, 200, "RequestsPerSecond"),
        Load(
            "APIHandler: functions at once", deliveries * receiving, 1000 - day.concurrency, "ask for more concurrency"
        ),
        Load("SQS FIFO, high throughput: batches a second", deliveries, 70_000, "ask for more; a queue a platform"),
        Load("SQS FIFO: messages in flight", day.concurrency * BATCH, 120_000, "nothing: it follows concurrency"),
        Load("TriagePosts: functions at once", day.peak * seconds_a_batch() / BATCH, day.concurrency, "concurrency"),
        Load(
            "table: write units a second", day.peak * write_units(day.crm_share), 40_000, "ask for more; warm it before"
        ),
        Load("table: read units a second", day.peak * read_units(day.crm_share), 40_000, "ask for more"),
        Load(
            "index `cases`: write units of its open cases", cases * 3, PARTITION_WRITES, "spread case_state as `owing`"
        ),
        Load(
            "index `owing`: write units of a partition",
            cases * 2 / OWING_PARTITIONS,
            PARTITION_WRITES,
            "more partitions",
        ),
        Load(
            "a rule's window before it crosses: write units", min(day.peak, 50), PARTITION_WRITES, "nothing: then quiet"
        ),
        Load("DeliverCases: one CRM call after another a shard", _crm(cases), _shards(day), "ParallelizationFactor"),
        Load("the CRM: calls a second", cases * crm_calls(), day.crm_rate, "its own rate: what waits is kept"),
    ]
    return sorted(found, key=lambda load: -load.share)


def _crm(cases: float) -> float:
    """Functions that are busy with the CRM at once."""
    return cases * crm_calls() * cost_model.assumed("crm ms") / 1000


def _shards(day: Day) -> float:
    """A table has a shard of its stream a partition, and DeliverCases one invocation a shard."""
    return max(4.0, day.peak * write_units(day.crm_share) / PARTITION_WRITES)
