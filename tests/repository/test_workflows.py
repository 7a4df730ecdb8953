"""The workflows are well formed, pinned, and have no more rights than they need.

Each gate is first seen to pass on the workflows as they are, then to fail on a copy that
breaks what it guards.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.specifiers import SpecifierSet

GITHUB = Path(__file__).resolve().parents[2] / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.y*ml"))
PULL_REQUEST = GITHUB / "workflows" / "pull-request.yml"
DEPLOY = GITHUB / "workflows" / "deploy.yml"
NIGHTLY = GITHUB / "workflows" / "nightly.yml"
RELEASE = GITHUB / "workflows" / "release.yml"

PIN = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")
VERSION_COMMENT = re.compile(r"\s+# v\d+(\.\d+)*\s*")
MAKE = re.compile(r"make [a-z-]+( [A-Z]+=\S+)*")
PUBLISH = re.compile(r"gh release create [^;&|`$()]*\$GITHUB_REF_NAME[^;&|`$()]*")
READ = {"contents": "read"}

Gate = Callable[[str], list[str]]


# What is read from a workflow


def jobs(text: str) -> dict[str, Any]:
    return dict(yaml.safe_load(text)["jobs"])


def steps(job: dict[str, Any]) -> list[dict[str, Any]]:
    return list(job.get("steps", []))


def triggers(text: str) -> set[str]:
    on = yaml.safe_load(text)[True]  # YAML 1.1 reads the key "on" as true
    return {on} if isinstance(on, str) else set(on)


def nodes(text: str) -> Iterator[yaml.Node]:
    """Yield all YAML nodes, depth first."""
    root = yaml.compose(text)
    waiting = [] if root is None else [root]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, yaml.MappingNode):
            waiting += [part for pair in node.value for part in pair]
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value


def uses(text: str) -> Iterator[tuple[str, str]]:
    """Yield each action that is used, and what stands behind it in its line."""
    lines = text.splitlines()
    for node in nodes(text):
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == "uses":
                    yield value.value, lines[value.end_mark.line][value.end_mark.column :]


# The gates: each takes a workflow's text and returns what is wrong with it


def pins(text: str) -> list[str]:
    return [
        f"{action}{rest}: pin a 40-digit commit, and name its version in a comment"
        for action, rest in uses(text)
        if not (PIN.fullmatch(action) and VERSION_COMMENT.fullmatch(rest))
    ]


def thin(text: str) -> list[str]:
    return [
        f"{step['run']!r} is not a make command that people can run by hand"
        for job in jobs(text).values()
        for step in steps(job)
        if "run" in step
        and not MAKE.fullmatch(step["run"].strip())
        # GitHub's own program may publish where nothing of the repository is
        and not (PUBLISH.fullmatch(step["run"]) and not checks_out(job))
    ]


def checks_out(job: dict[str, Any]) -> bool:
    return any(step.get("uses", "").startswith("actions/checkout@") for step in steps(job))


def bounded(text: str) -> list[str]:
    return [f"{name} has no time limit" for name, job in jobs(text).items() if not time_limit(job)]


def time_limit(job: dict[str, Any]) -> bool:
    return isinstance(job.get("timeout-minutes"), int)


def credentials_dropped(text: str) -> list[str]:
    return [
        f"{step['uses']} leaves its token in the folder: say persist-credentials: false"
        for job in jobs(text).values()
        for step in steps(job)
        if step.get("uses", "").startswith("actions/checkout@")
        and step.get("with", {}).get("persist-credentials") is not False
    ]


def pull_request_is_powerless(text: str) -> list[str]:
    wrong = []
    if triggers(text) != {"pull_request"}:
        wrong.append(f"it runs on {sorted(triggers(text))}, not on pull_request alone")
    if yaml.safe_load(text).get("permissions") != READ:
        wrong.append("the workflow's permissions are not contents: read alone")
    for name, job in jobs(text).items():
        if job.get("permissions", READ) != READ:
            wrong.append(f"{name} has permissions of its own")
        if job.get("secrets"):
            wrong.append(f"{name} hands secrets on")
    return wrong + secrets(text)


def secrets(text: str) -> list[str]:
    """Return the places that use a secret, or the token of the run."""
    return [
        f"{node.value!r} uses a secret"
        for node in nodes(text)
        if isinstance(node, yaml.ScalarNode) and re.search(r"\bsecrets\b|github\.token", node.value)
    ]


def results_are_only_restored(text: str) -> list[str]:
    used = [action for action, _ in uses(text) if action.startswith("actions/cache")]
    wrong = [f"{action} may save" for action in used if "/cache/restore@" not in action]
    return wrong or ([] if used else ["no results are restored"])


def checked_first(text: str) -> list[str]:
    first = [step["run"] for step in steps(jobs(text)["check"]) if "run" in step]
    others = [name for name, job in jobs(text).items() if name != "check"]
    wrong = [f"{name} does not wait" for name in others if jobs(text)[name].get("needs") != "check"]
    return wrong if first == ["make check"] else [*wrong, f"check runs {first}"]


def only_tell_has_rights(text: str) -> list[str]:
    wrong = [] if yaml.safe_load(text).get("permissions") == {} else ["every job has permissions"]
    for name, job in jobs(text).items():
        wanted = READ | ({"issues": "write"} if name == "tell" else {})
        if job.get("permissions") != wanted:
            wrong.append(f"{name} has other permissions than {wanted}")
        if name != "tell" and secrets(yaml.dump({"jobs": {name: job}})):
            wrong.append(f"{name} uses a secret")
    return wrong


def what_fails_is_told(text: str) -> list[str]:
    tell = jobs(text)["tell"]
    others = [name for name in jobs(text) if name != "tell"]
    wrong = [f"tell does not wait for {name}" for name in others if name not in tell["needs"]]
    for word in ("always()", "'failure'", "'cancelled'"):
        if word not in str(tell.get("if")):
            wrong.append(f"tell may not run: {word} is missing")
    stops = [job for job in jobs(text).values() for one in (job, *steps(job)) if quiet(one)]
    return wrong + ["a failure does not count: continue-on-error"] * len(stops)


def quiet(part: dict[str, Any]) -> bool:
    return bool(part.get("continue-on-error"))


def publish_runs_nothing_of_ours(text: str) -> list[str]:
    job = jobs(text)["publish"]
    wrong = []
    if job.get("permissions") != {"contents": "write"}:
        wrong.append("publish has other permissions than contents: write")
    if job.get("needs") != "build":
        wrong.append("publish does not wait for build")
    if checks_out(job):
        wrong.append("publish checks the repository out")
    return wrong


def deploy_runs_nothing_of_ours(text: str) -> list[str]:
    wrong = []
    job = jobs(text)["deploy"]
    if job.get("permissions") != {"pages": "write", "id-token": "write"}:
        wrong.append("deploy has other permissions than pages and id-token")
    if job.get("needs") != "build":
        wrong.append("deploy does not wait for build")
    for step in steps(job):
        if "run" in step:
            wrong.append(f"deploy runs {step['run']!r}")
        if not step.get("uses", "actions/deploy-pages@").startswith("actions/deploy-pages@"):
            wrong.append(f"deploy uses {step['uses']}")
    return wrong


def build_has_no_rights(text: str) -> list[str]:
    wrong = []
    if yaml.safe_load(text).get("permissions") != {}:
        wrong.append("the workflow gives permissions to every job")
    if jobs(text)["build"].get("permissions") != READ:
        wrong.append("build has other permissions than contents: read")
    return wrong


def no_cache(text: str) -> list[str]:
    return [
        f"{step['uses']} restores a cache into what is published"
        for job in jobs(text).values()
        for step in steps(job)
        if (
            ("actions/cache" in step.get("uses", "") and "/cache/save@" not in step["uses"])
            or "cache" in step.get("with", {})
        )
    ]


# The workflows as they are


def test_all_four_workflows_are_there() -> None:
    assert {PULL_REQUEST, DEPLOY, NIGHTLY, RELEASE} <= set(WORKFLOWS)


@pytest.mark.parametrize("gate", [pins, thin, bounded, credentials_dropped])
@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_workflow(path: Path, gate: Gate) -> None:
    assert gate(path.read_text(encoding="utf8")) == []


@pytest.mark.parametrize(
    ("gate", "path"),
    [
        (pull_request_is_powerless, PULL_REQUEST),
        (results_are_only_restored, PULL_REQUEST),
        (checked_first, PULL_REQUEST),
        (deploy_runs_nothing_of_ours, DEPLOY),
        (build_has_no_rights, DEPLOY),
        (no_cache, DEPLOY),
        (only_tell_has_rights, NIGHTLY),
        (what_fails_is_told, NIGHTLY),
        (no_cache, NIGHTLY),
        (publish_runs_nothing_of_ours, RELEASE),
        (build_has_no_rights, RELEASE),
        (no_cache, RELEASE),
    ],
)
def test_a_workflow_has_only_the_rights_that_it_needs(gate: Gate, path: Path) -> None:
    assert gate(path.read_text(encoding="utf8")) == []


def test_nights_see_the_oldest_and_the_newest_python_and_both_kinds_of_data() -> None:
    matrix = jobs(NIGHTLY.read_text(encoding="utf8"))["book"]["strategy"]["matrix"]
    project = tomllib.loads((GITHUB.parent / "pyproject.toml").read_text(encoding="utf8"))
    supported = SpecifierSet(project["project"]["requires-python"])
    versions = [f"3.{minor}" for minor in range(30) if supported.contains(f"3.{minor}.1")]
    assert matrix == {"python": [versions[0], versions[-1]], "data": ["sample", "full"]}


def test_pull_requests_restore_what_main_saves() -> None:
    def cache(path: Path, action: str) -> dict[str, Any]:
        found = jobs(path.read_text(encoding="utf8")).values()
        (step,) = [s for job in found for s in steps(job) if action in s.get("uses", "")]
        return dict(step["with"])

    saved, restored = cache(DEPLOY, "cache/save@"), cache(PULL_REQUEST, "cache/restore@")
    assert saved["path"] == restored["path"]
    assert saved["key"].partition("3.11")[0] == restored["key"].partition("${{ matrix")[0]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_call_targets_that_there_are(path: Path) -> None:
    makefile = (GITHUB.parent / "Makefile").read_text(encoding="utf8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.M))
    called = {
        step["run"].split()[1]
        for job in jobs(path.read_text(encoding="utf8")).values()
        for step in steps(job)
        if step.get("run", "").startswith("make ")
    }
    assert called <= targets
    assert called


# The gates, seen red


@pytest.mark.parametrize(
    ("gate", "path", "old", "new"),
    [
        (pins, PULL_REQUEST, r"checkout@[0-9a-f]{40} # v[\d.]+", "checkout@v7 # v7"),
        (pins, PULL_REQUEST, r"(checkout@[0-9a-f]{39})[0-9a-f]", r"\1"),
        (pins, DEPLOY, r"(deploy-pages@[0-9a-f]{40}) # v[\d.]+", r"\1"),
        (pins, DEPLOY, r"(deploy-pages@[0-9a-f]{40}) # v[\d.]+", r"\1 # newest"),
        (thin, PULL_REQUEST, "run: make check", "run: ruff check ."),
        (thin, DEPLOY, "run: make book", "run: make book && curl example.org"),
        (bounded, DEPLOY, "timeout-minutes: 15", "name: Publish it"),
        (credentials_dropped, DEPLOY, "persist-credentials: false", "persist-credentials: true"),
        (credentials_dropped, DEPLOY, "with:\n +persist-credentials: false", "id: code"),
        (pull_request_is_powerless, PULL_REQUEST, "pull_request:", "pull_request_target:"),
        (pull_request_is_powerless, PULL_REQUEST, "contents: read", "contents: write"),
        (pull_request_is_powerless, PULL_REQUEST, "(contents: read)", r"\1\n  pages: write"),
        (
            pull_request_is_powerless,
            PULL_REQUEST,
            "(    timeout-minutes)",
            r"    permissions: write-all\n\1",
        ),
        (
            pull_request_is_powerless,
            PULL_REQUEST,
            "(run: make check)",
            r"\1\n        env:\n          TOKEN: ${{ secrets.TOKEN }}",
        ),
        (deploy_runs_nothing_of_ours, DEPLOY, "id: deployment", "run: make book"),
        (deploy_runs_nothing_of_ours, DEPLOY, "actions/deploy-pages", "actions/checkout"),
        (deploy_runs_nothing_of_ours, DEPLOY, "pages: write", "contents: write"),
        (deploy_runs_nothing_of_ours, DEPLOY, "needs: build", "name: Publish it"),
        (build_has_no_rights, DEPLOY, "contents: read", "pages: write"),
        (build_has_no_rights, DEPLOY, r"permissions: \{\}", "permissions: write-all"),
        (no_cache, DEPLOY, '(python-version: "3.11")', r"\1\n          cache: pip"),
        (no_cache, DEPLOY, "actions/setup-python@", "actions/cache@"),
        (no_cache, DEPLOY, "cache/save@", "cache/restore@"),
        (results_are_only_restored, PULL_REQUEST, "cache/restore@", "cache@"),
        (results_are_only_restored, PULL_REQUEST, "cache/restore@", "cache/save@"),
        (results_are_only_restored, PULL_REQUEST, "actions/cache/restore@", "actions/checkout@"),
        (checked_first, PULL_REQUEST, "needs: check", "name: Test"),
        (checked_first, PULL_REQUEST, "run: make check", "run: make test"),
        (only_tell_has_rights, NIGHTLY, r"permissions: \{\}", "permissions: write-all"),
        (only_tell_has_rights, NIGHTLY, "(contents: read)", r"\1\n      issues: write"),
        (only_tell_has_rights, NIGHTLY, "issues: write", "contents: write"),
        (
            only_tell_has_rights,
            NIGHTLY,
            "LESSONS_DATA: .*",
            "LESSONS_DATA: ${{ secrets.DATA }}",
        ),
        (what_fails_is_told, NIGHTLY, r"needs: \[book, evidence\]", "needs: [book]"),
        (what_fails_is_told, NIGHTLY, r"always\(\) && ", ""),
        (what_fails_is_told, NIGHTLY, r" \|\| contains\(needs.*'cancelled'\)", ""),
        (what_fails_is_told, NIGHTLY, "run: make evidence", "continue-on-error: true"),
        (publish_runs_nothing_of_ours, RELEASE, "contents: write", "packages: write"),
        (publish_runs_nothing_of_ours, RELEASE, "needs: build", "name: Publish it"),
        (publish_runs_nothing_of_ours, RELEASE, "actions/download-artifact", "actions/checkout"),
        (thin, RELEASE, "actions/download-artifact", "actions/checkout"),
        (thin, RELEASE, "--verify-tag", "--verify-tag; curl example.org;"),
        (thin, RELEASE, "release create", "api"),
        (build_has_no_rights, RELEASE, "contents: read", "contents: write"),
    ],
)
def test_a_gate_turns_red(gate: Gate, path: Path, old: str, new: str) -> None:
    broken = changed(path, old, new)
    assert gate(broken) != []


def changed(path: Path, old: str, new: str) -> str:
    """Return a workflow with the first match of ``old`` replaced."""
    text, count = re.subn(old, new, path.read_text(encoding="utf8"), count=1)
    assert count == 1, f"{old!r} is not in {path.name}: the test has to follow the workflow"
    return text


# The linters


def run(name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    here = str(Path(sys.executable).parent)
    program = shutil.which(name, path=os.pathsep.join([here, os.environ.get("PATH", "")]))
    if program is None:
        remedy = f"{name} is not installed; it belongs to the dev group of pyproject.toml"
        if sys.platform == "linux":
            pytest.fail(remedy)
        pytest.skip(f"{remedy}, but not on every platform")
    return subprocess.run(
        [program, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=60
    )


def actionlint(*paths: Path) -> subprocess.CompletedProcess[str]:
    # without what happens to be installed beside it, so that it says the same everywhere
    return run("actionlint", "-no-color", "-oneline", "-shellcheck=", "-pyflakes=", *paths)


def zizmor(path: Path) -> subprocess.CompletedProcess[str]:
    options = ["--offline", "--pedantic", "--no-ignores", "--no-progress", "--color=never"]
    return run("zizmor", *options, path)


def copy(folder: Path, text: str) -> Path:
    path = folder / ".github" / "workflows" / "copy.yml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf8")
    return path


def test_actionlint() -> None:
    result = actionlint(*WORKFLOWS)
    assert result.returncode == 0, result.stdout + result.stderr


def test_zizmor() -> None:
    result = zizmor(GITHUB)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("timeout-minutes:", "timeout:", "timeout"),
        ("matrix.python ==", "matrix.pyhton ==", "pyhton"),
        ("ubuntu-24.04", "ubuntu-lts", "ubuntu-lts"),
    ],
)
def test_actionlint_turns_red(tmp_path: Path, old: str, new: str, word: str) -> None:
    result = actionlint(copy(tmp_path, changed(PULL_REQUEST, old, new)))
    assert result.returncode == 1
    assert word in result.stdout


@pytest.mark.parametrize(
    ("path", "old", "new", "rule"),
    [
        (
            PULL_REQUEST,
            "run: make check",
            'run: make check PAGE="${{ github.event.pull_request.title }}"',
            "template-injection",
        ),
        (PULL_REQUEST, "pull_request:", "pull_request_target:", "dangerous-triggers"),
        (PULL_REQUEST, r"checkout@[0-9a-f]{40}", "checkout@v7", "unpinned-uses"),
        (DEPLOY, r"permissions: \{\}", "permissions: write-all", "excessive-permissions"),
        (DEPLOY, "with:\n +persist-credentials: false", "id: code", "artipacked"),
    ],
)
def test_zizmor_turns_red(tmp_path: Path, path: Path, old: str, new: str, rule: str) -> None:
    result = zizmor(copy(tmp_path, changed(path, old, new)))
    assert result.returncode > 10, result.stdout + result.stderr  # 11 to 14, by severity
    assert f"[{rule}]" in result.stdout
