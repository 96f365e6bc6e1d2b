"""The built wheel, in an empty environment, does what the README promises."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def run(*command: str | Path, cwd: Path, **env: str) -> str:
    """Standard output of a command that must succeed."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "SHEETSYNC_"))}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={**clean, "PYTHONUTF8": "1", **env},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, f"{command}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--outdir", folder, ROOT, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_carries_everything_but_tests(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for part in ("locales/ru/layout.toml", "templates/sheetsync.toml.j2", "py.typed"):
        assert f"sheetsync/{part}" in names
    source = {
        f"sheetsync/{path.relative_to(ROOT).as_posix()}"
        for part in ("shared/*.js", "server/*.js", "card/*.js", "card/card.*")
        for path in (ROOT / "appscript").glob(part)
    }
    page = {f"sheetsync/addon/preview/page/{name}" for name in ("page.html", "page.js", "shim.js")}
    assert source | page | {"sheetsync/appscript/appsscript.json"} <= names
    assert "sheetsync/addon/preview/services/Services.js" in names
    tools = ("node_modules", "package.json", "package-lock.json", "eslint.config.js")
    assert not [name for name in names if any(tool in name for tool in tools)]
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if name.startswith(("tests", "benchmarks"))]


def test_the_installed_wheel_makes_the_demo_and_a_crm(wheel: Path, tmp_path: Path) -> None:
    venv, home = tmp_path / "venv", tmp_path / "home"
    home.mkdir()
    run(sys.executable, "-m", "venv", venv, cwd=tmp_path)
    binaries = venv / ("Scripts" if os.name == "nt" else "bin")
    install = ("-m", "pip", "install", "-q", "--no-compile")  # most modules are never imported
    run(binaries / "python", *install, wheel, cwd=tmp_path)
    sheetsync = binaries / "sheetsync"

    said = run(sheetsync, "demo", "--leads", "60", cwd=home, SHEETSYNC_LANG="en")
    assert (home / "sheetsync-demo" / "crm.xlsx").exists()
    assert "Whom to call now" in said
    assert "No changes." in run(
        sheetsync, "refresh", "sheetsync-demo/crm.xlsx", cwd=home, SHEETSYNC_LANG="en"
    )

    run(sheetsync, "init", "shop.xlsx", "--kind", "shop", "--lang", "ru", cwd=home)
    assert 'target = "shop.xlsx"' in (home / "sheetsync.toml").read_text(encoding="utf-8")
    run(sheetsync, "refresh", cwd=home)
    assert "README.md" in run(sheetsync, "addon", "build", cwd=home, SHEETSYNC_LANG="en")
    assert (home / "sheetsync-addon" / "Sidebar.html").exists()
