"""An engine at a commit: checked out beside the user's own tree, which stays as it is, and gone afterwards."""

import subprocess
from pathlib import Path

import pytest

from harness.base.errors import SetupError
from harness.compose.commits import checked_out
from harness.evidence.host import source


def git(folder, *words):
    own = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "init.defaultBranch=main"]
    done = subprocess.run(["git", "-C", str(folder), *own, *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path):
    """Two commits of an engine in a folder of its repository, and a change that was not committed."""
    top = tmp_path / "engine"
    (top / "src").mkdir(parents=True)
    git(top, "init", "--quiet")
    for text in ("first", "second"):
        (top / "src" / "engine.toml").write_text(text)
        git(top, "add", ".")
        git(top, "commit", "--quiet", "-m", text)
    (top / "src" / "engine.toml").write_text("being changed")
    return top


def test_an_engine_is_as_it_was_at_the_commit_and_the_users_tree_stays_as_it_is(repository):
    path = repository / "src" / "engine.toml"
    before = (
        git(repository, "status", "--porcelain"),
        git(repository, "worktree", "list"),
        git(repository, "log", "--all"),
    )
    with checked_out(f"{path}@HEAD~1") as old, checked_out(f"{path}@main") as new:
        assert Path(old).read_text() == "first"
        assert Path(new).read_text() == "second"
        assert source(Path(old).parent) == (git(repository, "rev-parse", "HEAD~1"), False)
    assert not Path(old).exists()
    assert path.read_text() == "being changed"
    assert before == (git(repository, "status", "--porcelain"), git(repository, "worktree", "list"), git(repository, "log", "--all"))  # fmt: skip


def test_a_name_without_a_commit_stays_as_it_is(tmp_path):
    odd = tmp_path / "build@2.py"
    odd.write_text("")
    for name in ("reference", str(odd), "src/book:Engine", "engine.toml"):
        with checked_out(name) as same:
            assert same == name


def test_what_cannot_be_checked_out_is_told(repository, tmp_path):
    for name, said in (
        (f"{repository}/src/engine.toml@imagined", "there is no commit 'imagined' in"),
        (f"{repository}/src/engine.toml@--help", "there is no commit '--help' in"),
        (f"{repository}/src/other.toml@HEAD", r"there was no src/other\.toml at HEAD"),
        (f"{tmp_path}/engine.toml@HEAD", "lies in no git repository"),
    ):
        with pytest.raises(SetupError, match=said), checked_out(name):
            pass
