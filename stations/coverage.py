"""Which areas the stations reach, as equal squares: a diagram of how many, never a map with boundary lines."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from .models import Area, Station

# words of a zone's or town's full name that a square has no room for
_LONG = re.compile(
    r"^天津经济技术开发区东区|^天津滨海新区|^天津港?(?=保税)|^中新天津|（其他片区）|保税港区$|技术产业开发区$|街道$"
)


@dataclass
class Tile:
    """One area: what stands in it, and what elsewhere serves it."""

    area: Area
    here: list[Station] = field(default_factory=list)
    serving: list[Station] = field(default_factory=list)

    @property
    def short(self) -> str:
        name = _LONG.sub("", self.area.name).replace("天津经济技术开发区", "经开其他片区")
        return name or self.area.name

    @property
    def tone(self) -> str:
        return "full" if self.here else "part" if self.serving else "none"

    @property
    def words(self) -> str:
        """The same without colour."""
        if self.here:
            return f"设站 {len(self.here)}"
        return "他站服务" if self.serving else "未覆盖"


def tiles(areas: Iterable[Area], stations: Iterable[Station]) -> list[Tile]:
    """A square for each area, by code; `stations` come with `area` and `serves` at hand."""
    found = {area.pk: Tile(area) for area in areas}
    for station in stations:
        found[station.area_id].here.append(station)
        for area in station.serves.all():
            if area.pk != station.area_id:
                found[area.pk].serving.append(station)
    return list(found.values())


def counted(found: Iterable[Tile]) -> dict[str, int]:
    """How many squares of each tone."""
    told = {"full": 0, "part": 0, "none": 0}
    for tile in found:
        told[tile.tone] += 1
    return told
