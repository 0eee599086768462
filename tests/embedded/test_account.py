"""The servers' own account, when root starts them: it reaches its data and nothing else is opened."""

import os
import subprocess

import pytest

from app.embedded.account import Account, account_for, give, let_reach

STRANGER, OTHER = Account(uid=54_321, gid=54_321), Account(uid=54_322, gid=54_322)
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may act for other accounts")


def can(account, *command):
    """Say whether `account` succeeds with a command."""
    ran = subprocess.run(
        command, check=False, user=account.uid, group=account.gid, extra_groups=[], capture_output=True
    )
    return ran.returncode == 0


@needs_root
def test_one_account_is_let_through_a_closed_folder(folder):
    """The account passes to its own folder; it does not list what lies above, and others stay outside."""
    home = folder / "closed" / "home"
    data = home / "data"
    data.mkdir(parents=True)
    (home / "letter").write_text("private")
    for closed in (folder / "closed", home):
        closed.chmod(0o700)
    give(data, STRANGER)
    for _ in range(2):
        let_reach(data, STRANGER)
    assert can(STRANGER, "ls", data)
    assert not can(STRANGER, "ls", home)
    assert not can(OTHER, "stat", data)
    let_reach(data, OTHER)
    assert can(STRANGER, "ls", data)
    assert can(OTHER, "stat", data)


@needs_root
def test_data_stays_with_its_owner(folder):
    """Data that is there is run by whoever owns it; new data by an account that is not root."""
    os.chown(folder, STRANGER.uid, STRANGER.gid)
    assert account_for(folder) == STRANGER
    assert account_for(folder / "new").uid != 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root has an account chosen")
def test_an_ordinary_user_runs_servers_as_themselves(folder):
    """Nobody but root changes accounts."""
    assert account_for(folder) is None
