"""Writes the table that src/embed/word-table.ts reads; the layout is described there."""

import gzip
import struct
from pathlib import Path

import numpy as np

LAYOUT_VERSION = 1
# Steps between zero and the typical component: fewer make a smaller file. Rounding to one of them errs by
# a twentieth of that component (1 / (6 sqrt 12)), and less in a sum of words, where errors cancel.
STEPS_PER_DEVIATION = 6
# A word outside the table is as long as a quarter of the typical word: enough to find itself again.
UNKNOWN_LENGTH = 0.25


def write_table(path: Path, words: list[str], vectors: np.ndarray) -> None:
    order = sorted(range(len(words)), key=lambda row: words[row])
    vectors = vectors[order]
    step = vectors.std() / STEPS_PER_DEVIATION
    components = np.clip(np.rint(vectors / step), -127, 127).astype(np.int8)
    typical = np.median(np.linalg.norm(components.astype(np.float32), axis=1))
    amplitude = round(UNKNOWN_LENGTH * float(typical) / vectors.shape[1] ** 0.5)
    word_list = "\n".join(words[row] for row in order).encode()
    head = struct.pack("<4sIIIII", b"CLWV", LAYOUT_VERSION, *vectors.shape, amplitude, len(word_list))
    # No file name and no time in the gzip header: the same table gives the same bytes.
    path.write_bytes(gzip.compress(head + word_list + components.tobytes(), 9, mtime=0))
    print(f"{path}: {path.stat().st_size} bytes, {len(words)} words")
