"""Pairs to learn from: a description of a synset, and what else is known of it.

The two never share a word, so that meaning is learnt and not spelling. A description is a random part
of the gloss, or what is said of a synset below; the rest is its words, the remaining gloss, its parents.
"""

import numpy as np

from vocabulary import words_of


class Pairs:
    def __init__(self, synsets, row_by_word: dict[str, int], rng):
        self._rng = rng
        self._synsets = synsets
        index_by_name = {s.name: at for at, s in enumerate(synsets)}

        def rows(text):
            return np.array([row_by_word[w] for w in words_of(text) if w in row_by_word], np.int32)

        self._words = [rows(" ".join(s.words)) for s in synsets]
        self._gloss = [rows(s.gloss) for s in synsets]
        self._children = [[index_by_name[c.name] for c in s.children] for s in synsets]
        self._parents = [[index_by_name[p.name] for p in s.parents] for s in synsets]

    def draw(self, at: int):
        """Rows of a description and of a document of synset `at`, or None where too little is known."""
        chance = self._rng.random
        gloss = self._gloss[at]
        described = chance(len(gloss)) < self._rng.uniform(0.3, 0.9)
        query = gloss[described]
        children = self._children[at]
        if children and chance() < 0.5:
            child = children[self._rng.integers(len(children))]
            below = np.concatenate([self._words[child], self._gloss[child]])
            query = below if chance() < 0.5 else np.concatenate([query, below[chance(len(below)) < 0.5]])
        parts = [self._words[at]] * (1 if chance() < 0.5 else 2)
        if chance() < 0.7:
            parts.append(gloss[~described])
        if chance() < 0.6:
            parts += [self._words[p] for p in self._parents[at]]
        if chance() < 0.4:
            parts += [self._gloss[p] for p in self._parents[at]]
        document = np.concatenate(parts)
        document = document[~np.isin(document, query)]
        return (query, document) if len(query) > 1 and len(document) else None
