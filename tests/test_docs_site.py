"""The documentation as a site: every page is there, as a forge shows it, and nothing is fetched from elsewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

ROOT = Path(__file__).parent.parent
PAGES = sorted((ROOT / "docs").glob("*.md"))
_FETCHED = re.compile(r"""<(?:script|link|img|iframe)\b[^>]*?(?:src|href)=["']?(?:https?:)?//""")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, (
        done.stderr
    )  # a link or an anchor that leads nowhere, a page that no menu has
    return folder


def _shown(html: str) -> dict[str, int]:
    return {
        tag: len(re.findall(rf"<{tag}\b", html)) for tag in ("li", "tr", "pre", "code", "h2", "h3", "img")
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.name))
def test_a_page_has_what_it_has_on_a_forge(site: Path, page: Path) -> None:
    html = (site / f"{page.stem}.html").read_text("utf-8")
    main = html.partition('role="main"')[2].partition("<footer")[0]
    # The site is made by other rules than CommonMark: a block within a list would be taken for text.
    forge = MarkdownIt().enable("table").render(page.read_text("utf-8"))
    assert _shown(main) == _shown(forge)
    assert not _FETCHED.search(html)
