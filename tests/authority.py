"""A time-stamp authority of one's own, by OpenSSL's command: no network, no trust in anybody."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

_CONFIG = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[stamps]
basicConstraints = CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[req]
distinguished_name = name
[name]
"""


@dataclass(frozen=True)
class Authority:
    """Its folder; `roots` is the PEM file by which others know it."""

    folder: Path

    @property
    def roots(self) -> Path:
        return self.folder / "root.pem"

    def answer(self, request: Path, to: Path, *more: object) -> Path:
        """Answer a request as the authority does."""
        here = self.folder
        _openssl(
            *("ts", "-reply", "-config", here / "config", "-queryfile", request, "-out", to, *more),
            *("-signer", here / "stamps.pem", "-inkey", here / "stamps.key"),
        )
        return to

    def agrees(self, snapshot: Path, answer: Path) -> bool:
        """What OpenSSL says of an answer: the second opinion."""
        asked = ("ts", "-verify", "-data", snapshot, "-in", answer, "-CAfile", self.roots)
        return subprocess.run([_command(), *map(str, asked)], capture_output=True, check=False).returncode == 0


def make(folder: Path) -> Authority:
    """A root, and an authority that it vouches for."""
    folder.mkdir()
    config, new_key = folder / "config", ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    config.write_text(_CONFIG.format(folder=folder), encoding="utf-8")
    (folder / "serial").write_text("01\n", encoding="utf-8")
    root = ("-keyout", folder / "root.key", "-out", folder / "root.pem", "-subj", "/CN=Root of a test", "-days", 3650)
    _openssl("req", "-x509", *new_key, *root, "-config", config, "-extensions", "root")
    asked = ("-keyout", folder / "stamps.key", "-out", folder / "asked.csr", "-subj", "/CN=Clock of a test")
    _openssl("req", *new_key, *asked, "-config", config)
    vouched = ("-CA", folder / "root.pem", "-CAkey", folder / "root.key", "-CAcreateserial", "-days", 3650)
    extended = ("-extfile", config, "-extensions", "stamps")
    _openssl("x509", "-req", "-in", folder / "asked.csr", *vouched, *extended, "-out", folder / "stamps.pem")
    return Authority(folder)


def _openssl(*arguments: object) -> None:
    subprocess.run([_command(), *map(str, arguments)], capture_output=True, check=True)


def _command() -> str:
    found = shutil.which("openssl")
    assert found, "the tests need OpenSSL's command"
    return found
