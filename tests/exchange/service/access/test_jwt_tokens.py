"""JWTs: what is right lets in; every known way around it does not (RFC 8725)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import time
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from civid.errors import FieldError, StorageFormatError, StorageWriteError
from civid.exchange.service import Refusal
from civid.exchange.service.access import Caller
from civid.exchange.service.access.jwt_tokens import LEEWAY, JwtTokens
from civid.exchange.service.access.office_tokens import OfficeTokens

RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
ED_KEY = ed25519.Ed25519PrivateKey.generate()
WHO = {"issuer": "https://login.example", "audience": "civid"}


def pem(key: Any) -> bytes:
    return bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def claims(**other: Any) -> dict[str, Any]:
    now = int(time.time())
    whole = {
        "iss": WHO["issuer"], "aud": WHO["audience"], "sub": "centre", "nbf": now - 5,
        "exp": now + 300, "scope": "identify openid", **other,
    }  # fmt: skip
    return {name: value for name, value in whole.items() if value is not None}


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    path = tmp_path / "jwks.json"
    documents = [
        {**RSAAlgorithm.to_jwk(RSA_KEY.public_key(), as_dict=True), "kid": "r", "use": "sig"},
        {**ECAlgorithm.to_jwk(EC_KEY.public_key(), as_dict=True), "kid": "e", "alg": "ES256"},
        {**OKPAlgorithm.to_jwk(ED_KEY.public_key(), as_dict=True), "kid": "o"},
    ]
    path.write_text(json.dumps({"keys": documents}))
    return path


def code(door: JwtTokens, token: str) -> str:
    with pytest.raises(Refusal) as caught:
        door.caller(token)
    assert caught.value.problem.status == 401
    return caught.value.problem.code


def test_each_kind_of_key_lets_in(keys: Path, tmp_path: Path) -> None:
    door = JwtTokens(keys, **WHO)
    for key, algorithm, name in (
        (RSA_KEY, "RS256", "r"), (RSA_KEY, "PS256", "r"), (EC_KEY, "ES256", "e"),
        (ED_KEY, "EdDSA", "o"),
    ):  # fmt: skip
        token = jwt.encode(claims(jti="7"), key, algorithm, headers={"kid": name})
        caller = door.caller(token)
        assert (caller.name, caller.scopes, caller.token) == (
            "centre", frozenset({"identify"}), "7",
        )  # fmt: skip
    for key, algorithm in ((RSA_KEY, "RS256"), (EC_KEY, "ES256"), (ED_KEY, "EdDSA")):
        (tmp_path / "key.pem").write_bytes(pem(key))
        single = JwtTokens(tmp_path / "key.pem", **WHO)
        assert single.caller(jwt.encode(claims(), key, algorithm)).name == "centre"


def test_scopes_are_written_in_three_ways(keys: Path) -> None:
    door = JwtTokens(keys, **WHO)
    for said in ({"scope": "read verify"}, {"scope": ["read", "verify", 7]},
                 {"scope": None, "scp": ["read", "verify"]}):  # fmt: skip
        token = jwt.encode(claims(**said), EC_KEY, "ES256", headers={"kid": "e"})
        assert door.caller(token).scopes == {"read", "verify"}
    token = jwt.encode(claims(scope=None), EC_KEY, "ES256", headers={"kid": "e"})
    assert door.caller(token).scopes == frozenset()


@pytest.mark.parametrize("missing", ["exp", "nbf", "iss", "aud", "sub"])
def test_what_has_to_be_there(keys: Path, missing: str) -> None:
    token = jwt.encode(claims(**{missing: None}), EC_KEY, "ES256", headers={"kid": "e"})
    assert code(JwtTokens(keys, **WHO), token).startswith("token")


def test_clocks_may_differ_by_little(keys: Path) -> None:
    door, now = JwtTokens(keys, **WHO), int(time.time())

    def made(**other: Any) -> str:
        return jwt.encode(claims(**other), EC_KEY, "ES256", headers={"kid": "e"})

    assert door.caller(made(exp=now - LEEWAY + 5)).name == "centre"
    assert code(door, made(exp=now - LEEWAY - 5)) == "token-expired"
    assert door.caller(made(nbf=now + LEEWAY - 5)).name == "centre"
    assert code(door, made(nbf=now + LEEWAY + 5)) == "token-early"
    assert code(door, made(aud=["payments", "tax"])) == "token-audience"
    assert door.caller(made(aud=["payments", "civid"])).name == "centre"
    assert code(door, made(iss="https://login.example.evil")) == "token-issuer"
    spoilt: list[dict[str, Any]] = [{"exp": "soon"}, {"nbf": []}, {"sub": ""}, {"sub": "a\nb"}]
    for other in spoilt:
        assert code(door, made(**other)) == "token"


def part(document: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).decode().rstrip("=")


def test_no_algorithm_and_foreign_algorithms_are_refused(keys: Path, tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_bytes(pem(RSA_KEY))
    for door in (JwtTokens(keys, **WHO), JwtTokens(tmp_path / "key.pem", **WHO)):
        for header in ({"alg": "none"}, {"alg": "None", "kid": "r"}, {"alg": "none", "kid": "e"}):
            for signature in ("", "AAAA"):
                assert code(door, f"{part(header)}.{part(claims())}.{signature}") == "token"
        for secret in (pem(RSA_KEY), pem(RSA_KEY).strip(), keys.read_bytes()):
            # HMAC with what everybody knows: the public key
            for name in ("r", "e", None):
                header = {"alg": "HS256", "typ": "JWT"} | ({} if name is None else {"kid": name})
                text = f"{part(header)}.{part(claims())}"
                sealed = hmac.digest(secret, text.encode(), hashlib.sha256)
                mark = base64.urlsafe_b64encode(sealed).decode().rstrip("=")
                assert code(door, f"{text}.{mark}") == "token"


def test_the_key_of_another_is_refused(keys: Path) -> None:
    door = JwtTokens(keys, **WHO)
    stranger = ec.generate_private_key(ec.SECP256R1())
    jwk = ECAlgorithm.to_jwk(stranger.public_key(), as_dict=True)
    for headers in ({"kid": "e"}, {"kid": "e", "jwk": jwk}, {"kid": "x"}, {},
                    {"kid": "e", "jku": "https://evil.example/keys"},
                    {"kid": "../../dev/null"}):  # fmt: skip
        assert code(door, jwt.encode(claims(), stranger, "ES256", headers=headers)) == "token"
    wrong = jwt.encode(claims(), EC_KEY, "ES256", headers={"kid": "r"})
    assert code(door, wrong) == "token"


def test_changed_claims_are_refused(keys: Path) -> None:
    door = JwtTokens(keys, **WHO)
    head, _, mark = jwt.encode(claims(), EC_KEY, "ES256", headers={"kid": "e"}).split(".")
    assert code(door, f"{head}.{part(claims(scope='administer'))}.{mark}") == "token"
    for nonsense in ("a.b.c", "..", f"{head}..", f"{head}.{'A' * 5000}.{mark}", "é.é.é"):
        assert code(door, nonsense) == "token"


def test_keys_are_exchanged_while_it_runs(keys: Path) -> None:
    door = JwtTokens(keys, **WHO)
    new = ec.generate_private_key(ec.SECP256R1())
    token = jwt.encode(claims(), new, "ES256", headers={"kid": "n"})
    assert code(door, token) == "token"
    document = {**ECAlgorithm.to_jwk(new.public_key(), as_dict=True), "kid": "n"}
    other = keys.with_name("new.json")
    other.write_text(json.dumps({"keys": [document]}))
    os.replace(other, keys)  # noqa: PTH105
    assert door.caller(token).name == "centre"
    old = jwt.encode(claims(), EC_KEY, "ES256", headers={"kid": "e"})
    assert code(door, old) == "token"


def private(key: Any) -> bytes:
    return bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b'{"keys":[]}',
        b'{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}',
        b'{"keys":[{"kty":"what"}]}',
        b'{"keys":7}',
        b"[" * 100_000,
        b"{" + b'"keys":[' * 50_000,
        private(EC_KEY),
        json.dumps({"keys": [ECAlgorithm.to_jwk(EC_KEY, as_dict=True)]}).encode(),
        pem(rsa.generate_private_key(public_exponent=65537, key_size=1024)),
        pem(ec.generate_private_key(ec.SECP256K1())),
        b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
        b"-----BEGIN PUBLIC KEY-----\nAAAA",
        bytes(2 << 20),
    ],
    ids=range(15),
)
def test_files_that_hold_no_key_to_trust(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "keys"
    path.write_bytes(data)
    with pytest.raises(StorageFormatError) as caught:
        JwtTokens(path, **WHO)
    assert "c2VjcmV0" not in str(caught.value)


def test_issuer_audience_and_file_are_needed(keys: Path) -> None:
    for missing in ("issuer", "audience"):
        with pytest.raises(FieldError):
            JwtTokens(keys, **{**WHO, missing: ""})
    with pytest.raises(StorageWriteError):
        JwtTokens(keys.with_name("none"), **WHO)


def test_one_subject_is_no_other(keys: Path, tmp_path: Path) -> None:
    """Neither by a long beginning that two have in common, nor by the name of an office."""
    door = JwtTokens(keys, **WHO)

    def caller(subject: str) -> Caller:
        return door.caller(jwt.encode(claims(sub=subject), EC_KEY, "ES256", {"kid": "e"}))

    assert caller("x" * 200 + "1").identity != caller("x" * 200 + "2").identity
    token = jwt.encode(claims(sub="x" * 256), EC_KEY, "ES256", {"kid": "e"})
    assert code(door, token) == "token"
    offices = OfficeTokens(tmp_path / "tokens.json")
    office = offices.caller(offices.add("clerk-7", ["read"], until=1 << 40))
    assert caller("clerk-7").name == office.name == office.identity
    assert caller("clerk-7").identity != office.identity


@pytest.mark.parametrize(
    ("header", "payload"),
    [
        ({"crit": ["exp"]}, {}),
        ({"crit": ["unheard-of"], "unheard-of": 1}, {}),
        ({"b64": False, "crit": ["b64"]}, {}),
        ({"kid": ["e"]}, {}),
        ({"kid": {"e": 1}}, {}),
        ({"kid": 7}, {}),
        ({"kid": "../../etc/passwd"}, {}),
        ({"kid": "e' OR '1'='1"}, {}),
        ({"kid": "E"}, {}),
        ({}, {"sub": ["centre"]}),
        ({}, {"sub": "a\nb"}),
        ({}, {"sub": "\u202eb"}),
        ({}, {"exp": float("nan")}),
        ({}, {"exp": float("inf")}),
        ({}, {"nbf": float("-inf")}),
        ({}, {"exp": "tomorrow"}),
        ({}, {"aud": {"civid": 1}}),
        ({}, {"aud": ["civi", "d", 7]}),
        ({}, {"iss": ["https://login.example"]}),
        ({}, {"iss": "https://login.example/"}),
    ],
)
def test_odd_headers_and_claims_are_refused(
    keys: Path, header: dict[str, Any], payload: dict[str, Any]
) -> None:
    head = {"alg": "ES256", "typ": "JWT", "kid": "e", **header}
    body = f"{part(head)}.{part(claims(**payload))}"
    signature = ECAlgorithm(ECAlgorithm.SHA256).sign(body.encode(), EC_KEY)
    ending = base64.urlsafe_b64encode(signature).rstrip(b"=").decode()
    assert code(JwtTokens(keys, **WHO), f"{body}.{ending}").startswith("token")
