"""A wheel built from a copy of the sources, and the command of it in an environment that holds nothing else of ours."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

from tests.bot.running import environment

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "feeds", "postings")


def built(folder: Path) -> Path:
    """The wheel, built below a folder; what git ignores of the checkout plays no part."""
    sources = folder / "sources"
    for name in (*PACKAGES, "tests"):
        shutil.copytree(ROOT / name, sources / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, sources)
    _python("-m", "build", "--no-isolation", "--wheel", "--outdir", str(folder), str(sources))
    (wheel,) = folder.glob("vigie-*.whl")
    return wheel


def installed(wheel: Path, folder: Path) -> Path:
    """The command `vigie` of a new environment that has the wheel, and the dependencies of this one.

    The dependencies are reached through a `.pth` file, so that nothing is fetched. The files of that kind that they
    brought along are not followed from there: a checkout that is installed as editable is not seen.
    """
    venv.create(folder, with_pip=False)
    pip = ["-m", "pip", "--python", str(folder / "bin" / "python"), "--disable-pip-version-check"]
    _python(*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel))
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return folder / "bin" / "vigie"


def _python(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise AssertionError(done.stdout + done.stderr)
