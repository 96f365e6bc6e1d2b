"""Developer metadata: create, update, delete."""

from __future__ import annotations

from typing import Any

from .. import masks
from ..errors import invalid
from ..filters import metadata_of
from ..grid import Metadata
from ..metadata import Index, check_quota, place_of
from . import Batch, handles


@handles("createDeveloperMetadata")
def create(batch: Batch, body: dict[str, Any]) -> dict[str, Any]:
    wanted = body.get("developerMetadata", {})
    spreadsheet = batch.spreadsheet
    for name in ("metadataKey", "location", "visibility"):
        if not wanted.get(name) or str(wanted[name]).endswith("_UNSPECIFIED"):
            raise invalid(f"DeveloperMetadata.{name} is required")
    id = wanted.get("metadataId")
    if id is None:
        id = spreadsheet.new_id(spreadsheet.metadata)
    elif id <= 0:
        raise invalid(f"Invalid metadata ID: {id}. IDs must be positive.")
    elif id in spreadsheet.metadata:
        raise invalid(f"A developer metadata with ID: {id} already exists.")
    new = Metadata(
        id,
        wanted["metadataKey"],
        wanted.get("metadataValue"),
        wanted["visibility"],
        place_of(spreadsheet, wanted["location"]),
    )
    spreadsheet.metadata[id] = new
    check_quota(spreadsheet)
    return {"developerMetadata": Index(spreadsheet).shown(new)}


@handles("updateDeveloperMetadata")
def update(batch: Batch, body: dict[str, Any]) -> dict[str, Any]:
    mask = masks.for_update(body.get("fields"), "DeveloperMetadata")
    wanted = body.get("developerMetadata", {})
    if "*" in mask:
        mask = {"metadataKey": None, "metadataValue": None, "location": None, "visibility": None}
    if "metadataId" in mask:
        raise invalid("Field is read-only: metadata_id")
    spreadsheet = batch.spreadsheet
    found = metadata_of(spreadsheet, body.get("dataFilters", []))
    for each in found:
        if "metadataKey" in mask:
            each.key = wanted.get("metadataKey", "")
            if not each.key:
                raise invalid("DeveloperMetadata.metadataKey is required")
        if "metadataValue" in mask:
            each.value = wanted.get("metadataValue")
        if "visibility" in mask:
            each.visibility = wanted.get("visibility", "")
            if each.visibility not in ("DOCUMENT", "PROJECT"):
                raise invalid("DeveloperMetadata.visibility is required")
        if "location" in mask:
            each.place = place_of(spreadsheet, wanted.get("location", {}))
    check_quota(spreadsheet)
    index = Index(spreadsheet)
    return {"developerMetadata": [index.shown(each) for each in found]} if found else {}


@handles("deleteDeveloperMetadata")
def delete(batch: Batch, body: dict[str, Any]) -> dict[str, Any]:
    spreadsheet = batch.spreadsheet
    found = metadata_of(spreadsheet, [body["dataFilter"]] if "dataFilter" in body else [])
    index = Index(spreadsheet)
    gone = [index.shown(each) for each in found]
    for each in found:
        del spreadsheet.metadata[each.id]
    return {"deletedDeveloperMetadata": gone} if gone else {}
