"""What an operator sets, and what is said when it is wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.config import CRMS, Company, PlatformSettings, company, environment
from chalicelib.errors import SettingsError
from chalicelib.model import Kind

NEEDED = {
    "EARSHOT_TABLE": "posts",
    "EARSHOT_POSTS_QUEUE": "http://127.0.0.1/posts.fifo",
    "EARSHOT_PARKED_QUEUE": "http://127.0.0.1/parked",
    "EARSHOT_SECRET": "company",
}


def test_what_is_not_set_has_a_default() -> None:
    env = environment(NEEDED)

    assert (env.table, env.secret) == ("posts", "company")
    assert (env.stage, env.crm, env.engine) == ("dev", "none", "durable")
    assert (env.oldest_post, env.sample) == (timedelta(days=14), 0.01)
    assert (env.rulebook_age, env.memory) == (timedelta(seconds=15), 512)


def test_every_missing_variable_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as raised:
        environment({"EARSHOT_TABLE": "", "EARSHOT_SECRET": "company"})

    assert str(raised.value) == "not set: EARSHOT_TABLE, EARSHOT_POSTS_QUEUE, EARSHOT_PARKED_QUEUE"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("EARSHOT_CRM", "fax", f"EARSHOT_CRM: expected one of {', '.join(CRMS)}"),
        ("EARSHOT_ENGINE", "fast", "EARSHOT_ENGINE: expected one of durable, plain"),
        ("EARSHOT_OLDEST_POST_DAYS", "two", "EARSHOT_OLDEST_POST_DAYS: expected a number"),
        ("EARSHOT_OLDEST_POST_DAYS", "-1", "EARSHOT_OLDEST_POST_DAYS: expected a number from 0 to 36500"),
        ("EARSHOT_RULEBOOK_AGE_SECONDS", "soon", "EARSHOT_RULEBOOK_AGE_SECONDS: expected a number"),
        ("EARSHOT_SAMPLE_PERCENT", "nan", "EARSHOT_SAMPLE_PERCENT: expected a number from 0 to 36500"),
        ("EARSHOT_SAMPLE_PERCENT", "inf", "EARSHOT_SAMPLE_PERCENT: expected a number from 0 to 36500"),
    ],
)
def test_a_wrong_variable_is_told_with_what_would_be_right(name: str, value: str, said: str) -> None:
    with pytest.raises(SettingsError) as raised:
        environment({**NEEDED, name: value})

    assert str(raised.value) == said


def test_settings_are_read_by_platform_and_by_crm() -> None:
    found = company(
        {
            "platforms": {
                "facebook": {"secrets": ["new", "old"], "verify_token": "t", "accounts": ["10"], "handles": ["acme"]},
                "mastodon": {},
            },
            "crms": {"webhook": {"url": "https://crm.acme.example"}},
        }
    )

    assert found.platforms["facebook"] == PlatformSettings(("new", "old"), "t", frozenset({"10"}), frozenset({"acme"}))
    assert found.platforms["mastodon"] == PlatformSettings()
    assert found.crms == {"webhook": {"url": "https://crm.acme.example"}}


def test_no_settings_are_no_platforms_and_no_crms() -> None:
    assert company({}) == Company()


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ([], "settings"),
        (None, "settings"),
        ({"platforms": []}, "settings: 'platforms'"),
        ({"crms": "hush"}, "settings: 'platforms', 'crms' and 'channels'"),
        ({"platform": {}}, "settings.platform: there is no such setting; did you mean 'platforms'?"),
    ],
)
def test_wrong_settings_are_told_without_a_value(data: Any, where: str) -> None:
    with pytest.raises(SettingsError) as raised:
        company(data)

    assert str(raised.value).startswith(where)
    assert "hush" not in str(raised.value)


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ({"platforms": {"x": "hush"}}, "platforms.x: expected an object"),
        ({"platforms": {"x": {"secrets": "hush"}}}, "platforms.x.secrets: expected a list"),
        ({"platforms": {"x": {"secrets": ["hush", ""]}}}, "platforms.x.secrets: expected a list of texts, none"),
        ({"platforms": {"x": {"accounts": [12]}}}, "platforms.x.accounts"),
        ({"platforms": {"x": {"handles": {"hush": 1}}}}, "platforms.x.handles"),
        ({"platforms": {"x": {"verify_token": ["hush"]}}}, "platforms.x.verify_token: expected a text"),
        ({"platforms": {"x": {"on": "hush"}}}, "platforms.x.on: expected true or false"),
        ({"platforms": {"x": {"listens": "hush"}}}, "platforms.x.listens: expected a list"),
        ({"platforms": {"x": {"listens": []}}}, "platforms.x.listens: expected a kind at least; to hear nothing"),
        ({"platforms": {"x": {"listens": ["hush"]}}}, "platforms.x.listens: one of them is no kind of post; there are"),
        ({"platforms": {"x": {"listens": ["mention", "coment"]}}}, "platforms.x.listens: one of them is no kind of"),
        ({"crms": {"webhook": {"secret": ["hush"]}}}, "crms.webhook: expected an object of texts"),
    ],
)
def test_what_is_wrong_with_one_is_told_by_its_place_and_spares_the_others(data: Any, where: str) -> None:
    fine = {"line": {"secrets": ["s"]}}
    found = company({**data, "platforms": data.get("platforms", {}) | fine})

    ((place, said),) = found.wrong.items()
    assert where.startswith(place)
    assert said.startswith(where)
    assert "hush" not in said
    assert found.platforms == {"line": PlatformSettings(("s",))}
    assert found.crms == {}


def test_who_asks_for_what_is_set_wrong_is_told_so() -> None:
    found = company({"platforms": {"x": 1, "line": {}}, "crms": {"webhook": {"url": 1}, "roundup": {"url": "u"}}})

    assert (found.platform("line"), found.platform("slack")) == (PlatformSettings(), None)
    assert (found.crm("roundup"), found.crm("zendesk")) == ({"url": "u"}, None)
    with pytest.raises(SettingsError, match=r"^platforms\.x: expected an object"):
        found.platform("x")
    with pytest.raises(SettingsError, match=r"^crms\.webhook: expected an object of texts"):
        found.crm("webhook")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"platforms": {"facebok": {}}}, "platforms.facebok: there is no such setting; did you mean 'facebook'?"),
        ({"platforms": {"myspace": {}}}, "platforms.myspace: there is no such setting; there are facebook, x"),
        ({"platforms": {"x": {"secret": []}}}, "platforms.x.secret: there is no such setting; did you mean 'secrets'?"),
        ({"platforms": {"x": {"s" * 41: []}}}, "platforms.x....: there is no such setting; there are accounts, "),
        (
            {"platforms": {"x": {"listens": ["DMS"]}}},
            "platforms.x.listens: one of them is no kind of post; did you mean 'dm'?",
        ),
    ],
)
def test_what_there_is_not_is_told_with_the_nearest_there_is(data: Any, said: str) -> None:
    (told,) = company(data, ("facebook", "x")).wrong.values()

    assert told.startswith(said)


def test_what_few_platforms_need_is_read_and_checked_as_the_rest() -> None:
    given = {
        "follows": ["UC1"],
        "speaks_for": ["facebook"],
        "origins": ["events.example"],
        "callback": "https://a.example/webhooks/youtube",
        "hub": "https://hub.example",
    }

    found = company({"platforms": {"youtube": given}}).platforms["youtube"]

    assert found.follows == {"UC1"}
    assert found.speaks_for == {"facebook"}
    assert found.origins == {"events.example"}
    assert (found.callback, found.hub) == (given["callback"], given["hub"])
    for name in given:
        wrong = company({"platforms": {"youtube": {name: {"hush": 1}}}}).wrong
        assert wrong["platforms.youtube"].startswith(f"platforms.youtube.{name}: expected a ")


def test_a_platform_listens_to_the_kinds_it_is_told() -> None:
    found = company({"platforms": {"x": {"listens": ["mention", "dm"]}, "line": {}}}, ("line", "x")).platforms

    assert (found["x"].listens, found["line"].listens) == (frozenset({Kind.MENTION, Kind.DM}), None)


@pytest.mark.parametrize(
    ("settings", "answers"),
    [({}, False), ({"secrets": ["s"]}, True), ({"secrets": ["s"], "on": False}, False), ({"on": True}, False)],
)
def test_a_platform_answers_when_it_has_a_secret_and_is_not_off(settings: Any, answers: bool) -> None:
    assert company({"platforms": {"x": settings}}).platforms["x"].answers is answers


@pytest.mark.parametrize(
    ("keep", "why"),
    [
        ({"forget": 3}, "platforms.x.keep.forget: there is no such setting"),
        ({"ignore": 0}, "platforms.x.keep.ignore: expected a whole number of days, from 1 to 400"),
        ({"escalate": 7}, "platforms.x.keep.escalate: expected a whole number of days, from 14 to 400"),
        ({"ignore": "30"}, "platforms.x.keep.ignore: expected a whole number of days"),
        ({"ignore": True}, "platforms.x.keep.ignore: expected a whole number of days"),
        (30, "platforms.x.keep: expected an object of days by outcome"),
    ],
)
def test_how_long_to_keep_what_is_days_by_outcome_within_bounds(keep: object, why: str) -> None:
    found = company({"platforms": {"x": {"keep": keep}}})

    assert found.wrong["platforms.x"].startswith(why)


def test_how_long_to_keep_what_is_read() -> None:
    found = company({"platforms": {"x": {"keep": {"ignore": 30, "escalate": 400}}}})

    assert found.platforms["x"].keep == {"ignore": timedelta(days=30), "escalate": timedelta(days=400)}
