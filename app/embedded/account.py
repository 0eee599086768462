"""The account that embedded servers run on when Open Impact is started by root, which PostgreSQL refuses."""

import os
import pwd
import shutil
import stat
import struct
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

ACCOUNT_NAME = "open-impact"
_CREATE_SECONDS = 10
_SEARCH = 1

# The kernel's form of an access control list: a version, then tag, permissions and id of each entry.
_ACL = "system.posix_acl_access"
_ACL_HEADER = struct.Struct("<I")
_ACL_ENTRY = struct.Struct("<HHI")
_ACL_VERSION = 2
_OWNER, _USER, _GROUP_OF_FILE, _GROUP, _MASK, _OTHERS = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
_NO_ID = 0xFFFFFFFF


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A user of the operating system, by number, with its own group and no others."""

    uid: int
    gid: int


def account_for(data: Path) -> Account | None:
    """Choose who runs a server on `data`; None is the present user, right for everybody but root.

    Data that is already there stays with its owner, whatever that account is called today: a container
    made anew on an old volume may number its accounts differently.
    """
    if os.geteuid() != 0:
        return None
    with suppress(FileNotFoundError):
        found = data.stat()
        if found.st_uid != 0:
            return Account(uid=found.st_uid, gid=found.st_gid)
    entry = _entry(ACCOUNT_NAME) or _created(ACCOUNT_NAME) or pwd.getpwnam("nobody")
    return Account(uid=entry.pw_uid, gid=entry.pw_gid)


def give(folder: Path, account: Account | None) -> None:
    """Make `folder` private to `account`, with all it holds."""
    folder.chmod(0o700)
    if account is None or folder.stat().st_uid == account.uid:
        return
    for path in (folder, *folder.rglob("*")):
        os.chown(path, account.uid, account.gid, follow_symlinks=False)


def let_reach(path: Path, account: Account | None) -> None:
    """Let `account` pass through the folders above `path`: pass, not list, and nobody else where possible."""
    if account is None:
        return
    for folder in path.resolve().parents:
        if not _may_search(folder.stat(), account):
            _let_search(folder, account)


def let_read(tree: Path, account: Account | None) -> None:
    """Let `account` read and run the files of a program's `tree`, which a strict umask may have closed."""
    let_reach(tree, account)
    if account is None or tree.stat().st_mode & stat.S_IROTH:
        return
    for path in (tree, *tree.rglob("*")):
        mode = path.stat().st_mode
        path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))


def _entry(name: str) -> pwd.struct_passwd | None:
    with suppress(KeyError):
        return pwd.getpwnam(name)
    return None


def _created(name: str) -> pwd.struct_passwd | None:
    """Create a system account without a home or a shell; None where the system has no tool for it."""
    for command in (
        ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name],
        ["adduser", "-S", "-D", "-H", name],  # BusyBox
    ):
        if tool := shutil.which(command[0]):
            with suppress(subprocess.TimeoutExpired):
                subprocess.run(  # noqa: S603  # The words are ours alone.
                    [tool, *command[1:]], check=False, capture_output=True, timeout=_CREATE_SECONDS
                )
            if entry := _entry(name):
                return entry
    return None


def _may_search(folder: os.stat_result, account: Account) -> bool:
    if folder.st_uid == account.uid:
        return bool(folder.st_mode & stat.S_IXUSR)
    if folder.st_gid == account.gid:
        return bool(folder.st_mode & stat.S_IXGRP)
    return bool(folder.st_mode & stat.S_IXOTH)


def _let_search(folder: Path, account: Account) -> None:
    """Add one entry to the folder's access control list; where there are none, open it to be passed by all."""
    mode = folder.stat().st_mode
    try:
        os.setxattr(folder, _ACL, _with_search(_list_of(folder, mode), account))
    except (OSError, AttributeError):
        folder.chmod(mode | stat.S_IXOTH)


def _list_of(folder: Path, mode: int) -> list[tuple[int, int, int]]:
    try:
        stored = os.getxattr(folder, _ACL)
    except OSError:
        return [
            (_OWNER, mode >> 6 & 7, _NO_ID),
            (_GROUP_OF_FILE, mode >> 3 & 7, _NO_ID),
            (_OTHERS, mode & 7, _NO_ID),
        ]
    return list(_ACL_ENTRY.iter_unpack(stored[_ACL_HEADER.size :]))


def _with_search(entries: list[tuple[int, int, int]], account: Account) -> bytes:
    """Write the list with `account` allowed to search; the mask bounds what everyone but owner and others may do."""
    kept = [entry for entry in entries if entry[0] != _MASK and entry[::2] != (_USER, account.uid)]
    granted = [*kept, (_USER, _SEARCH, account.uid)]
    mask = 0
    for tag, permissions, _ in granted:
        mask |= permissions if tag in {_USER, _GROUP_OF_FILE, _GROUP} else 0
    return _ACL_HEADER.pack(_ACL_VERSION) + b"".join(
        _packed(sorted([*granted, (_MASK, mask, _NO_ID)], key=_order))
    )


def _order(entry: tuple[int, int, int]) -> tuple[int, int]:
    return entry[0], entry[2]


def _packed(entries: list[tuple[int, int, int]]) -> Iterator[bytes]:
    return (_ACL_ENTRY.pack(*entry) for entry in entries)
