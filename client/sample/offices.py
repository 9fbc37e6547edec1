"""The thirteen offices, their sizes, and how numbers are drawn for them."""
import hashlib
from typing import NamedTuple

LABEL = "合成樣本資料"


class Office(NamedTuple):
    code: str
    district: str
    men: int  # registered population of the district
    women: int
    effect: int  # how the office does beside the average, in per mille of its staff

    @property
    def people(self):
        return self.men + self.women

    @property
    def small(self):
        return self.people < 90_000


# Population: household registration figures of Taoyuan City by district, March 2022 (民國111年3月各區現住人口). Real; it only sets
# how large an office is. The last column is invented.
OFFICES = [
    Office("68000010", "桃園", 221309, 237514, 6),
    Office("68000020", "中壢", 206335, 215141, -16),
    Office("68000030", "大溪", 48030, 46456, 4),
    Office("68000040", "楊梅", 88493, 88211, -6),
    Office("68000050", "蘆竹", 82330, 84056, 2),
    Office("68000060", "大園", 44296, 42945, -14),
    Office("68000070", "龜山", 83117, 84495, 12),
    Office("68000080", "八德", 103893, 105554, 0),
    Office("68000090", "龍潭", 61868, 62383, 8),
    Office("68000100", "平鎮", 112528, 114968, 10),
    Office("68000110", "新屋", 26049, 23078, -24),
    Office("68000120", "觀音", 36797, 34350, -30),
    Office("68000130", "復興", 6788, 5929, -34),
]


def draw(low, high, *key):
    """An integer from low to high, the same one for the same key on every machine."""
    digest = hashlib.sha256("/".join(map(str, key)).encode()).digest()
    return low + int.from_bytes(digest[:8], "big") % (high - low + 1)


def choose(options, *key):
    return options[draw(0, len(options) - 1, *key)]
