"""Places where a book is not safe are told."""

from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from store import places


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/home/ann/Dropbox/estate.elpis", "Dropbox"),
        ("/Users/ann/Library/Mobile Documents/x/estate.elpis", "iCloud Drive"),
        ("/home/ann/Nextcloud/2026/estate.elpis", "Nextcloud"),
        ("/home/ann/OneDrive - Contoso/estate.elpis", "OneDrive"),
        ("/home/ann/estates/estate.elpis", None),
        ("/home/ann/boxes/estate.elpis", None),
        ("/home/ann/estates/Dropbox", None),
    ],
)
def test_a_folder_that_a_program_copies_is_known_by_its_name(path, name):
    assert places.synced(PurePosixPath(path)) == name


def test_a_folder_of_windows_is_known_too():
    assert places.synced(PureWindowsPath(r"C:\Users\ann\OneDrive\estate.elpis")) == "OneDrive"
    assert places.is_remote(PureWindowsPath(r"\\server\share\estate.elpis"))


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/licenses /mnt/licenses nfs4 rw 0 0
//server/my\\040share /mnt/my\\040share cifs rw 0 0
/dev/sdb1 /mnt/licenses/local ext4 rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "remote"),
    [
        ("/home/ann/estate.elpis", False),
        ("/mnt/licenses/estate.elpis", True),
        ("/mnt/licenses/2026/estate.elpis", True),
        ("/mnt/licenses/local/estate.elpis", False),
        ("/mnt/my share/estate.elpis", True),
    ],
)
def test_a_disk_of_another_machine_is_known_by_its_file_system(path, remote, tmp_path):
    (tmp_path / "mounts").write_text(MOUNTS)
    assert places.is_remote(PurePosixPath(path), tmp_path / "mounts") is remote


def test_what_is_said_names_the_way_out(tmp_path):
    (tmp_path / "mounts").write_text(MOUNTS)
    assert "that Dropbox copies" in places.warning(tmp_path / "Dropbox" / "estate.elpis")
    assert "disk of another machine" in places.warning(Path("/mnt/licenses/estate.elpis"), tmp_path / "mounts")
    assert places.warning(tmp_path / "estate.elpis", tmp_path / "no mounts") == ""
