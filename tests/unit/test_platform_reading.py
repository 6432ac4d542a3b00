"""Reading foreign JSON: nothing is lost for what stands beside it, and no person's data stays too long."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chalicelib.codec import to_json
from chalicelib.config import PlatformSettings
from chalicelib.errors import BadPayload
from chalicelib.model import Action, Kind
from chalicelib.platforms.base import BasePlatform
from chalicelib.platforms.document import document
from chalicelib.platforms.facebook import Facebook
from chalicelib.platforms.line import Line
from chalicelib.platforms.markup import text_of
from chalicelib.platforms.mastodon import Mastodon
from chalicelib.platforms.standard_webhooks import StandardWebhooks
from chalicelib.platforms.x import X
from tests.contracts.platform_contract import PAYLOADS, made, request


def refused(kind: type[BasePlatform], body: Any) -> BadPayload:
    with pytest.raises(BadPayload) as told:
        made(kind).parse(request(json.dumps(body).encode()))
    return told.value


def comment(number: int, **other: Any) -> dict[str, Any]:
    value = {"item": "comment", "verb": "add", "comment_id": str(number), "post_id": "p", "message": f"text {number}"}
    return {"field": "feed", "value": value | other}


def test_bad_items_of_a_page_s_delivery_cost_no_good_one() -> None:
    entries = [
        {"id": "1", "time": 1, "changes": [comment(1), comment(2, message=["secret"]), 7, comment(3, comment_id=None)]},
        "no entry",
        {"id": "1", "time": 1, "changes": "no list"},
        {"id": "1", "time": 1, "changes": [comment(4)]},
    ]

    problem = refused(Facebook, {"object": "page", "entry": entries})

    assert [post.text for post in problem.posts] == ["text 1", "text 4"]
    assert str(problem) == (
        "facebook: body.entry[0].changes[1].value.message: expected a text; "
        "body.entry[0].changes[2]: expected an object; "
        "body.entry[0].changes[3].value: comment_id is missing; and 2 more"
    )


def test_one_bad_array_of_x_costs_no_other() -> None:
    message = {"type": "message_create", "id": "5", "message_create": {"message_data": {"text": "hi"}}}
    body = {
        "for_user_id": "1",
        "tweet_create_events": 3,
        "tweet_delete_events": [{}],
        "direct_message_events": [message],
    }

    problem = refused(X, body)

    assert [post.id for post in problem.posts] == ["x:5"]
    assert "tweet_create_events: expected a list" in str(problem)


def test_one_bad_post_of_a_bridge_costs_no_other() -> None:
    data = [{"id": "a:1"}, {"id": "a:"}, {"id": "x:", "platform": "x"}, {"id": "b", "kind": "shout"}, None]

    problem = refused(StandardWebhooks, {"type": "post.created", "data": data})

    assert [post.id for post in problem.posts] == ["standard-webhooks:a:1", "standard-webhooks:a:"]
    assert "body.data[3].kind: expected one of" in str(problem)


def test_a_key_that_is_a_person_s_id_is_not_quoted() -> None:
    message = {"type": "message_create", "id": "5", "message_create": {"sender_id": "4711"}}
    body = {"for_user_id": "1", "direct_message_events": [message], "users": {"4711": {"name": 3}}}

    assert str(refused(X, body)) == "x: body.users[...].name: expected a text"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (Facebook, {"entry": []}),
        (Mastodon, {"text": "from an instance's own template"}),
        (Mastodon, {"event": "status.created"}),
        (StandardWebhooks, {"data": {"id": "1"}}),
        (X, {"data": {"payload": {}}}),
    ],
)
def test_a_body_that_lacks_what_the_platform_documents_is_kept_for_a_person(
    kind: type[BasePlatform], body: Any
) -> None:
    assert "is missing" in str(refused(kind, body))


@pytest.mark.parametrize(
    "body",
    [{"object": "instagram", "entry": 5}, {"object": "page", "entry": [{"changes": [{"field": "new", "value": 5}]}]}],
)
def test_what_is_unknown_is_skipped_whatever_its_shape(body: Any) -> None:
    assert made(Facebook).parse(request(json.dumps(body).encode())) == []


def test_a_report_keeps_no_address_of_the_reporter() -> None:
    body = (PAYLOADS / "mastodon" / "report.json").read_bytes()

    kept = json.dumps([to_json(post) for post in made(Mastodon).parse(request(body))])

    assert b"192.0.2.7" in body
    assert "192.0.2" not in kept
    assert "mail.example" not in kept


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>a &amp; b &lt;3&nbsp;c&#33;</p>", "a & b <3\u00a0c!"),
        ("<p>one<br>two<br/>three<br />four</p><p>five</p>", "one\ntwo\nthree\nfour\nfive"),
        (
            '<a><span class="invisible">https://</span>acme.example<span class="invisible">/x</span></a>',
            "https://acme.example/x",
        ),
        ("<p></p>", ""),
        ("<h2>Why?</h2><ul><li>slow</li><li>dear</li></ul><p>bye</p>", "Why?\nslow\ndear\nbye"),
        ("&lt;b&gt;not a tag&lt;/b&gt;", "<b>not a tag</b>"),
        ("<![x[ a", "<![x[ a"),
        ("&#xD800;", "\ufffd"),
    ],
)
def test_markup_becomes_the_text_a_person_reads(markup: str, text: str) -> None:
    assert text_of(markup) == text


def test_endless_markup_is_read_in_no_time() -> None:
    assert text_of("<a" * 200_000) == "<a" * 200_000
    assert text_of("<br><" * 100_000).count("\n") == 99_999


@pytest.mark.parametrize("wrong", [True, [], {}, 1.5, "x" * 257, "half \ud83d"])
def test_an_id_that_could_be_no_key_is_refused(wrong: Any) -> None:
    with pytest.raises(BadPayload, match=r"body\.id: expected an id"):
        document(json.dumps({"id": wrong}).encode()).id("id")


def test_ids_are_texts_to_the_last_digit() -> None:
    body = document(b'{"a": 8812345678901234567, "b": "007", "c": "", "d": null, "e": 0}')

    assert [body.id(name) for name in "abcde"] == ["8812345678901234567", "007", None, None, "0"]
    assert body.id("d", "c", "b", "a") == "007"


@pytest.mark.parametrize(
    ("written", "seconds", "milliseconds"),
    [
        (1772359204, "2026-03-01T10:00:04+00:00", "1970-01-21T12:19:19.204000+00:00"),
        ("1772359204", "2026-03-01T10:00:04+00:00", "1970-01-21T12:19:19.204000+00:00"),
        (1772359204123, None, "2026-03-01T10:00:04.123000+00:00"),
        (-5, None, None),
        (1.5, None, None),
        ("soon", None, None),
        ("١٢", None, None),
        (True, None, None),
        ("9" * 5000, None, None),
    ],
)
def test_times_are_read_in_their_unit_or_not_at_all(
    written: Any, seconds: str | None, milliseconds: str | None
) -> None:
    body = document(json.dumps({"t": written}).encode())

    for read, expected in ((body.seconds, seconds), (body.milliseconds, milliseconds)):
        if expected is None:
            with pytest.raises(BadPayload, match=r"body\.t: expected"):
                read("t")
        else:
            assert str(read("t")).replace(" ", "T") == expected


def test_what_is_no_post_is_counted_by_its_type() -> None:
    body = {"data": {"event_type": "like.create", "payload": {"text": "words of a person"}}}

    heard = made(X).hear(request(json.dumps(body).encode()))

    assert (heard.posts, heard.skipped, heard.problem) == ((), {"like.create": 1}, None)


@pytest.mark.parametrize("name", ["Fay Hill wrote", "", "é", "9lives", "a" * 49, 7, None, ["like"], {"text": "like"}])
def test_what_is_no_name_of_a_type_is_never_repeated(name: Any) -> None:
    body = {"destination": "U1", "events": [{"type": "follow"}, {"type": "x", "action": name, "event": name}]}

    heard = made(Line).hear(request(json.dumps(body).encode()))

    assert heard.skipped == {"follow": 1, "x": 1}


def test_an_item_that_names_no_type_is_counted_all_the_same() -> None:
    heard = made(Facebook).hear(request(b'{"object": "page", "entry": [{"id": "1"}, {"id": "2"}]}'))

    assert heard.skipped == {"unnamed": 2}


def test_one_bad_item_loses_neither_the_others_nor_the_count_of_what_was_skipped() -> None:
    good = {"type": "message", "source": {"userId": "u"}, "message": {"id": "1", "type": "text", "text": "hi"}}
    body = {"destination": "U1", "events": [{"type": "follow"}, {}, {"type": "unsend"}, good]}

    heard = made(Line).hear(request(json.dumps(body).encode()))

    assert [post.id for post in heard.posts] == ["line:1"]
    assert heard.skipped == {"follow": 1}
    assert heard.problem is not None
    assert "events[1].type: is missing; body.events[2]" in heard.problem


def test_a_kind_that_nobody_listens_to_is_skipped_and_its_deletion_is_not() -> None:
    written = {"type": "message", "source": {"userId": "u"}, "message": {"id": "1", "type": "text", "text": "hi"}}
    unsent = {"type": "unsend", "source": {"userId": "u"}, "unsend": {"messageId": "1"}}
    body = json.dumps({"destination": "U1", "events": [written, unsent]}).encode()

    deaf = Line(PlatformSettings(listens=frozenset({Kind.MENTION}))).hear(request(body))
    hears = Line(PlatformSettings(listens=frozenset({Kind.DM}))).hear(request(body))

    assert [post.action for post in deaf.posts] == [Action.DELETE]
    assert deaf.skipped == {"dm (not listened to)": 1}
    assert (len(hears.posts), hears.skipped) == (2, {})


ESCAPES = ["\\ud83d", "\\uD83D", "\\ude00", "\\uDe00", "\\u00e9", "\\\\", '\\"', "\\n", "ud83d", "u", "é", "😀"]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(ESCAPES), max_size=12).map("".join))
@example("\\\\ud83d\\ude00")  # an escaped backslash, and after its letters half of a pair
@example("\\ud83d\\\\ude00")
def test_half_of_an_escaped_pair_is_mended_and_whole_ones_are_left_alone(written: str) -> None:
    body = f'{{"text": "{written}"}}'.encode()
    plain: str = json.loads(body)["text"]

    mended = plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert document(body).text("text") == mended
