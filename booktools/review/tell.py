"""Open an issue about jobs of a workflow that failed: ``python -m booktools.review.tell``.

It runs on GitHub where others have failed, maybe because nothing could be installed; so it needs
nothing but Python. An issue that is open already gets a comment, so that one fault does not fill
the list night after night.
"""

from __future__ import annotations

import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

NEEDED = ("GITHUB_API_URL", "GITHUB_REPOSITORY", "GITHUB_TOKEN", "NEEDS", "RUN", "TITLE")
TRIES = 3
SECONDS = 30.0  # that an answer may take
GOOD = ("success", "skipped")
REMEDIES = {
    401: "give the step GITHUB_TOKEN",
    403: "give the job `issues: write`",
    404: "give the job `issues: write`, and GITHUB_REPOSITORY as owner/name",
    410: "turn issues on, in the settings of the repository",
}


class TellError(RuntimeError):
    """An issue that could not be opened. The message says why, and the remedy."""


@dataclass(frozen=True)
class Issues:
    """The issues of a repository.

    Attributes:
        address: Where they are in the interface of GitHub.
        token: What allows to write them.
        pause: Seconds to wait before a second try, and twice that before a third.
    """

    address: str
    token: str
    pause: float = 5.0

    def tell(self, title: str, text: str) -> str:
        """Comment on the open issue with a title, or open one, and return its address.

        Raises:
            TellError: It could not be done.
        """
        for page in range(1, 11):
            found = self._ask("GET", f"?state=open&per_page=100&page={page}")
            for issue in found:
                if issue["title"] == title and "pull_request" not in issue:
                    self._ask("POST", f"/{issue['number']}/comments", {"body": text})
                    return str(issue["html_url"])
            if len(found) < 100:
                break
        opened = self._ask("POST", "", {"title": title, "body": text})
        return str(opened["html_url"])

    def _ask(self, method: str, path: str, given: Mapping[str, Any] | None = None) -> Any:
        request = urllib.request.Request(
            f"{self.address}{path}",
            method=method,
            data=None if given is None else json.dumps(given).encode(),
            headers={
                "Accept": "application/vnd.github+json",
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "X-GitHub-Api-Version": "2022-11-28",
            },
        )
        for number in range(1, TRIES + 1):
            try:
                with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                words, last = f"{error.code} {error.reason}", error.code < 500
                remedy = REMEDIES.get(error.code, "look at the state of GitHub, and run it again")
            except (OSError, ValueError) as error:  # no such host, no answer, no JSON
                words, last = str(error), False
                remedy = "look at GITHUB_API_URL, and run it again"
            if last or number == TRIES:
                break
            time.sleep(self.pause * number)
        raise TellError(f"{method} {self.address}{path}: {words}. Remedy: {remedy}.")


def failed(needs: str) -> Iterator[tuple[str, str]]:
    """Yield the jobs that did not succeed, and how they ended.

    Args:
        needs: What a workflow says of the jobs before: ``toJSON(needs)``.

    Raises:
        TellError: It is something else.
    """
    try:
        jobs = json.loads(needs)
        yield from (
            (name, job["result"]) for name, job in jobs.items() if job["result"] not in GOOD
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise TellError(f"NEEDS is {needs[:80]!r}. Remedy: set it to toJSON(needs).") from error


def main(environment: Mapping[str, str] = os.environ) -> int:
    """Tell what failed, if anything did; return 1 if that could not be done."""
    try:
        missing = [name for name in NEEDED if not environment.get(name)]
        if missing:
            raise TellError(f"{missing[0]} is not set. Remedy: set it in the step.")
        api, repository = environment["GITHUB_API_URL"], environment["GITHUB_REPOSITORY"]
        parts = urlsplit(api)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise TellError(f"GITHUB_API_URL is {api!r}. Remedy: give a whole address.")
        jobs = list(failed(environment["NEEDS"]))
        if not jobs:
            print("Nothing failed, so there is nothing to tell.")
            return 0
        listed = "".join(f"- `{name}`: {result}\n" for name, result in jobs)
        text = (
            f"These jobs did not succeed:\n\n{listed}\n"
            f"Their logs and summaries: {environment['RUN']}\n"
        )
        issues = Issues(f"{api.rstrip('/')}/repos/{repository}/issues", environment["GITHUB_TOKEN"])
        print(f"Told in {issues.tell(environment['TITLE'], text)}")
    except TellError as error:
        print(f"The issue could not be opened: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
