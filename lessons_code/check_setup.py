"""Is this computer ready for the notebooks of the book? Run it: python check_setup.py.

It prints what is wrong and what to do, and changes nothing. It needs only Python's standard
library, so that it can run before anything is installed, and syntax that Python 3.6 reads, so
that it can say that a Python is too old.
"""

import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
from typing import Iterator, NamedTuple

BOOK = "Intro to Deep Learning with Keras"
PYTHONS = [(3, 11), (3, 12), (3, 13)]
PACKAGES = ["keras", "tensorflow", "numpy", "matplotlib", "sklearn", "mlxtend", "jupyterlab"]
TO_INSTALL, TO_RUN, TO_UNPACK = 5.0, 0.5, 1.5  # gigabytes
WHEEL = re.compile(r"lessons_code-.*\.whl")
START = "start-here.ipynb"

# what TensorFlow writes when it starts; none of it is an error
HARMLESS = [
    ("graphics cards", r"cuda|cuDNN|cuBLAS|cuFFT|libcud|GPU|TensorRT|TF-TRT|computation_placer"),
    ("how it computes", r"oneDNN|cpu_feature_guard|To enable the following instructions|AVX"),
    ("how it logs", r"absl::InitializeLog|^[IW]0000|^\d{4}-\d\d-\d\d .*: [IW] "),
]
# runs in a process of its own: a crash is noticed, and what is printed can be read
TRIAL = """
import keras, numpy
keras.utils.set_random_seed(1)
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(4, activation="tanh"),
                          keras.layers.Dense(1, activation="sigmoid")])
model.compile(loss="binary_crossentropy", optimizer=keras.optimizers.Adam(0.1))
x = numpy.array([[0, 0], [0, 1], [1, 0], [1, 1]] * 8, dtype="float32")
y = x[:, 0] * (1 - x[:, 1]) + x[:, 1] * (1 - x[:, 0])
model.fit(x, y, epochs=60, verbose=0)
print("trained", float(numpy.mean((model.predict(x, verbose=0)[:, 0] > 0.5) == y)))
"""


class Finding(NamedTuple):
    """What was seen: ``ok``, a ``note``, or a ``problem`` with what to do about it."""

    kind: str
    text: str
    remedy: str = ""


def main() -> int:
    """Print what was found, and what to do next; return 0 if nothing stands in the way."""
    print("Checking this computer for the notebooks of " + BOOK + ".\n")
    folder = os.getcwd()
    found = []
    for finding in basics(folder):
        show(finding)
        found.append(finding)
    if not problems(found):
        for finding in packages():
            show(finding)
            found.append(finding)
    print()
    for line in conclusion(found, folder):
        print("\n".join([line] if line.startswith(" ") else wrapped(line)))
    return 1 if problems(found) else 0


def problems(found: "list[Finding]") -> "list[Finding]":
    """Return what stands in the way."""
    return [finding for finding in found if finding.kind == "problem"]


def show(finding: Finding) -> None:
    """Print a finding, its lines indented."""
    remedy = "What to do: " + finding.remedy if finding.remedy else ""
    lines = (finding.text + "\n" + remedy).strip().split("\n")
    first, *others = [part for line in lines for part in wrapped(line)]
    print(f"{finding.kind:8} {first}")
    for line in others:
        print(" " * 9 + line, flush=True)


def wrapped(text: str) -> "list[str]":
    """Return a text in lines that a narrow window shows; words, and so addresses, stay whole."""
    return textwrap.wrap(text, 70, break_long_words=False, break_on_hyphens=False) or [""]


def basics(folder: str) -> "list[Finding]":
    """Return what is found before anything is installed."""
    return [
        check_python(sys.version_info[:2], sys.maxsize > 2**32),
        *check_machine(platform.system(), platform.machine(), platform.libc_ver(), features()),
        *check_folder(folder),
        *check_space(folder),
        *check_tools(),
    ]


def check_python(version: "tuple[int, ...]", is_64_bit: bool) -> Finding:
    """Return whether this Python is one that TensorFlow knows."""
    here = ".".join(map(str, version))
    newest = ".".join(map(str, PYTHONS[-1]))
    get = (
        f"get Python {newest}, 64 bit, from https://www.python.org/downloads/ and run this check "
        f"with it: py -{newest} check_setup.py on Windows, python{newest} check_setup.py "
        "elsewhere. The Python that is there may stay."
    )
    if tuple(version[:2]) < PYTHONS[0]:
        return Finding("problem", f"This is Python {here}. It is too old for Keras.", get)
    if tuple(version[:2]) > PYTHONS[-1]:
        text = f"This is Python {here}. It is too new: TensorFlow is not made for it yet."
        return Finding("problem", text, get)
    if not is_64_bit:
        text = f"This is Python {here} for 32 bit. TensorFlow is made for 64 bit only."
        return Finding("problem", text, get)
    return Finding("ok", f"Python {here}, 64 bit")


def features() -> str:
    """Return what the processor can do, where that is easy to read; nothing elsewhere."""
    try:
        with open("/proc/cpuinfo", encoding="utf8", errors="replace") as file:
            return " ".join(re.findall(r"^flags.*", file.read(), re.MULTILINE)[:1])
    except OSError:
        return ""


def check_machine(
    system: str, machine: str, libc: "tuple[str, str]", flags: str
) -> "list[Finding]":
    """Return whether TensorFlow is made for this kind of computer."""
    elsewhere = "use another computer, or open the notebooks in Colab, where nothing is installed."
    kind = machine.lower()
    if system == "Darwin" and kind == "x86_64":
        text = "TensorFlow is no longer made for Macs with an Intel processor."
        remedy = elsewhere + (
            "\nOn a Mac with an Apple processor this is a Python for Intel: install the one from "
            "https://www.python.org/downloads/ and take that."
        )
        return [Finding("problem", text, remedy)]
    if system == "Windows" and "arm" in kind:
        text = "TensorFlow is not made for Windows on ARM processors."
        return [Finding("problem", text, elsewhere)]
    if kind not in ("x86_64", "amd64", "arm64", "aarch64"):
        return [Finding("problem", f"TensorFlow is not made for {machine} processors.", elsewhere)]
    if system == "Linux" and libc[0] != "glibc":
        text = "This Linux has no glibc (as Alpine has none), and TensorFlow needs it."
        return [Finding("problem", text, "use another Linux, such as Debian or Ubuntu.")]
    if flags and kind in ("x86_64", "amd64") and " avx " not in f"{flags} ":
        text = "This processor lacks AVX, without which TensorFlow stops when it starts."
        return [Finding("problem", text, elsewhere)]
    return [Finding("ok", f"{system}, {machine}")]


def check_folder(folder: str) -> "list[Finding]":
    """Return whether this is the unpacked folder of the notebooks, and nothing in it misleads."""
    names = sorted(os.listdir(folder))
    found = []
    if not any(map(WHEEL.fullmatch, names)):
        text = f"This is not the folder of the notebooks: {folder}"
        remedy = (
            "unpack notebooks.zip, all of it, and open the terminal in the folder that it makes. "
            "Or type cd and a space here, drag that folder into this window, and press Enter."
        )
        if re.search(r"\.zip|Temp[\\/]", folder):
            remedy = "you look into the zip without unpacking it; " + remedy
        found.append(Finding("problem", text, remedy))
    for module in ("keras", "tensorflow", "numpy", "matplotlib", "sklearn", "random"):
        if f"{module}.py" in names:
            text = f"The file {module}.py in this folder hides the package {module}."
            found.append(Finding("problem", text, f"give {module}.py another name."))
    if platform.system() == "Windows" and len(folder) > 90:
        text = f"The path of this folder is long ({len(folder)} characters): {folder}"
        remedy = "move the folder up, such as to C:\\book. Windows cuts paths at 260 characters."
        found.append(Finding("problem", text, remedy))
    if not os.access(folder, os.W_OK):
        text = f"Nothing may be written into {folder}"
        found.append(Finding("problem", text, "copy the folder to a place of your own."))
    return found or [Finding("ok", f"the folder of the notebooks: {folder}")]


def check_space(folder: str) -> "list[Finding]":
    """Return whether there is room for what is installed."""
    installed = not missing()
    wanted = {folder: TO_RUN if installed else TO_INSTALL}
    if not installed:
        wanted.setdefault(tempfile.gettempdir(), TO_UNPACK)
    for place, gigabytes in wanted.items():
        free = shutil.disk_usage(place).free / 1e9
        if free < gigabytes:
            text = f"There are {free:.1f} GB free in {place}; {gigabytes} GB are needed."
            return [Finding("problem", text, "free some space, or take another disk.")]
    return [Finding("ok", f"{shutil.disk_usage(folder).free / 1e9:.0f} GB free")]


def check_tools() -> "list[Finding]":
    """Return whether Python has what makes environments and installs packages."""
    has = {name for name in ("venv", "ensurepip", "pip") if importlib.util.find_spec(name)}
    version = ".".join(map(str, sys.version_info[:2]))
    if sys.prefix == sys.base_prefix and not {"venv", "ensurepip"} <= has:
        text = "This Python cannot make environments: venv or ensurepip is missing."
        remedy = (
            f"on Debian and Ubuntu: sudo apt install python{version}-venv\n"
            "Elsewhere, install Python from https://www.python.org/downloads/."
        )
        return [Finding("problem", text, remedy)]
    if sys.prefix != sys.base_prefix and "pip" not in has:
        text = f"The environment {sys.prefix} has no pip."
        return [Finding("problem", text, f'"{sys.executable}" -m ensurepip')]
    return []


def missing() -> "list[str]":
    """Return the packages that are not there."""
    return [name for name in PACKAGES if importlib.util.find_spec(name) is None]


def packages() -> "Iterator[Finding]":
    """Yield what is found of the packages: whether they are there, and whether Keras trains."""
    absent = missing()
    if absent:
        yield Finding("note", "Not installed here yet: " + ", ".join(absent))
        return
    yield Finding("ok", "the packages are installed, in " + sys.prefix)
    print("         (training a small network, which takes half a minute)", flush=True)
    with tempfile.TemporaryDirectory() as elsewhere:
        trial = os.path.join(elsewhere, "trial.py")
        with open(trial, "w", encoding="utf8") as file:
            file.write(TRIAL)
        try:
            done = subprocess.run(
                [sys.executable, trial],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                timeout=600,
                cwd=elsewhere,
            )
        except subprocess.TimeoutExpired:
            text = "Keras did not train a tiny network within ten minutes."
            yield Finding("problem", text, "close other programs, and try again.")
            return
    said = done.stderr.decode("utf8", "replace")
    yield from judge(done.returncode, done.stdout.decode("utf8", "replace"), said)


def judge(status: int, printed: str, said: str) -> "list[Finding]":
    """Return what the trial shows.

    Args:
        status: How the process ended.
        printed: What it printed.
        said: What TensorFlow and Python wrote beside that.
    """
    if status == 0 and "trained" in printed:
        found = [Finding("ok", "Keras trains a network")]
        lines = [line for line in said.splitlines() if line.strip()]
        if lines:
            text = (
                f"TensorFlow wrote {len(lines)} lines when it started, {about(lines)}. They are "
                "no errors, in notebooks neither, where they are red. You need no GPU."
            )
            found.append(Finding("note", text))
        return found
    for pattern, text, remedy in (
        (
            "DLL load failed",
            "Windows lacks a library that TensorFlow uses.",
            "install the Microsoft Visual C++ Redistributable (x64), then restart the computer:\n"
            "https://aka.ms/vs/17/release/vc_redist.x64.exe",
        ),
        (
            "compiled using NumPy 1|multiarray failed to import|numpy.dtype size changed",
            "The packages of this environment do not fit each other.",
            "remove this environment's folder, and make a new one with the commands of the book.",
        ),
        ("No module named", "A package is missing.", "install the wheel again, see below."),
    ):
        if re.search(pattern, said):
            return [Finding("problem", f"{text}\n{said.strip().splitlines()[-1]}", remedy)]
    if status in (-4, 132, 3221225501):
        text = "TensorFlow stopped: this processor lacks instructions that it uses (AVX)."
        return [Finding("problem", text, "use another computer, or Colab.")]
    text = "Keras does not run here. The last lines say why:\n" + "\n".join(
        said.strip().splitlines()[-6:]
    )
    remedy = "make a new environment with the commands of the book; if it says the same, report it."
    return [Finding("problem", text, remedy)]


def about(lines: "list[str]") -> str:
    """Return in words what lines of TensorFlow are about."""
    topics = [
        topic
        for topic, pattern in HARMLESS
        if any(re.search(pattern, line, re.IGNORECASE) for line in lines)
    ]
    return "about " + ", ".join(topics) if topics else "none of which the book has met"


def conclusion(found: "list[Finding]", folder: str) -> "list[str]":
    """Return what to do next."""
    wrong = len(problems(found))
    if wrong:
        things = "one thing" if wrong == 1 else f"{wrong} things"
        return [f"Not ready: {things} to do first, see above. Then run this check again."]
    in_environment = sys.prefix != sys.base_prefix
    inside = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    own = os.path.join(".venv", *inside)
    wheels = sorted(name for name in os.listdir(folder) if WHEEL.fullmatch(name))
    if not missing():
        return [
            "All is ready. Open the notebooks with:",
            "",
            f"    {command()} -m jupyterlab {START}",
            "",
            "If your editor underlines tf.keras or tensorflow.keras, it is the editor that does "
            "not find it: TensorFlow loads that part late. The book writes import keras.",
        ]
    there = in_environment or os.path.exists(os.path.join(folder, own))
    make = [] if there else [f"    {command()} -m venv .venv"]
    use = command() if in_environment else own
    return [
        "Nothing stands in the way. Install the packages into this folder, about 3 GB; it takes "
        "some minutes and happens once. One line after the other:",
        "",
        *make,
        f"    {use} -m pip install jupyterlab {wheels[-1] if wheels else ''}",
        f"    {use} check_setup.py",
    ]


def command() -> str:
    """Return how to call this Python in a terminal."""
    inside = os.path.relpath(sys.executable)
    if not inside.startswith(".."):
        return inside
    version = ".".join(map(str, sys.version_info[:2]))
    if os.name == "nt":
        return f"py -{version}"
    for name in ("python3", f"python{version}"):
        if shutil.which(name) == sys.executable:
            return name
    return sys.executable


if __name__ == "__main__":
    sys.exit(main())
