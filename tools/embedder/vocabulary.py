"""Which words the table has, and with which vectors training starts.

Words are cut as src/embed/words-of.ts cuts them: runs of the letters a to z in lower case.
"""

import json
import re
from collections import Counter
from pathlib import Path

import numpy as np

# A word at rank r of GloVe's list is taken to make up this share of running text over r + 1 (Zipf's law).
TOP_WORD_SHARE = 0.02
# WordNet's own words count this much less than those of running text when the vocabulary is chosen.
GLOSS_DISCOUNT = 0.1
# The smoothing constant of inverse-frequency weights (Arora et al. 2017, "SIF").
SIF_SMOOTHING = 1e-3
# Directions that all words share tell nothing apart (Mu and Viswanath 2018).
COMMON_DIRECTIONS = 2


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.lower())


def read_glove(path: Path) -> tuple[dict[str, np.ndarray], dict[str, int]]:
    """Vectors and ranks by word, of words of letters alone."""
    rows = json.loads(path.read_text())["vectors"]
    words = [word for word in rows if re.fullmatch(r"[a-z]+", word)]
    return (
        {word: np.array(rows[word][:100], np.float32) for word in words},
        {word: rows[word][101] for word in words},
    )


def choose_words(synsets, rank_by_word: dict[str, int], size: int) -> tuple[list[str], np.ndarray]:
    """The `size` most useful words, and for each its share of running text or of the glosses."""
    counts = Counter(word for s in synsets for word in words_of(f"{s.gloss} {' '.join(s.words)}"))
    total = sum(counts.values())
    in_text = {word: TOP_WORD_SHARE / (1 + rank) for word, rank in rank_by_word.items()}
    in_glosses = {word: count / total for word, count in counts.items()}
    both = in_text.keys() | in_glosses.keys()
    use = {w: in_text.get(w, 0) + GLOSS_DISCOUNT * in_glosses.get(w, 0) for w in both}
    words = sorted(use, key=lambda word: (-use[word], word))[:size]
    share = np.array([max(in_text.get(w, 0), in_glosses.get(w, 0)) for w in words])
    return words, share


def initial_vectors(words, share, vector_by_word, dimension: int, rng) -> np.ndarray:
    """GloVe's directions without the common ones, at lengths of inverse frequency; noise for the rest."""
    vectors = rng.normal(0, 0.02, (len(words), dimension)).astype(np.float32)
    for row, word in enumerate(words):
        if word in vector_by_word:
            known = vector_by_word[word]
            vectors[row, : len(known)] = known / np.linalg.norm(known)
    vectors -= vectors.mean(0)
    common = np.linalg.svd(vectors, full_matrices=False)[2][:COMMON_DIRECTIONS]
    vectors -= (vectors @ common.T) @ common
    return vectors * (SIF_SMOOTHING / (SIF_SMOOTHING + share))[:, None].astype(np.float32)
