"""Encrypts a private key as standard PKCS#8 (RFC 5958, RFC 8018) with a passphrase that takes long to guess.

The packages at hand write this format with 2,048 rounds, which a stolen file outlasts for too short a time. Every
program that reads PKCS#8, OpenSSL for one, reads what is written here.
"""

from __future__ import annotations

import base64
import hashlib
import os
import textwrap

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

ROUNDS = 600_000
"""How often the passphrase is hashed: a third of a second for its owner, and for each guess."""

_SEQUENCE, _INTEGER, _OCTETS = 0x30, 0x02, 0x04
_PBES2 = bytes.fromhex("06092a864886f70d01050d")
_PBKDF2 = bytes.fromhex("06092a864886f70d01050c")
_HMAC_SHA256 = bytes.fromhex("300c06082a864886f70d02090500")
_AES256_CBC = bytes.fromhex("060960864801650304012a")


def encrypted(key: bytes, passphrase: str) -> bytes:
    """The PEM text of a key, given as the DER of its plain PKCS#8, shorter than 200 bytes as Ed25519 keys are."""
    salt, start = os.urandom(16), os.urandom(16)
    secret = hashlib.pbkdf2_hmac("sha256", passphrase.encode(), salt, ROUNDS, 32)
    derivation = _der(
        _SEQUENCE, _der(_OCTETS, salt), _der(_INTEGER, ROUNDS.to_bytes(ROUNDS.bit_length() // 8 + 1)), _HMAC_SHA256
    )
    scheme = _der(
        _SEQUENCE,
        _PBES2,
        _der(
            _SEQUENCE,
            _der(_SEQUENCE, _PBKDF2, derivation),
            _der(_SEQUENCE, _AES256_CBC, _der(_OCTETS, start)),
        ),
    )
    return _pem(_der(_SEQUENCE, scheme, _der(_OCTETS, _hidden(key, secret, start))))


def _hidden(key: bytes, secret: bytes, start: bytes) -> bytes:
    padder = PKCS7(128).padder()
    cipher = Cipher(AES256(secret), CBC(start)).encryptor()
    return cipher.update(padder.update(key) + padder.finalize()) + cipher.finalize()


def _der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    length = bytes([len(content)]) if len(content) < 0x80 else bytes([0x81, len(content)])
    return bytes([tag]) + length + content


def _pem(content: bytes) -> bytes:
    lines = textwrap.wrap(base64.b64encode(content).decode(), 64)
    return "\n".join(
        ["-----BEGIN ENCRYPTED PRIVATE KEY-----", *lines, "-----END ENCRYPTED PRIVATE KEY-----", ""]
    ).encode()
