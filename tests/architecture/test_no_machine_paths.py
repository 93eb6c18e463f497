"""No file names a path of somebody's machine, a package host, or holds a private key."""

import re
from pathlib import Path

from tests.architecture.sources import kept_files, name_of

# Written apart so that this file does not name what it looks for.
_paths = [
    "/" + "work/",
    "/" + "farm/",
    "/" + "root/",
    "/" + r"home/[a-z]\w{2,}/",
    "/" + r"Users/[A-Za-z]\w{2,}/",
    "/" + "tmp/(?:zh|bash_jobs|studio)",
]
_hosts = [
    "pypi" + r"\.org",
    "python" + "hosted",
    "registry" + r"\.npmjs",
    "deb" + r"\.debian",
    "--(?:extra-)?index" + "-url",
    "--trusted" + "-host",
]
_secrets = ["-----BEGIN [A-Z ]*PRIVATE" + " KEY-----"]
UNWANTED = re.compile("|".join(f"(?:{part})" for part in _paths + _hosts + _secrets))


def findings(file: Path) -> list[str]:
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return []  # a picture or a font
    return [f"{name_of(file)}: {match.group(0)}" for match in UNWANTED.finditer(text)]


def test_no_file_names_a_machine_or_a_package_host() -> None:
    files = list(kept_files())
    assert len(files) > 50
    assert [found for file in files for found in findings(file)] == []


def test_the_locks_have_a_digest_for_every_package() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = next(file for file in kept_files() if name_of(file) == name).read_text().splitlines()
        pins = [number for number, line in enumerate(lines) if re.match(r"[a-z0-9]", line)]
        assert len(pins) > 20
        for number in pins:
            assert "==" in lines[number]
            assert lines[number + 1].strip().startswith("--hash=sha256:")
