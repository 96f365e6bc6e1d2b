"""An .xlsx file as a package of parts: content types, relationships, and a careful save.

What nobody edits is copied as it is, part by part, in the order of the old file.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import BinaryIO

from lxml import etree

from sheetsync.workbooks.xlsx.xml import parse, serialise

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_CONTENT_TYPES = "[Content_Types].xml"


class Package:
    """The parts of a workbook in memory.

    Parameters
    ----------
    parts : the bytes of an .xlsx file, or the parts of a new one by name
    """

    def __init__(self, parts: bytes | Mapping[str, bytes]) -> None:
        self._old: zipfile.ZipFile | None = None
        self._new: dict[str, bytes] = {}
        if isinstance(parts, bytes):
            self._old = zipfile.ZipFile(BytesIO(parts))
        else:
            self._new.update(parts)
        self._infos = {info.filename: info for info in self._old.infolist()} if self._old else {}
        self._gone: set[str] = set()
        self._trees: dict[str, etree._Element] = {}
        self._edited: set[str] = set()

    def __contains__(self, name: object) -> bool:
        return name in self._new or (name in self._infos and name not in self._gone)

    def read(self, name: str) -> bytes:
        """A part's bytes; BadZipFile when others speak of a part that is not there."""
        if name in self._new:
            return self._new[name]
        if name not in self or self._old is None:
            raise zipfile.BadZipFile(f"there is no part {name}")
        return self._old.read(name)

    def write(self, name: str, data: bytes) -> None:
        """Replace a part, or add one."""
        self._new[name] = data
        self._gone.discard(name)

    def tree(self, name: str) -> etree._Element:
        """A small part's tree, to look at."""
        if name not in self._trees:
            self._trees[name] = parse(self.read(name))
        return self._trees[name]

    def edit(self, name: str) -> etree._Element:
        """A small part's tree, to change: it is written back by :meth:`save`."""
        self._edited.add(name)
        return self.tree(name)

    def add(self, name: str, content_type: str, data: bytes) -> None:
        """A new part with its content type."""
        self.write(name, data)
        types = self.edit(_CONTENT_TYPES)
        etree.SubElement(
            types, f"{{{_TYPES}}}Override", PartName="/" + name, ContentType=content_type
        )

    def remove(self, name: str) -> None:
        """Take a part out, with its content type; its relationships are the caller's."""
        self._new.pop(name, None)
        self._gone.add(name)
        for override in self.edit(_CONTENT_TYPES).findall(f"{{{_TYPES}}}Override"):
            if (override.get("PartName") or "").lower() == f"/{name}".lower():
                _remove(override)

    def content_type(self, name: str) -> str:
        """A part's content type, or ""."""
        for override in self.tree(_CONTENT_TYPES).findall(f"{{{_TYPES}}}Override"):
            if (override.get("PartName") or "").lower() == f"/{name}".lower():
                return override.get("ContentType") or ""
        return ""

    def relations(self, source: str) -> Iterator[tuple[str, str, str]]:
        """(id, last word of the type, target part) of a part's inner relationships.

        The package itself has the name "".
        """
        path = _rels_of(source)
        if path not in self:
            return
        for relation in self.tree(path):
            if isinstance(relation.tag, str) and relation.get("TargetMode") != "External":
                target = relation.get("Target") or ""
                yield (
                    relation.get("Id") or "",
                    (relation.get("Type") or "").rpartition("/")[2],
                    posixpath.normpath(
                        posixpath.join("/", posixpath.dirname(source), target)
                    ).lstrip("/"),
                )

    def relate(self, source: str, kind: str, target: str) -> str:
        """A new relationship from ``source`` to the part ``target``; its id."""
        path = _rels_of(source)
        if path not in self:
            self.write(path, f'<Relationships xmlns="{_RELS}"/>'.encode())
        root = self.edit(path)
        taken = {relation.get("Id") for relation in root if isinstance(relation.tag, str)}
        number = 1
        while f"rId{number}" in taken:
            number += 1
        etree.SubElement(
            root, f"{{{_RELS}}}Relationship", Id=f"rId{number}", Type=kind, Target="/" + target
        )
        return f"rId{number}"

    def unrelate(self, source: str, target: str) -> None:
        """Take out the relationships from ``source`` to the part ``target``."""
        ids = {key for key, _, part in self.relations(source) if part == target}
        if ids:
            for relation in self.edit(_rels_of(source)):
                if relation.get("Id") in ids:
                    _remove(relation)

    def save(self, out: BinaryIO) -> None:
        """Write the package.

        A part that nobody touched goes through its checksum on the way, so that a broken old
        file can't become a good-looking new one.
        """
        for name in self._edited:
            self.write(name, serialise(self._trees[name]))
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as target:
            for name, info in self._infos.items():
                if name in self and not info.is_dir():
                    entry = _entry(name, info)
                    target.writestr(entry, self.read(name))
            for name, data in self._new.items():
                if name not in self._infos:
                    target.writestr(_entry(name), data)


def _entry(name: str, like: zipfile.ZipInfo | None = None) -> zipfile.ZipInfo:
    # A fixed date: the same content makes the same file.
    entry = zipfile.ZipInfo(name, like.date_time if like else (1980, 1, 1, 0, 0, 0))
    entry.compress_type = like.compress_type if like else zipfile.ZIP_DEFLATED
    entry.external_attr = like.external_attr if like else 0o600 << 16
    return entry


def _rels_of(source: str) -> str:
    folder, _, name = source.rpartition("/")
    return f"{folder}/_rels/{name}.rels".lstrip("/")


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
