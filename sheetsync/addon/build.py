"""The add-on as an Apps Script project: file name -> text.

Static source goes in as it is; generated are ``Config.js``, ``PhoneData.js``, ``Sidebar.html`` and
the manifest. The same options give the same texts.
"""

from __future__ import annotations

from functools import cache

from sheetsync.addon import banner, card, config, data, manifest, sources
from sheetsync.addon.config import Options

Project = dict[str, str]


def project(options: Options) -> Project:
    """Everything that Apps Script gets, by name, the manifest first."""
    settings = config.config_js(options)
    phones, junk = _tables()
    ours = manifest.manifest(options.timezone, digest=options.digest is not None)
    scripts = {
        config.NAME: settings,
        "PhoneData.js": phones,
        **sources.with_shared("server"),
    }
    tables = {"PhoneData.js": phones, "JunkData.js": junk, config.NAME: settings}
    made = {**dict(sorted(scripts.items())), card.NAME: card.card_html(tables)}
    _check_names(made)
    return {
        manifest.NAME: manifest.dumps(ours),
        **{name: banner.stamped(name, text) for name, text in made.items()},
    }


def _check_names(made: Project) -> None:
    """In a script project a script and a page of one name can't be."""
    if len({name.partition(".")[0].lower() for name in made}) < len(made):
        raise ValueError(f"two files have one name: {sorted(made)}")


@cache
def _tables() -> tuple[str, str]:
    """Numbering plans, and what junk looks like: the same in every build."""
    return data.phone_data(), data.junk_data()


def in_one(made: Project) -> str:
    """All scripts of a project as one, for people who paste by hand."""
    scripts = [text for name, text in made.items() if name.endswith(".js")]
    # The banners inside are comments like others; the one that counts is put before all.
    return "\n".join(scripts)
