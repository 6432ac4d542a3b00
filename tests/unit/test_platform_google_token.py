"""Google's tokens and keys; google-auth is asked whether it agrees."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from google.auth import jwt
from google.auth.exceptions import GoogleAuthError
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.config import PlatformSettings
from chalicelib.platforms.google_business import GoogleBusiness
from chalicelib.platforms.google_keys import AGAIN_SECONDS, GoogleKeys
from chalicelib.platforms.google_token import LONGEST_TOKEN, SHA256_PREFIX, RsaKey, keys_of, token
from chalicelib.ports.platform import WebhookRequest
from tests.contracts.platform_contract import ARRIVED, refuses, request

EMAIL, AUDIENCE = "push@acme.iam.gserviceaccount.com", "https://hooks.acme.example/webhooks/google-business"
WHO = f"oidc:{EMAIL} {AUDIENCE}"
CLAIMS: dict[str, Any] = {
    "iss": "https://accounts.google.com",
    "aud": AUDIENCE,
    "email": EMAIL,
    "email_verified": True,
    "sub": "1",
    "iat": int(ARRIVED.timestamp()) - 10,
    "exp": int(ARRIVED.timestamp()) + 3590,
}


@cache
def private(name: str, bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def packed(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value: int) -> str:
    return packed(value.to_bytes((value.bit_length() + 7) // 8))


def jwks(*names: str, bits: int = 2048) -> bytes:
    public = {name: private(name, bits).public_key().public_numbers() for name in names}
    keys = [
        {"kty": "RSA", "alg": "RS256", "kid": name, "n": number(of.n), "e": number(of.e)} for name, of in public.items()
    ]
    return json.dumps({"keys": [*keys, {"kty": "EC", "kid": "ec"}]}).encode()


def written(claims: dict[str, Any] = CLAIMS, key: str = "k1", bits: int = 2048, **header: Any) -> str:
    about = {"alg": "RS256", "kid": key, "typ": "JWT", **header}
    content = f"{packed(json.dumps(about).encode())}.{packed(json.dumps(claims).encode())}"
    return f"{content}.{packed(private(key, bits).sign(content.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


@dataclass
class Google:
    """Google's keys, whose answers and clock a test sets; `asked` counts."""

    answer: Callable[[], tuple[bytes, str]] = lambda: (jwks("k1"), "public, max-age=3600")
    time: float = 0.0
    asked: int = 0
    keys: GoogleKeys = field(init=False)

    def __post_init__(self) -> None:
        self.keys = GoogleKeys(self.fetch, lambda: self.time)

    def fetch(self) -> tuple[bytes, str]:
        self.asked += 1
        return self.answer()

    def platform(self, *secrets: str) -> GoogleBusiness:
        return GoogleBusiness(PlatformSettings(secrets or (WHO,)), self.keys)


def unreachable() -> tuple[bytes, str]:
    raise OSError("no route")


def push(text: str) -> WebhookRequest:
    return request(b"{}", {"authorization": f"Bearer {text}"})


def test_a_push_that_google_vouches_for_is_believed() -> None:
    google = Google()

    google.platform().verify(push(written()))
    google.platform("oidc:other@acme.example https://other", WHO).verify(push(written()))
    assert google.asked == 1, "keys are kept"


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "https://else.example"},
        {"aud": [AUDIENCE]},
        {"email": "mallory@evil.iam.gserviceaccount.com"},
        {"email_verified": False},
        {"email_verified": "true"},
        {"iss": "https://accounts.example"},
        {"exp": int(ARRIVED.timestamp()) - 61},
        {"exp": str(int(ARRIVED.timestamp()) + 60)},
        {"exp": None},
        {"iat": int(ARRIVED.timestamp()) + 61},
        {"iat": True},
    ],
    ids=str,
)
def test_a_token_that_says_anything_else_is_refused_without_asking_google(changed: dict[str, Any]) -> None:
    google = Google()

    refuses(google.platform(), push(written(CLAIMS | changed)))
    assert google.asked == 0


@pytest.mark.parametrize(
    "header", [{"alg": "none"}, {"alg": "HS256"}, {"kid": None}, {"kid": 7}, {"crit": ["exp"]}], ids=str
)
def test_no_other_algorithm_is_let_in(header: dict[str, Any]) -> None:
    refuses(Google().platform(), push(written(**header)))


@pytest.mark.parametrize("secret", ["oidc:", "oidc: ", f"oidc:{EMAIL}", f"oidc: {AUDIENCE}", f"{EMAIL} {AUDIENCE}"])
def test_a_setting_without_account_or_audience_lets_nobody_in(secret: str) -> None:
    for changed in ({}, {"aud": ""}, {"email": ""}):
        refuses(Google().platform(secret), push(written(CLAIMS | changed)))


@pytest.mark.thorough
def test_neither_another_key_nor_a_weak_one_nor_half_a_signature_is_believed() -> None:
    google, good = Google(), written()
    stranger = written(key="k2")
    weak = Google(lambda: (jwks("weak", bits=1024), ""))

    refuses(google.platform(), push(stranger))
    refuses(google.platform(), push(good.rpartition(".")[0] + "." + stranger.rpartition(".")[2]))
    refuses(google.platform(), push(good[:-4]))
    refuses(google.platform(), push(good.rpartition(".")[0] + "."))
    refuses(weak.platform(), push(written(key="weak", bits=1024)))


def test_a_signature_whose_padding_is_not_whole_is_refused() -> None:
    """Bleichenbacher's forgery: with a public exponent of 3, a verifier that parses the padding can be fooled."""
    numbers = private("k1", 2048).public_key().public_numbers()
    text = written()
    content, _, signature = text.rpartition(".")
    raw = base64.urlsafe_b64decode(signature + "==")

    assert RsaKey(numbers.n, numbers.e).signed(content.encode(), raw)
    assert not RsaKey(numbers.n, numbers.e).signed(content.encode(), b"\x00" + raw)
    assert not RsaKey(numbers.n, numbers.e).signed(content.encode(), (int.from_bytes(raw) + numbers.n).to_bytes(257))
    assert not RsaKey(numbers.n, 3).signed(content.encode(), cube_root(short_padding(content)).to_bytes(256))


def short_padding(content: str) -> int:
    """An encoded message whose padding ends early and whose rest is the forger's to choose."""
    ending = SHA256_PREFIX + hashlib.sha256(content.encode()).digest()
    begun = b"\x00\x01" + b"\xff" * 8 + b"\x00" + ending
    return int.from_bytes(begun + b"\xff" * (256 - len(begun)))


def cube_root(of: int) -> int:
    """The largest whole number whose cube is not larger: the cube begins as the message does."""
    low, high = 0, 1 << 700
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle**3 <= of else (low, middle)
    return low


@pytest.mark.parametrize(
    "text", ["", ".", "..", "a.b.c", "é.é.é", "bnVsbA.bnVsbA.bnVsbA", "x" * LONGEST_TOKEN + ".y.z", "\ud800"]
)
def test_what_is_no_token_is_none(text: str) -> None:
    assert token(text) is None
    refuses(Google().platform(), push(text))


def test_while_google_is_silent_old_keys_are_believed_and_nobody_can_make_us_ask_more_than_once_a_minute() -> None:
    google = Google()
    google.platform().verify(push(written()))
    google.answer, google.time = unreachable, 4000.0

    for _ in range(5):
        google.platform().verify(push(written()))
        refuses(google.platform(), push(written(key="k2")))
    assert google.asked == 2
    google.answer, google.time = lambda: (jwks("k2"), "max-age=60"), google.time + AGAIN_SECONDS

    google.platform().verify(push(written(key="k2")))
    refuses(google.platform(), push(written()))
    assert google.asked == 3


def test_a_new_key_is_looked_for_before_the_old_set_is_out_of_date() -> None:
    google = Google()
    google.platform().verify(push(written()))
    google.answer, google.time = lambda: (jwks("k1", "k2"), "max-age=3600"), 61.0

    google.platform().verify(push(written(key="k2")))
    assert google.asked == 2


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"keys": 1}', b'{"keys": [{"kty": "RSA"}]}', b"\xff"])
def test_keys_that_cannot_be_read_are_no_keys_and_no_crash(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"not a set of keys|Expecting value|codec can't decode"):
        keys_of(body)
    refuses(Google(lambda: (body, "")).platform(), push(written()))


NOW = datetime.now(UTC)  # google-auth has no clock to set
TODAY = CLAIMS | {"iat": int(NOW.timestamp()) - 10, "exp": int(NOW.timestamp()) + 3590}
WRONG = st.sampled_from([{}, {"aud": "x"}, {"exp": int(NOW.timestamp()) - 500}, {"iat": int(NOW.timestamp()) + 500}])


@pytest.mark.thorough
@settings(max_examples=150, deadline=None, derandomize=True)
@given(WRONG, st.sampled_from(["k1", "k2"]), st.integers(0, 2000), st.sampled_from("Aa0_-.="), st.booleans())
def test_what_we_believe_googles_own_library_believes(
    claims: dict[str, Any], key: str, place: int, letter: str, is_tampered: bool
) -> None:
    good = written(TODAY | claims, key)
    place %= len(good)
    text = good[:place] + letter + good[place + 1 :] if is_tampered else good

    # Of a text that is no strict base64url it skips characters: there we are stricter.
    assert ours(text) == theirs(text) or (theirs(text) and not is_strict(text))


def test_a_good_token_is_good_to_googles_own_library() -> None:
    assert ours(written(TODAY))
    assert theirs(written(TODAY))


def ours(text: str) -> bool:
    return Google().platform().is_trusted(replace(push(text), received_at=NOW))


def theirs(text: str) -> bool:
    public = private("k1", 2048).public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    try:
        return bool(jwt.decode(text, certs={"k1": pem}, audience=AUDIENCE))  # type: ignore[no-untyped-call]
    except (GoogleAuthError, ValueError):
        return False


def is_strict(text: str) -> bool:
    """Whether each part is what its bytes would be written as."""
    try:
        return all(packed(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))) == part for part in text.split("."))
    except ValueError:
        return False


def test_a_later_arrival_finds_the_token_out_of_date() -> None:
    refuses(Google().platform(), replace(push(written()), received_at=ARRIVED + timedelta(hours=2)))
