"""What a chapter's results depend on is found without running it."""

from __future__ import annotations

from pathlib import Path

import pytest

from booktools.execution.inputs import project_root, scan


@pytest.fixture
def project(tmp_path: Path) -> Path:
    files = {
        "leaf.py": "VALUE = 1\n",
        "through.py": "import leaf\n",
        "unrelated.py": "",
        "package/__init__.py": "",
        "package/one.py": "from . import two\n",
        "package/two.py": "from pathlib import Path\nP = Path(__file__).with_name('table.csv')\n",
        "package/three.py": "",
        "package/table.csv": "1,2\n",
        "book/beside.py": "",
        "book/words.txt": "one two\n",
        "pyproject.toml": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def found(project: Path, *cells: str) -> set[str]:
    paths = scan(cells, project / "book", [project])
    return {path.relative_to(project).as_posix() for path in paths}


def test_modules_imported_through_others_count(project: Path) -> None:
    assert found(project, "import through") == {"through.py", "leaf.py"}


def test_imports_inside_functions_count(project: Path) -> None:
    assert found(project, "def f():\n    import leaf") == {"leaf.py"}


def test_relative_imports_and_data_files_of_a_package_count(project: Path) -> None:
    expected = {"package/__init__.py", "package/one.py", "package/two.py", "package/table.csv"}
    assert found(project, "from package import one") == expected


def test_a_package_does_not_bring_in_modules_that_nothing_imports(project: Path) -> None:
    assert "package/three.py" not in found(project, "import package.one")


def test_a_module_and_a_file_beside_the_chapter_count(project: Path) -> None:
    cells = ["import beside", "text = open('words.txt').read()"]
    assert found(project, *cells) == {"book/beside.py", "book/words.txt"}


def test_installed_packages_do_not_count(project: Path) -> None:
    assert found(project, "import numpy, json, tensorflow") == set()


def test_a_cell_with_ipython_syntax_is_understood(project: Path) -> None:
    assert found(project, "%precision 3\nimport leaf") == {"leaf.py"}


def test_a_cell_with_a_syntax_error_does_not_hide_the_others(project: Path) -> None:
    assert found(project, "import (", "import leaf") == {"leaf.py"}


def test_strings_that_are_no_file_names_do_no_harm(project: Path) -> None:
    assert found(project, "x = 'a\\0.b'; y = '../pyproject.toml'; z = '.'") == set()


def test_project_root_is_what_the_strongest_mark_shows(project: Path) -> None:
    assert project_root(project / "package" / "deep") == project
    (project / "book" / "_config.yml").touch()
    (project / "book" / "requirements.txt").touch()
    assert project_root(project / "book") == project  # of pyproject.toml
    (project / "package" / ".git").mkdir()
    assert project_root(project / "package" / "deep") == project / "package"
    (project / "pyproject.toml").unlink()
    assert project_root(project / "book") == project / "book"
