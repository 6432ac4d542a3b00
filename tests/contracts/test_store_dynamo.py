"""What only the table on DynamoDB can show: requests, pages, the stream, and AWS's own failures."""

from __future__ import annotations

import random
import string
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from chalicelib.errors import Conflict, SettingsError, Unavailable
from chalicelib.model import Author, DeliveryState, Saved, Standing
from chalicelib.stores import items
from chalicelib.stores.attributes import plain
from chalicelib.stores.dynamo import DynamoStore
from chalicelib.stores.packing import unpack
from chalicelib.stores.table import Table
from tests.contracts.cloud import Cloud
from tests.contracts.conftest import Clock
from tests.contracts.story import (
    MORNING,
    case_id,
    deletion_of,
    edit_of,
    escalated,
    ignored,
    joining,
    open_case,
    opening,
    post,
)

pytestmark = pytest.mark.local


@pytest.fixture
def requests(dynamodb: Any) -> Counter[str]:
    """How many requests of each kind were made."""
    counted: Counter[str] = Counter()
    dynamodb.meta.events.register("before-call.dynamodb", lambda model, **_: counted.update([model.name]))
    return counted


@pytest.fixture
def answer(dynamodb: Any) -> Callable[[str, Callable[[Any], None]], None]:
    """Change what the table answers to one kind of request, after it did it."""

    def change(call: str, how: Callable[[Any], None]) -> None:
        dynamodb.meta.events.register(f"after-call.dynamodb.{call}", lambda parsed, **_: how(parsed))

    return change


def items_in(dynamodb: Any, table: str) -> list[str]:
    found = dynamodb.scan(TableName=table)["Items"]
    return sorted(f"{item['pk']['S'].partition('#')[0]} {item['sk']['S'].partition('#')[0]}" for item in found)


def test_an_ignored_new_post_costs_one_write_request_and_one_item(
    dynamo: DynamoStore, dynamodb: Any, table: str, requests: Counter[str]
) -> None:
    dynamo.save(Saved(post(), ignored(post()), Standing()))

    assert requests == {"PutItem": 1}
    assert items_in(dynamodb, table) == ["POST V"]


def test_whatever_else_a_decision_entails_costs_one_write_request(dynamo: DynamoStore, requests: Counter[str]) -> None:
    saved = open_case(dynamo)
    of = post(2)
    dynamo.save(joining(of, dynamo.standings([of])[0], case_id(saved)))
    for change in (edit_of(post(3), "again"), deletion_of(post(4))):
        dynamo.save(Saved(change, ignored(change), Standing()))

    assert requests == {"BatchGetItem": 2, "TransactWriteItems": 4}


def test_a_batch_of_fifty_posts_is_read_in_one_request(dynamo: DynamoStore, requests: Counter[str]) -> None:
    just = MORNING + timedelta(minutes=20)
    posts = [post(n, author=Author(id=f"a{n}"), created_at=just) for n in range(50)]
    dynamo.standings([*posts, *posts])
    once = requests.copy()
    dynamo.standings([*posts, post(51, created_at=just)])

    assert once == {"BatchGetItem": 1}
    assert requests == {"BatchGetItem": 3}


def test_keys_that_stay_unprocessed_are_asked_for_again(
    dynamodb: Any, table: str, clock: Clock, answer: Callable[[str, Callable[[Any], None]], None]
) -> None:
    saved = open_case(DynamoStore(dynamodb, table, clock))
    calls = []

    def leave_some(parsed: Any) -> None:
        calls.append(len(parsed["Responses"][table]))
        if len(calls) == 1:
            late = parsed["Responses"][table].pop()
            key = {name: late[name] for name in ("pk", "sk")}
            parsed["UnprocessedKeys"] = {table: {"Keys": [key], "ConsistentRead": True}}

    answer("BatchGetItem", leave_some)
    standing = DynamoStore(dynamodb, table, clock).standings([post()])[0]

    assert calls == [2, 1]
    assert (standing.case_id, standing.revision) == (case_id(saved), 1)


def test_keys_that_never_come_are_unavailable(
    dynamodb: Any, table: str, answer: Callable[[str, Callable[[Any], None]], None]
) -> None:
    pauses: list[float] = []
    unprocessed = {table: {"Keys": [{"pk": {"S": "a"}, "sk": {"S": "b"}}], "ConsistentRead": True}}
    answer("BatchGetItem", lambda parsed: parsed.update(UnprocessedKeys=unprocessed))

    with pytest.raises(Unavailable):
        Table(dynamodb, table, pauses.append).read_all([("a", "b")])

    assert pauses == sorted(set(pauses))


def test_versions_over_more_than_one_page_are_all_read_and_erased(dynamo: DynamoStore, requests: Counter[str]) -> None:
    edits = [edit_of(post(), noise(60_000, n), minutes=n) for n in range(25)]
    standing = Standing()
    for edit in edits:
        dynamo.save(Saved(edit, ignored(edit), standing))
    before = requests["Query"]
    found = dynamo.recorded(post().id)
    pages = requests["Query"] - before
    dynamo.erase_text(post().id)

    assert [record.post.text for record in found] == [edit.text for edit in edits]
    assert pages == 2
    assert [record.post.text for record in dynamo.recorded(post().id)] == [None] * 25


def test_what_was_decided_over_more_than_one_page_is_all_read_back(dynamo: DynamoStore, requests: Counter[str]) -> None:
    for number in range(6):
        of = post(number, text=noise(300_000, number))
        dynamo.save(Saved(of, ignored(of), Standing()))

    assert {record.post.id for record in dynamo.decided_since(MORNING)} == {post(n).id for n in range(6)}
    assert requests["Scan"] == 2


def test_cases_over_more_than_one_page_are_all_listed(dynamo: DynamoStore) -> None:
    for number in range(30):
        saved = opening(post(number, author=Author(id=f"a{number}")), Standing())
        assert saved.opens is not None
        assert dynamo.save(replace(saved, opens=replace(saved.opens, subject="s" * 50_000)))

    assert len({case.id for case in dynamo.cases()}) == 30


def test_erasing_again_writes_nothing(dynamo: DynamoStore, requests: Counter[str]) -> None:
    dynamo.save(Saved(post(), ignored(post()), Standing()))
    dynamo.erase_text(post().id)
    dynamo.erase_text(post().id)

    assert requests["UpdateItem"] == 1


def test_a_write_whose_answer_was_lost_is_unavailable_and_its_retry_finds_it(
    dynamo: DynamoStore, dynamodb: Any
) -> None:
    def lose(parsed: Any, http_response: Any, **_: Any) -> None:
        parsed["Error"] = {"Code": "InternalServerError", "Message": "we are sorry"}
        http_response.status_code = 500

    saved = opening(post(), Standing())
    dynamodb.meta.events.register_first("after-call.dynamodb.TransactWriteItems", lose, unique_id="lose")
    with pytest.raises(Unavailable, match="InternalServerError"):
        dynamo.save(saved)
    dynamodb.meta.events.unregister("after-call.dynamodb.TransactWriteItems", unique_id="lose")

    assert not dynamo.save(saved)
    assert dynamo.case(case_id(saved)) == saved.opens
    assert dynamo.owed(case_id(saved)) == list(saved.deliveries)


@pytest.mark.parametrize(
    "code", ["ThrottlingException", "ProvisionedThroughputExceededException", "RequestLimitExceeded", "NeverHeardOf"]
)
def test_a_table_that_is_too_busy_is_unavailable(dynamo: DynamoStore, dynamodb: Any, code: str) -> None:
    busy = {"Error": {"Code": code, "Message": post().text}}
    dynamodb.meta.events.register("before-call.dynamodb", lambda **_: (refusal(), busy))

    for call in (
        lambda: dynamo.save(Saved(post(), ignored(post()), Standing())),
        lambda: dynamo.save(opening(post(), Standing())),
        lambda: dynamo.standings([post()]),
        lambda: dynamo.recorded(post().id),
        lambda: dynamo.case("1"),
        lambda: dynamo.nudge(MORNING),
    ):
        with pytest.raises(Unavailable, match=f"^table: {code}$"):
            call()


def test_another_transaction_at_the_same_items_is_a_conflict_and_no_duplicate(
    dynamo: DynamoStore, dynamodb: Any
) -> None:
    reasons = [{"Code": "TransactionConflict"}, {"Code": "None"}, {"Code": "None"}]
    answer = {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": reasons}
    dynamodb.meta.events.register("before-call.dynamodb", lambda **_: (refusal(), answer))

    with pytest.raises(Conflict, match="another transaction"):
        dynamo.save(opening(post(), Standing()))


def test_a_transaction_that_was_throttled_is_no_conflict(dynamo: DynamoStore, dynamodb: Any) -> None:
    reasons = [{"Code": "ThrottlingError"}, {"Code": "None"}, {"Code": "None"}]
    answer = {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": reasons}
    dynamodb.meta.events.register("before-call.dynamodb", lambda **_: (refusal(), answer))

    with pytest.raises(Unavailable) as raised:
        dynamo.save(opening(post(), Standing()))

    assert not isinstance(raised.value, Conflict)


def test_a_table_that_is_not_there_is_the_operators_to_mend(dynamodb: Any, clock: Clock) -> None:
    missing = DynamoStore(dynamodb, "no-such-table", clock)

    with pytest.raises(SettingsError, match="ResourceNotFoundException"):
        missing.save(Saved(post(), ignored(post()), Standing()))
    with pytest.raises(SettingsError, match="ResourceNotFoundException"):
        missing.standings([post()])


def test_a_table_that_cannot_be_reached_is_unavailable(clock: Clock) -> None:
    nowhere = DynamoStore(Cloud("http://127.0.0.1:9").client("dynamodb"), "posts", clock)

    with pytest.raises(Unavailable, match="EndpointConnectionError"):
        nowhere.save(Saved(post(), ignored(post()), Standing()))


def test_a_decision_is_kept_as_long_as_its_rule_says_else_400_days(
    dynamo: DynamoStore, dynamodb: Any, table: str, clock: Clock
) -> None:
    short = ignored(post(1), keep_for=timedelta(days=30))
    dynamo.save(Saved(post(1), short, Standing()))
    dynamo.save(Saved(post(2), ignored(post(2)), Standing()))

    days = {}
    for item in dynamodb.scan(TableName=table)["Items"]:
        left = datetime.fromtimestamp(int(item["expires"]["N"]), UTC) - clock.now
        days[item["pk"]["S"]] = round(left / timedelta(days=1))
    assert days == {f"POST#{post(1).id}": 30, f"POST#{post(2).id}": 400}


def test_only_what_is_owed_wakes_the_stream(dynamo: DynamoStore, cloud: Cloud, table: str) -> None:
    saved = open_case(dynamo)
    of = post(2)
    dynamo.save(joining(of, dynamo.standings([of])[0], case_id(saved)))
    dynamo.save(Saved(post(3), ignored(post(3)), Standing()))
    dynamo.mark_started(case_id(saved))
    dynamo.mark_delivered(saved.deliveries[0], "roundup", "issue1")
    dynamo.nudge(MORNING + timedelta(days=1))

    woken = [record["dynamodb"] for record in stream(cloud, table) if "owes" in record["dynamodb"]["NewImage"]]
    keys = [record["Keys"]["sk"]["S"] for record in woken]
    assert keys == ["DELIVERY#0001", "DELIVERY#0002", "DELIVERY#0002"]
    assert {record["Keys"]["pk"]["S"] for record in woken} == {f"CASE#{case_id(saved)}"}


def test_what_is_owed_again_wakes_the_stream(dynamo: DynamoStore, cloud: Cloud, table: str) -> None:
    saved = open_case(dynamo)
    dynamo.mark_refused(saved.deliveries[0], "no such team")
    before = len(stream(cloud, table))
    dynamo.owe_again(case_id(saved))

    written = [record["dynamodb"] for record in stream(cloud, table)[before:]]
    woken = [record["Keys"]["sk"]["S"] for record in written if "owes" in record["NewImage"]]
    assert woken == ["DELIVERY#0001"]


def test_a_case_is_owed_again_in_one_write(dynamo: DynamoStore, requests: Counter[str]) -> None:
    saved = open_case(dynamo)
    of = post(2)
    joined = joining(of, dynamo.standings([of])[0], case_id(saved))
    dynamo.save(joined)
    for owed in dynamo.owed(case_id(saved)):
        dynamo.mark_refused(owed, "no such team")
    requests.clear()

    assert dynamo.owe_again(case_id(saved)) == 2
    assert requests == {"Query": 1, "TransactWriteItems": 1}


def test_a_case_that_owes_more_than_a_transaction_holds_is_owed_again_whole_after_a_cut(
    dynamo: DynamoStore, dynamodb: Any, requests: Counter[str]
) -> None:
    saved = case_of(dynamo, 150)
    for owed in dynamo.owed(case_id(saved)):
        dynamo.mark_refused(owed, "no such team")
    requests.clear()

    def cut_off(**_: Any) -> Any:
        was_called = requests["TransactWriteItems"] > 0
        return (refusal(), {"Error": {"Code": "ThrottlingException"}}) if was_called else None

    dynamodb.meta.events.register("before-call.dynamodb.TransactWriteItems", cut_off, unique_id="cut")
    with pytest.raises(Unavailable, match="ThrottlingException"):
        dynamo.owe_again(case_id(saved))
    dynamodb.meta.events.unregister("before-call.dynamodb.TransactWriteItems", unique_id="cut")
    owed_first = [owed.sequence for owed in dynamo.owed(case_id(saved))]

    assert owed_first == [f"{number:04d}" for number in range(1, 100)]
    assert dynamo.owe_again(case_id(saved)) == 51
    assert len(dynamo.owed(case_id(saved))) == 150


def test_two_who_owe_a_case_again_at_once_owe_it_once(dynamo: DynamoStore, dynamodb: Any, table: str) -> None:
    saved = open_case(dynamo)
    dynamo.mark_refused(saved.deliveries[0], "no such team")
    other = DynamoStore(dynamodb, table, Clock())

    def overtake(**_: Any) -> None:
        dynamodb.meta.events.unregister("before-call.dynamodb.TransactWriteItems", unique_id="overtake")
        assert other.owe_again(case_id(saved)) == 1

    dynamodb.meta.events.register("before-call.dynamodb.TransactWriteItems", overtake, unique_id="overtake")
    with pytest.raises(Conflict):
        dynamo.owe_again(case_id(saved))

    assert dynamo.owed(case_id(saved)) == list(saved.deliveries)


def test_a_case_expires_a_month_after_all_that_names_it_and_every_join_moves_that_on(
    dynamo: DynamoStore, dynamodb: Any, table: str, clock: Clock
) -> None:
    start, saved = clock.now, open_case(dynamo)
    opened = expiries(dynamodb, table, start)
    clock.now = start + timedelta(days=100)
    dynamo.save(joining(post(2), dynamo.standings([post(2)])[0], case_id(saved)))

    joined = expiries(dynamodb, table, start)

    assert (opened["CASE"], opened["DELIVERY#0001"], opened["STATE"]) == (430, 430, 400)
    assert (joined["CASE"], joined["DELIVERY#0002"], joined["STATE"]) == (530, 530, 500)
    assert joined["DELIVERY#0001"] == 430


def test_an_edit_that_a_guard_stops_lets_the_head_expire_before_its_case(
    dynamo: DynamoStore, dynamodb: Any, table: str, clock: Clock
) -> None:
    start = clock.now
    open_case(dynamo)
    clock.now = start + timedelta(days=100)
    edit = edit_of(post(), "again")
    dynamo.save(Saved(edit, ignored(edit, guard="superseded"), dynamo.standings([edit])[0]))

    left = expiries(dynamodb, table, start)

    assert (left["HEAD"], left["CASE"]) == (400, 430)
    assert dynamo.standings([post()])[0].edited


def test_no_text_of_a_person_lies_outside_the_decisions(dynamo: DynamoStore, dynamodb: Any, table: str) -> None:
    open_case(dynamo)

    found = [
        {name: unpack(value["S"]) for name, value in item.items() if "S" in value} for item in _all(dynamodb, table)
    ]
    holding = [item["sk"] for item in found if str(post().text) in str(item)]
    assert holding == [f"V#{post().version}"]


def test_an_item_filled_to_the_brim_is_taken(dynamo: DynamoStore, dynamodb: Any, table: str) -> None:
    of = replace(post(text=noise(380_000)), media=())
    assert dynamo.save(Saved(of, escalated(of), Standing()))

    (item,) = _all(dynamodb, table)
    assert 250_000 < len(item["post"]["S"].encode()) < 400_000
    assert dynamo.recorded(of.id)[0].post == of


def test_marks_are_kept_on_the_delivery(dynamo: DynamoStore, dynamodb: Any, table: str) -> None:
    saved = open_case(dynamo)
    dynamo.mark_delivered(saved.deliveries[0], "roundup", "issue42")

    key = {"pk": {"S": f"CASE#{case_id(saved)}"}, "sk": {"S": "DELIVERY#0001"}}
    item = plain(dynamodb.get_item(TableName=table, Key=key)["Item"])
    done = replace(saved.deliveries[0], state=DeliveryState.DONE, receipt="issue42")
    assert items.delivery(item) == done
    assert not item.keys() & {"owes", "owed_since"}


def noise(size: int, seed: int = 0) -> str:
    """A text that packs as badly as letters do."""
    return "".join(random.Random(seed).choices(string.ascii_letters, k=size))  # noqa: S311


def _all(dynamodb: Any, table: str) -> list[Any]:
    items: list[Any] = dynamodb.scan(TableName=table)["Items"]
    return items


def case_of(dynamo: DynamoStore, owed: int) -> Saved:
    """A case that owes so much."""
    saved = open_case(dynamo)
    for number in range(2, owed + 1):
        of = post(number, author=Author())
        dynamo.save(joining(of, Standing(), case_id(saved), sequence=f"{number:04d}"))
    return saved


def expiries(dynamodb: Any, table: str, start: datetime) -> dict[str, int]:
    """In how many days from then each item expires, by its sort key."""
    found = dynamodb.scan(TableName=table)["Items"]
    lefts = {item["sk"]["S"]: int(item["expires"]["N"]) - start.timestamp() for item in found}
    return {key: round(left / 86400) for key, left in lefts.items()}


def refusal() -> AWSResponse:
    """An HTTP answer 400."""
    return AWSResponse("", 400, HTTPHeaders(), None)


def stream(cloud: Cloud, table: str) -> list[Any]:
    """Every record of the table's stream."""
    arn = cloud.client("dynamodb").describe_table(TableName=table)["Table"]["LatestStreamArn"]
    streams = cloud.client("dynamodbstreams")
    found: list[Any] = []
    for shard in streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
        place = {"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
        found += streams.get_records(ShardIterator=streams.get_shard_iterator(**place)["ShardIterator"])["Records"]
    return found
