"""The data folder: held by one, found by others, private."""

import os
import subprocess

import msgspec
import pytest

from app.embedded.data_folder import DataFolder, RunningInstance, connected, running_instance
from app.embedded.errors import DiskFullError, FolderInUseError, FolderUnusableError
from app.embedded.processes import started_at
from app.settings import Settings


@pytest.fixture
def data(folder):
    """A data folder that is made."""
    one = DataFolder.at(folder / "data")
    one.create()
    return one


def instance(pid, started):
    """Describe something that runs as process `pid`."""
    return RunningInstance(
        pid=pid,
        started=started,
        port=8000,
        address="http://localhost:8000",
        database_url="postgresql://a:b@127.0.0.1:1/c",
        redis_url="redis://:d@127.0.0.1:2/0",
        pids={"web": 5},
    )


def test_a_folder_is_held_by_one_at_a_time(data):
    """Whoever comes second is refused, with the number of the process that holds the folder; later it is free."""
    with data.held(), pytest.raises(FolderInUseError, match=rf"process {os.getpid()}\).*--data"), data.held():
        pass
    with data.held():
        pass


def test_what_runs_is_found_while_it_runs(data):
    """Other commands find the servers through the folder, with the files that say so for its owner alone."""
    assert running_instance(data.path) is None
    with data.held():
        data.say_running(instance(os.getpid(), started_at(os.getpid())))
        assert running_instance(data.path).database_url == "postgresql://a:b@127.0.0.1:1/c"
        assert data.run_file.stat().st_mode & 0o777 == 0o600
    assert running_instance(data.path) is None


def test_what_a_crash_left_is_not_taken_for_running(data):
    """A run file of a process that has ended, or whose number is another's today, says nothing."""
    ended = subprocess.Popen(["true"])
    ended.wait()
    for pid, started in ((ended.pid, "then"), (os.getpid(), "before the restart")):
        data.say_running(instance(pid, started))
        assert running_instance(data.path) is None
    data.run_file.write_text("{half")
    assert running_instance(data.path) is None


def test_unset_settings_come_from_what_runs(data):
    """Commands fill in URLs and key from the folder, and what the environment says comes first."""
    assert connected(Settings(data=data.path)) == Settings(data=data.path)
    data.say_running(instance(os.getpid(), started_at(os.getpid())))
    key = data.kept_secret_key()
    found = connected(Settings(data=data.path, redis_url="redis://elsewhere"))
    assert found.database_url == "postgresql://a:b@127.0.0.1:1/c"
    assert (found.redis_url, found.secret_key) == ("redis://elsewhere", key)


def test_the_secret_key_is_drawn_once_and_private(data):
    """The generated key stays the same, and only the owner may read it."""
    key = data.kept_secret_key()
    assert len(key) >= 32
    assert data.kept_secret_key() == key
    assert data.secret_key.stat().st_mode & 0o777 == 0o600
    assert Settings.from_environment({"OPEN_IMPACT_SECRET_KEY": key}).secret_key == key


def test_a_folder_that_cannot_be_made_is_explained(folder):
    """Where the folder cannot be, one sentence says so and what to do."""
    (folder / "file").write_text("in the way")
    with pytest.raises(FolderUnusableError, match=r"file.*--data"):
        DataFolder.at(folder / "file" / "data").create()


def test_too_little_room_is_said_at_the_start(folder, monkeypatch):
    """A disk that is almost full is told before anything starts to fail on it."""
    monkeypatch.setattr("app.embedded.data_folder.ROOM_NEEDED", 2**62)
    with pytest.raises(DiskFullError, match="MB are free"):
        DataFolder.at(folder / "data").create()


def test_the_run_file_is_plain_json(data):
    """Scripts may read it."""
    data.say_running(instance(1, "x"))
    assert msgspec.json.decode(data.run_file.read_bytes())["address"] == "http://localhost:8000"
