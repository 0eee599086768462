"""Places: countries, their subdivisions, and the regions of England between a district and England.

Countries and subdivisions are ISO 3166-1 and 3166-2 as pycountry publishes them. The nine English regions carry the
codes of the Office for National Statistics (E12000001 to E12000009, Open Government Licence), which ISO lacks; they
stand under GB-ENG, and every English subdivision stands under its region, so a search in a region finds its districts.
Names are the ones people say: "Bristol" where ISO lists "Bristol, City of".
"""

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

import msgspec


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """One place: its code, the name people use, and the code of the place it lies in, if any."""

    code: str
    name: str
    parent: str | None


@cache
def places() -> Mapping[str, Place]:
    """Give every known place by code; the first call takes about 50 ms, later ones nothing."""
    found = {place.code: place for place in _published()}
    found.update(
        {code: Place(code=code, name=name, parent="GB-ENG") for code, name in ENGLISH_REGIONS.items()}
    )
    return MappingProxyType(found)


def is_place(code: str) -> bool:
    """Say whether the code is an ISO 3166 country (two letters), a subdivision, or an English region."""
    return code in places()


def with_ancestors(code: str) -> tuple[str, ...]:
    """List the code itself, then the places around it, nearest first; a code we do not know stands alone.

    Leeds gives `("GB-LDS", "E12000003", "GB-ENG", "GB")`. An unknown code is no error here: events outlive tables,
    and a read model must still show an old one.
    """
    place = places().get(code)
    return (code,) if place is None or place.parent is None else (code, *with_ancestors(place.parent))


def name_of(code: str) -> str:
    """Name a place for people; a code we do not know is its own name."""
    place = places().get(code)
    return code if place is None else place.name


def named_in_gb(name: str) -> str | None:
    """Find a place of the United Kingdom, or a country, by the name people use, in whatever case; None for others.

    Names of places elsewhere in the world are too often those of places here, or of several.
    """
    return _named().get(" ".join(name.casefold().split()))


@cache
def _named() -> Mapping[str, str]:
    """Give codes by name: countries, then parts of the United Kingdom, then English regions, which win."""
    of_interest = [place for place in places().values() if place.parent is None or _is_british(place.code)]
    return {place.name.casefold(): place.code for place in sorted(of_interest, key=_rank)}


def _is_british(code: str) -> bool:
    return code.startswith("GB-") or code in ENGLISH_REGIONS


def _rank(place: Place) -> int:
    return 2 if place.code in ENGLISH_REGIONS else int(place.parent is not None)


def _published() -> Iterator[Place]:
    """Read countries and subdivisions out of pycountry, with our names and the English regions between."""
    import pycountry  # noqa: PLC0415 - it costs 40 ms, which only those who ask for a place should pay.

    for country in pycountry.countries:
        name = _NAMES.get(country.alpha_2) or getattr(country, "common_name", country.name)
        yield Place(code=country.alpha_2, name=name, parent=None)
    for part in pycountry.subdivisions:
        # A second name follows in brackets where a place has two official languages.
        name = _NAMES.get(part.code) or part.name.partition(" [")[0]
        parent = _REGION_OF.get(part.code) or part.parent_code or part.country_code
        yield Place(code=part.code, name=name, parent=parent)


ENGLISH_REGIONS: Mapping[str, str] = MappingProxyType(
    {
        "E12000001": "North East",
        "E12000002": "North West",
        "E12000003": "Yorkshire and The Humber",
        "E12000004": "East Midlands",
        "E12000005": "West Midlands",
        "E12000006": "East of England",
        "E12000007": "London",
        "E12000008": "South East",
        "E12000009": "South West",
    }
)

# Which English subdivisions of ISO 3166-2 lie in which region, as the Office for National Statistics draws them.
_SUBDIVISIONS_OF_REGION = {
    "E12000001": "DAL DUR GAT HPL MDB NBL NET NTY RCC SND STT STY",
    "E12000002": "BBD BOL BPL BUR CHE CHW CMA HAL KWL LAN LIV MAN OLD RCH SFT SHN SKP SLF TAM TRF WGN WRL WRT",
    "E12000003": "BNS BRD CLD DNC ERY KHL KIR LDS NEL NLN NYK ROT SHF WKF YOR",
    "E12000004": "DBY DER LCE LEC LIN NGM NNH NTT RUT WNH",
    "E12000005": "BIR COV DUD HEF SAW SHR SOL STE STS TFW WAR WLL WLV WOR",
    "E12000006": "BDF CAM CBF ESS HRT LUT NFK PTE SFK SOS THR",
    "E12000007": (
        "BDG BEN BEX BNE BRY CMD CRY EAL ENF GRE HAV HCK HIL HMF HNS HRW HRY "
        "ISL KEC KTT LBH LEW LND MRT NWM RDB RIC STN SWK TWH WFT WND WSM"
    ),
    "E12000008": "BKM BNH BRC ESX HAM IOW KEN MDW MIK OXF POR RDG SLG SRY STH WBK WNM WOK WSX",
    "E12000009": "BAS BCP BST CON DEV DOR GLS IOS NSM PLY SGC SOM SWD TOB WIL",
}

_REGION_OF = {
    f"GB-{part}": region for region, parts in _SUBDIVISIONS_OF_REGION.items() for part in parts.split()
}

# Names as people say them, where the published one is turned round, carries its kind, or is rarely used.
_NAMES = {
    "CD": "Democratic Republic of the Congo",
    "FM": "Micronesia",
    "PS": "Palestine",
    "RU": "Russia",
    "VA": "Vatican City",
    "VG": "British Virgin Islands",
    "VI": "United States Virgin Islands",
    "GB-ABE": "Aberdeen",
    "GB-BFS": "Belfast",
    "GB-BST": "Bristol",
    "GB-DND": "Dundee",
    "GB-DUR": "County Durham",
    "GB-EDH": "Edinburgh",
    "GB-ELS": "Western Isles",
    "GB-GLG": "Glasgow",
    "GB-KHL": "Hull",
    "GB-LND": "City of London",
    "GB-MUL": "Mid Ulster",
    "GB-ORK": "Orkney",
    "GB-SHN": "St Helens",
    "GB-VGL": "Vale of Glamorgan",
    "GB-ZET": "Shetland",
}
