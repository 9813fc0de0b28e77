"""The two queries with an algorithm in them, against the same thing worked out in Python."""

import random
import statistics
from collections import defaultdict
from collections.abc import Iterable
from itertools import permutations
from pathlib import Path

import pytest

from dpc_kg.base.rdfio import read
from dpc_kg.base.vocab import CODES, DPC, ID, RDF_TYPE, XSD
from dpc_kg.store.catalogue import find, run
from dpc_kg.store.embedded import EmbeddedStore

STRENGTH = {"md5": 1, "sha1": 2, "sha256": 3}
ORGS = ("org-a", "org-b", "org-c", "org-d")
Quad = tuple[str, str, str, str]


def organization(org: str) -> str:
    return f"{ID}{org}/organization/{org}"


def store_of(quads: Iterable[Quad]) -> EmbeddedStore:
    graphs: dict[str, list[str]] = defaultdict(list)
    for subject, name, value, org in quads:
        graph = f"https://w3id.org/dpc/graph/{org}/pending"
        predicate = name if "//" in name else DPC + name
        number = value.isdigit()
        item = f'"{value}"^^<{XSD}integer>' if number else f"<{value}>"
        graphs[graph].append(f"<{subject}> <{predicate}> {item} <{graph}> .\n")
    store = EmbeddedStore.in_memory()
    for graph, lines in graphs.items():
        store.load_graph(graph, "".join(lines).encode())
    return store


def durations(rng: random.Random) -> list[int]:
    """Give seconds that fall close together, far apart and into the same slot of time."""
    count = rng.choice((1, 2, 3, 4, 9, 10, 41, 60))
    spread = rng.choice((3, 60, 3600, 86_400, 40_000_000))
    start = rng.choice((0, 3590, 86_390, 1_209_000))
    return [start + rng.randrange(spread) for _ in range(count)]


@pytest.mark.parametrize("seed", range(40))
def test_the_median_is_the_median(seed: int) -> None:
    rng = random.Random(seed)
    given = {org: durations(rng) for org in ORGS}
    quads: list[Quad] = []
    for org, seconds in given.items():
        for number, value in enumerate(seconds):
            referral = f"{ID}{org}/referral/{number:064x}"
            quads.append((referral, "sentBy", organization(org), org))
            quads.append((referral, "reportToReferralSeconds", str(value), org))
    with store_of(quads) as store:
        table = run(store, find("time-report-to-referral"))
    assert {row[0]: row[1] for row in table.rows} == {
        organization(org): len(values) for org, values in given.items()
    }
    for row in table.rows:
        values = given[str(row[0]).rsplit("/", 1)[-1]]
        assert row[3] == statistics.median(values)
        assert row[4] == max(values)
        assert abs(float(row[2] or 0) - statistics.fmean(values)) <= 0.5


def files(rng: random.Random) -> list[dict[str, set[str]]]:
    """Give for each file the organisations that saw it, each with the algorithms it has."""
    made = []
    for _ in range(rng.randrange(1, 12)):
        orgs = rng.sample(ORGS, rng.randrange(1, len(ORGS) + 1))
        made.append({org: set(rng.sample(list(STRENGTH), rng.randrange(1, 4))) for org in orgs})
    return made


def quads_of(seen: list[dict[str, set[str]]]) -> Iterable[Quad]:
    for number, by_org in enumerate(seen):
        for org, algorithms in by_org.items():
            item = f"{ID}{org}/content/{number:064x}"
            for algorithm in algorithms:
                name = hash_of(number, algorithm)
                sighting = f"{ID}{org}/sighting/{STRENGTH[algorithm]}{number:063x}"
                yield name, RDF_TYPE, DPC + "HashReference", org
                yield name, "hashAlgorithm", f"{CODES}hash-algorithm/{algorithm}", org
                yield item, "hasHash", name, org
                yield sighting, "isSightingOf", name, org
                yield sighting, "observer", organization(org), org
                yield sighting, "sightingCount", "2", org


def hash_of(number: int, algorithm: str) -> str:
    return f"{ID}coalition/hash/{STRENGTH[algorithm]}{number:063x}"


def holders(by_org: dict[str, set[str]], algorithm: str) -> list[str]:
    return [org for org, algorithms in by_org.items() if algorithm in algorithms]


def kept(by_org: dict[str, set[str]]) -> list[str]:
    """Give the algorithms under which a file is listed: one, if its hashes are known to be one's.

    Two hashes that no organisation holds together cannot be known to be of one file.
    """
    rank = {a: (len(holders(by_org, a)), STRENGTH[a]) for a in STRENGTH}
    return [
        a
        for a in STRENGTH
        if rank[a][0] > 1
        and not any(
            rank[b] > rank[a] and {a, b} <= held for b in STRENGTH for held in by_org.values()
        )
    ]


@pytest.mark.parametrize("seed", range(40))
def test_shared_hashes_count_files_once(seed: int) -> None:
    seen = files(random.Random(seed))
    expected = set()
    for number, by_org in enumerate(seen):
        for algorithm in kept(by_org):
            count = len(holders(by_org, algorithm))
            code = f"{CODES}hash-algorithm/{algorithm}"
            expected.add((hash_of(number, algorithm), code, count, 2 * count))
    with store_of(quads_of(seen)) as store:
        rows = run(store, find("shared-hashes")).rows
    assert set(rows) == expected
    assert len(rows) == len(expected)


@pytest.mark.parametrize("seed", range(40))
def test_pairs_share_by_the_strongest_both_have(seed: int) -> None:
    seen = files(random.Random(seed))
    expected: dict[tuple[str, str, str], int] = defaultdict(int)
    for by_org in seen:
        for one, two in permutations(by_org, 2):
            both = by_org[one] & by_org[two]
            if both:
                strongest = max(both, key=STRENGTH.__getitem__)
                code = f"{CODES}hash-algorithm/{strongest}"
                expected[organization(one), organization(two), code] += 1
    with store_of(quads_of(seen)) as store:
        rows = run(store, find("shared-hashes-by-pair")).rows
    assert {row[:3]: row[3] for row in rows} == expected


def test_the_strengths_are_those_of_the_ontology(repository: Path) -> None:
    graph = read(repository / "ontology/codes/hash-algorithm.ttl")
    found = {
        str(subject).rsplit("/", 1)[-1]: int(str(value))
        for subject, predicate, value in graph
        if str(predicate) == DPC + "strength"
    }
    assert found == STRENGTH
    for name in ("shared-hashes", "shared-hashes-by-pair"):
        for algorithm, strength in found.items():
            assert f"<{CODES}hash-algorithm/{algorithm}> {strength})" in find(name).text
