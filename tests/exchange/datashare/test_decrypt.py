"""Decryption against an encryptor of its own, written from MOSIP's description."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.serialization import pkcs12
from hypothesis import given
from hypothesis import strategies as st

from civid.errors import FieldError
from civid.exchange.datashare import (
    MosipDecryptor,
    NoDecryptor,
    UndecipherableError,
    opened,
    read_private_key,
)

KEY = rsa.generate_private_key(65537, 2048)
OTHER = rsa.generate_private_key(65537, 2048)
XML = "<BIR>Tiếng Việt</BIR>".encode()
LAYOUTS = ("VER_R2", "older", "older, no thumbprint", "older, vector of 32")


def gcm(secret: bytes, nonce: bytes, data: bytes, additional: bytes) -> bytes:
    """By the low-level cipher, where the code under test has the high-level one."""
    cipher = Cipher(algorithms.AES(secret), modes.GCM(nonce)).encryptor()
    cipher.authenticate_additional_data(additional)
    return cipher.update(data) + cipher.finalize() + cipher.tag


def sealed(data: bytes, layout: str, key: rsa.RSAPrivateKey = KEY) -> bytes:
    secret = os.urandom(32)
    oaep = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
    wrapped = key.public_key().encrypt(secret, oaep)
    thumbprint = os.urandom(32)
    if layout == "VER_R2":
        aad = os.urandom(32)
        block = b"VER_R2" + thumbprint + wrapped
        rest = aad + gcm(secret, aad[:12], data, aad)
        return base64.urlsafe_b64encode(block + b"#KEY_SPLITTER#" + rest).rstrip(b"=")
    vector = os.urandom(32 if "32" in layout else 16)
    block = wrapped if "no thumbprint" in layout else thumbprint + wrapped
    rest = gcm(secret, vector, data, b"") + vector
    return base64.b64encode(block + b"#KEY_SPLITTER#" + rest)


@pytest.mark.parametrize("layout", LAYOUTS)
@given(data=st.binary(max_size=200))
def test_what_was_sealed_is_opened(layout: str, data: bytes) -> None:
    assert MosipDecryptor(OTHER, KEY).decrypt(sealed(data, layout)) == data


@pytest.mark.parametrize("layout", LAYOUTS)
def test_for_another_key(layout: str) -> None:
    with pytest.raises(UndecipherableError, match="not for a key of ours"):
        MosipDecryptor(OTHER).decrypt(sealed(XML, layout))


@pytest.mark.parametrize("layout", LAYOUTS)
@given(where=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_any_changed_bit_that_counts_is_noticed(layout: str, where: int, bit: int) -> None:
    text = sealed(XML, layout)
    raw = bytearray(base64.urlsafe_b64decode(text + b"=="[: -len(text) % 4])
                    if layout == "VER_R2" else base64.b64decode(text))  # fmt: skip
    where %= len(raw)
    raw[where] ^= 1 << bit
    try:
        found = MosipDecryptor(KEY).decrypt(base64.b64encode(raw))
    except UndecipherableError:
        return
    assert found == XML  # the thumbprint only says which key; nothing else may pass
    first = 6 if layout == "VER_R2" else 0
    assert first <= where < first + 32


@given(st.binary(max_size=400))
def test_anything_else_is_refused(data: bytes) -> None:
    for tried in (data, base64.b64encode(data), base64.b64encode(b"VER_R2" + data),
                  base64.b64encode(data + b"#KEY_SPLITTER#" + data)):  # fmt: skip
        with pytest.raises(UndecipherableError):
            MosipDecryptor(KEY).decrypt(tried)


def test_lines_and_both_alphabets_are_read() -> None:
    text = sealed(XML, "VER_R2")
    broken = b"\r\n".join(text[at : at + 76] for at in range(0, len(text), 76)) + b"\n"
    assert MosipDecryptor(KEY).decrypt(broken) == XML
    assert MosipDecryptor(KEY).decrypt(text.replace(b"-", b"+").replace(b"_", b"/")) == XML


def test_xml_needs_no_key() -> None:
    assert opened(b"\xef\xbb\xbf\n <BIR/>", NoDecryptor()) == b"\xef\xbb\xbf\n <BIR/>"
    with pytest.raises(UndecipherableError, match="no key was given"):
        opened(sealed(XML, "VER_R2"), NoDecryptor())
    assert opened(sealed(XML, "older"), MosipDecryptor(KEY)) == XML


def test_keys_come_from_pem_and_pkcs12(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.touch(0o600)
    for password in (None, "mật khẩu"):
        seal: serialization.KeySerializationEncryption = (
            serialization.BestAvailableEncryption(password.encode())
            if password
            else serialization.NoEncryption()
        )
        pem = KEY.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, seal)
        for data in (pem, pkcs12.serialize_key_and_certificates(b"a", KEY, None, None, seal)):
            file.write_bytes(data)
            found = read_private_key(file, password)
            assert found.private_numbers() == KEY.private_numbers()
            if password:
                for wrong in (None, "another"):
                    with pytest.raises(FieldError, match="password"):
                        read_private_key(file, wrong)
    file.chmod(0o640)
    with pytest.raises(FieldError, match="others may read its file: chmod 600 it"):
        read_private_key(file, "mật khẩu")


def test_other_keys_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "key"
    for key in (ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 1024)):
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        with pytest.raises(FieldError, match="RSA key of at least 2048 bits"):
            read_private_key(file)
    for data in (b"", b"nonsense", b"0" * 2_000_000):
        file.write_bytes(data)
        with pytest.raises(FieldError):
            read_private_key(file)
