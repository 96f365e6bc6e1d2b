"""The file on the disk: reading it whole, locks of other programs, replacing it in one step."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sheetsync.errors import ConflictError, LockedError, TargetError

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of .xls and of encrypted files
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class Stamp:
    """What a file was when it was read."""

    size: int
    mtime_ns: int
    sha256: str


def load(path: Path) -> tuple[bytes, Stamp]:
    """A workbook file's bytes and its stamp.

    Raises
    ------
    TargetError
        No such file, no right to read it, or nothing like an .xlsx file.
    """
    try:
        status = path.stat()
        data = path.read_bytes()
    except FileNotFoundError:
        raise TargetError("xlsx_not_found", path=path) from None
    except IsADirectoryError:
        raise TargetError("xlsx_not_a_workbook", path=path) from None
    except PermissionError:
        key = "xlsx_not_a_workbook" if path.is_dir() else "xlsx_unreadable"
        raise TargetError(key, path=path) from None
    except OSError as error:
        raise TargetError("xlsx_unreadable", path=path) from error
    if data.startswith(_OLE):
        key = "xlsx_encrypted" if _ENCRYPTED in data else "xlsx_old_format"
        raise TargetError(key, path=path)
    if not data.startswith(_ZIP):
        raise TargetError("xlsx_not_a_workbook", path=path)
    return data, Stamp(status.st_size, status.st_mtime_ns, hashlib.sha256(data).hexdigest())


def check_unlocked(path: Path) -> None:
    """LockedError when Excel or LibreOffice has the file open, as their lock files tell."""
    real = path.resolve()
    libre = real.with_name(f".~lock.{real.name}#")
    if libre.exists():
        raise LockedError("xlsx_open", path=path, who=_libreoffice_user(libre), lock=libre.name)
    excel = real.with_name(f"~${real.name}")
    if excel.exists():
        raise LockedError("xlsx_open", path=path, who=_excel_user(excel), lock=excel.name)


def _libreoffice_user(lock: Path) -> str:
    # ",user,host,dd.mm.yyyy hh:mm,file:///profile;", the first field a name if one was given
    try:
        fields = lock.read_text(encoding="utf-8", errors="replace").split(",")
    except OSError:
        return "LibreOffice"
    names = [name.strip() for name in fields[:3]]
    names += [""] * (3 - len(names))
    person = names[0] or names[1]
    return " @ ".join(part for part in (person, names[2]) if part) or "LibreOffice"


def _excel_user(lock: Path) -> str:
    # One byte of length, then the name in the machine's own code page, padded with spaces; the
    # same name again in UTF-16 behind it.
    try:
        data = lock.read_bytes()
    except OSError:
        return "Excel"
    length = int.from_bytes(data[55:57], "little")
    name = data[57 : 57 + 2 * length].decode("utf-16-le", errors="ignore").strip()
    return name if name.isprintable() and name else "Excel"


def backup_of(path: Path) -> Path:
    """Where the previous version of a file is kept: ``crm.backup.xlsx`` beside ``crm.xlsx``."""
    return path.with_name(f"{path.stem}.backup{path.suffix}")


def replace(path: Path, write: Callable[[BinaryIO], None], *, base: Stamp | None) -> Path | None:
    """Put a new version in a file's place, as one step or not at all.

    Parameters
    ----------
    write : fills the new file
    base : what the file must still be; None when there must be none

    Returns
    -------
    Path or None
        Where the previous version is kept.

    Raises
    ------
    ConflictError
        Somebody wrote the file in the meantime.
    LockedError
        Windows holds the file for another program.
    TargetError
        The file is read-only, or the folder is not there or can't be written.
    """
    path = path.resolve()  # a link stays a link
    if base is not None:
        _check_writable(path)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.stem}.", suffix=".tmp", dir=path.parent)
    except FileNotFoundError:
        raise TargetError("xlsx_no_folder", folder=path.parent) from None
    except OSError:
        raise TargetError("xlsx_unwritable", folder=path.parent) from None
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            write(out)
            out.flush()
            os.fsync(out.fileno())
        if base is None:
            temporary.chmod(0o666 & ~_umask())
        else:
            shutil.copymode(path, temporary)
        _check_unchanged(path, base)
        backup = _keep(path) if base is not None else None
        temporary.replace(path)
    except PermissionError:
        raise LockedError("xlsx_busy", path=path) from None
    except FileNotFoundError:
        raise ConflictError("xlsx_changed", path=path) from None
    except OSError as error:
        raise TargetError("xlsx_unwritable", folder=path.parent) from error
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(path.parent)
    return backup


def _check_writable(path: Path) -> None:
    # A file is replaced by the rights to its folder alone; but whoever made it read-only meant it.
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise ConflictError("xlsx_changed", path=path) from None
    as_now = os.access in os.supports_effective_ids
    # Root may write to any file, so that only the mode tells.
    if not mode & 0o222 or not os.access(path, os.W_OK, effective_ids=as_now):
        raise TargetError("xlsx_read_only", path=path)


def _check_unchanged(path: Path, base: Stamp | None) -> None:
    if base is None:
        if path.exists():
            raise ConflictError("xlsx_changed", path=path)
        return
    status = path.stat()
    if (status.st_size, status.st_mtime_ns) == (base.size, base.mtime_ns):
        return
    with path.open("rb") as file:  # only touched, or copied back and forth, is no change
        if hashlib.file_digest(file, "sha256").hexdigest() != base.sha256:
            raise ConflictError("xlsx_changed", path=path)


def _keep(path: Path) -> Path:
    backup = backup_of(path)
    handle, name = tempfile.mkstemp(prefix=f".{path.stem}.", suffix=".tmp", dir=path.parent)
    os.close(handle)
    try:
        shutil.copy2(path, name)
        Path(name).replace(backup)
    finally:
        Path(name).unlink(missing_ok=True)
    return backup


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sync_folder(folder: Path) -> None:
    # So that the new name survives a power cut; Windows can't open folders.
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
