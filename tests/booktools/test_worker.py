"""One chapter in one kernel: what it gives, and how it fails."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from booktools.execution.budget import Budget
from booktools.execution.kernel import Result, Task, run
from booktools.execution.outputs import CLAIM_MIME
from booktools.execution.settings import BookSettings, RunSettings

# what this book says of TensorFlow
BOOK = BookSettings.from_config(
    yaml.safe_load((Path(__file__).parents[2] / "_config.yml").read_text())["sphinx"]["config"]
)
QUIET = RunSettings(log_lines=BOOK.log_lines, warnings=BOOK.warnings)


def execute(
    tmp_path: Path, *cells: str, tags: tuple[str, ...] = (), kernel: str = "python3", **options: Any
) -> Result:
    notebook = new_notebook(metadata={"kernelspec": {"name": kernel, "display_name": "P"}})
    notebook.cells.append(new_markdown_cell("text"))
    notebook.cells += [new_code_cell(cell, metadata={"tags": list(tags)}) for cell in cells]
    task = {
        "page": "part/page",
        "notebook": nbformat.writes(notebook),
        "folder": str(tmp_path),
        "lines": [1, *(10 * number for number in range(1, len(cells) + 1))],
        "budget": Budget(),
        "environment": {},
        "progress": str(tmp_path / "progress"),
    }
    return run(Task(**{**task, **options}))


def only_failure(result: Result) -> Any:
    assert len(result.failures) == 1
    return result.failures[0]


def outputs(result: Result) -> list[Any]:
    cells = nbformat.reads(result.notebook, as_version=4).cells
    return [output for cell in cells for output in cell.get("outputs", [])]


def test_outputs_seconds_memory_and_language_are_returned(tmp_path: Path) -> None:
    result = execute(tmp_path, "x = 6", "import time; time.sleep(0.5); print(7 * x)")
    assert not result.failures
    assert outputs(result)[0].text == "42\n"
    assert result.cells == 2
    assert result.seconds > 0.5
    assert result.peak_mb > 10
    metadata = nbformat.reads(result.notebook, as_version=4).metadata
    assert metadata.language_info.name == "python"


def test_nothing_of_the_clock_is_left_in_the_notebook(tmp_path: Path) -> None:
    assert '"execution"' not in execute(tmp_path, "1 + 1").notebook


def test_an_exception_names_the_line_of_the_source_and_the_code(tmp_path: Path) -> None:
    failure = only_failure(execute(tmp_path, "1", "a = 1\na / 0\n"))
    assert (failure.kind, failure.line) == ("exception", 21)
    assert "ZeroDivisionError" in failure.message
    assert "raises-exception" in failure.message
    assert "a / 0" in failure.code


def test_an_expected_exception_is_no_failure(tmp_path: Path) -> None:
    result = execute(tmp_path, "1 / 0", tags=("raises-exception",))
    assert not result.failures
    assert outputs(result)[0].ename == "ZeroDivisionError"


def test_an_expected_traceback_shows_the_cell_and_not_this_machine(tmp_path: Path) -> None:
    cell = "import json\njson.loads('{')"
    (output,) = outputs(execute(tmp_path, cell, tags=("raises-exception",)))
    text = "\n".join(output.traceback)
    assert "JSONDecodeError" in text
    assert "line 2" in text
    assert "json/decoder.py" not in text


def test_a_missing_package_is_named_with_its_remedy(tmp_path: Path) -> None:
    failure = only_failure(execute(tmp_path, "import tensorflaw"))
    assert "tensorflaw" in failure.message
    assert "lock file" in failure.message


def test_claims_are_collected_and_leave_no_trace_on_the_page(tmp_path: Path) -> None:
    result = execute(tmp_path, "from lessons_code import claim\nclaim('Two', 2, at_least=1.5)")
    assert not result.failures
    expected = {"page": "part/page", "text": "Two", "value": 2.0, "at_least": 1.5, "holds": True}
    assert expected.items() <= result.claims[0].items()
    assert CLAIM_MIME not in result.notebook
    assert "Claim holds" in result.notebook


def test_a_claim_that_fails_is_reported_as_such(tmp_path: Path) -> None:
    failure = only_failure(
        execute(tmp_path, "from lessons_code import claim\n\nclaim('Two', 1, at_least=1.5)")
    )
    assert (failure.kind, failure.line) == ("claim", 12)
    for words in ("Two", "1", "at least 1.5"):
        assert words in failure.message


# a kernel whose port is taken, as often as it is told, between being given it and binding it
ROBBED = """\
import json, runpy, socket, sys
from pathlib import Path
left = Path(__file__).with_name("left")
times = int(left.read_text())
left.write_text(str(times - 1))
if times > 0:
    thief = socket.create_server(("127.0.0.1", json.load(open(sys.argv[2]))["shell_port"]))
runpy.run_module("ipykernel_launcher", run_name="__main__")
"""


@pytest.mark.parametrize(("times", "failures"), [(2, 0), (3, 1)])
def test_a_kernel_whose_port_another_process_took_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int, failures: int
) -> None:
    spec = tmp_path / "kernels/robbed"
    spec.mkdir(parents=True)
    (spec / "left").write_text(str(times))
    (spec / "robbed.py").write_text(ROBBED)
    command = [sys.executable, str(spec / "robbed.py"), "-f", "{connection_file}"]
    told = {"argv": command, "display_name": "Robbed", "language": "python"}
    (spec / "kernel.json").write_text(json.dumps(told))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    result = execute(tmp_path, "print(6 * 7)", kernel="robbed")
    assert len(result.failures) == failures
    if failures:
        assert "Address already in use" in only_failure(result).message
    else:
        assert outputs(result)[0].text == "42\n"


def test_a_warning_on_stderr_fails(tmp_path: Path) -> None:
    failure = only_failure(execute(tmp_path, "import warnings; warnings.warn('careful')"))
    assert (failure.kind, failure.line) == ("stderr", 10)
    assert "careful" in failure.message


def test_a_warning_that_tensorflow_prints_to_stdout_fails(tmp_path: Path) -> None:
    cell = "print('fine')\nprint('WARNING:tensorflow:5 out of the last 5 calls retraced')"
    assert not execute(tmp_path, cell).failures
    failure = only_failure(execute(tmp_path, cell, settings=QUIET))
    assert failure.kind == "stderr"
    assert "retraced" in failure.message
    assert "fine" not in failure.message


def test_stderr_that_readers_should_see_can_be_allowed(tmp_path: Path) -> None:
    cell = "import sys; print('shown', file=sys.stderr)"
    result = execute(tmp_path, cell, tags=("allow-stderr",))
    assert not result.failures
    assert outputs(result)[0].text == "shown\n"


LOG = """\
WARNING: All log messages before absl::InitializeLog() is called are written to STDERR
I0000 00:00:1795339902.352367    4767 port.cc:153] oneDNN custom operations are on.
E0000 00:00:1795339905.993928    4767 cuda_platform.cc:52] failed call to cuInit: INTERNAL
To enable the following instructions: AVX2 FMA, in other operations, rebuild TensorFlow.
"""


def test_lines_that_nobody_has_to_see_are_taken_out(tmp_path: Path) -> None:
    cell = f"import sys; _ = sys.stderr.write({LOG!r})"
    result = execute(tmp_path, cell, settings=QUIET)
    assert not result.failures
    assert not outputs(result)
    assert only_failure(execute(tmp_path, cell)).kind == "stderr"


@pytest.mark.parametrize("line", ["UserWarning: careful", "E0000 12:00 disk.cc:1] broken", "I am"])
def test_a_real_warning_is_not_mistaken_for_such_a_line(line: str) -> None:
    assert QUIET.without_log(f"{LOG}{line}\n").strip() == line


def test_a_kernel_that_dies_is_reported(tmp_path: Path) -> None:
    failure = only_failure(execute(tmp_path, "1", "import os; os.kill(os.getpid(), 9)"))
    assert (failure.kind, failure.line) == ("died", 20)


def test_too_many_seconds_are_reported_with_by_how_much() -> None:
    (words,) = Budget(seconds=1.5).excess(seconds=4, megabytes=100)
    assert "The chapter took 4 s, 2 s over its budget of 1.5 s. " in words


def test_a_budget_is_one_of_the_reference_machine(tmp_path: Path) -> None:
    # far from both limits, because a busy machine takes seconds to start a kernel
    cell = "import time; time.sleep(2)"
    assert not execute(tmp_path, cell, budget=Budget(seconds=1.5, slowness=100)).failures
    result = execute(tmp_path, cell, budget=Budget(seconds=1.5, slowness=1, strict=False))
    assert not result.failures
    (words,) = result.over_budget
    assert "over its budget of 1.5 s" in words
    (words,) = Budget(seconds=0.5, slowness=1.5).excess(seconds=1, megabytes=100)
    assert "over its budget of 0.75 s (1.5 times 0.5 s, as slow as this machine is now)" in words


def test_a_chapter_that_does_not_end_is_stopped(tmp_path: Path) -> None:
    failure = only_failure(execute(tmp_path, "while True: pass", budget=Budget(seconds=1)))
    assert failure.kind == "budget"
    assert "still running after 3 s, with a budget of 1 s" in failure.message


def test_too_much_memory_is_stopped(tmp_path: Path) -> None:
    hog = "import time\nx = bytearray(400_000_000)\ntime.sleep(20)"
    failure = only_failure(execute(tmp_path, hog, budget=Budget(megabytes=300)))
    assert failure.kind == "budget"
    assert "over its budget of 300 MB" in failure.message


def test_an_output_that_is_too_large_is_reported(tmp_path: Path) -> None:
    failure = only_failure(execute(tmp_path, "print('x' * 1_200_000)"))
    assert failure.kind == "output"


def test_the_environment_of_the_kernel_is_ours_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    cell = "import os; print(os.environ['OMP_NUM_THREADS'], os.environ['MODE'])"
    result = execute(tmp_path, cell, environment={"MODE": "full"})
    assert outputs(result)[0].text == "1 full\n"
    assert os.environ["OMP_NUM_THREADS"] == "7"
    assert "MODE" not in os.environ


def test_startup_files_of_the_user_do_not_change_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    startup = tmp_path / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text("SURPRISE = 1")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    assert only_failure(execute(tmp_path, "SURPRISE")).kind == "exception"


def test_a_plotting_backend_of_the_user_does_not_swallow_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MPLBACKEND", "agg")
    result = execute(tmp_path, "import matplotlib.pyplot as plt\nplt.plot([1, 2]);")
    assert [set(output.data) for output in outputs(result)] == [{"image/png", "text/plain"}]
