// What an index tells about itself: `hnsw_state_t` of hnsw.h, word by word.

/** How vectors are kept for searching: a byte a number and one scale for all, or each number as f32. */
export type CodeKind = "i8" | "f32";
export const codeKinds: readonly CodeKind[] = ["i8", "f32"];

/** What an index holds. */
export interface HnswState {
  /** Vectors appended, removed ones among them. */
  readonly slots: number;
  readonly removed: number;
  /** Slots below this are in the graph, or were removed before their turn. */
  readonly indexed: number;
  readonly nodes: number;
  readonly nodesRemoved: number;
  readonly removedWords: number;
  readonly codeKind: CodeKind;
  /** The magnitude that the largest code stands for; 0 before the first row and with f32 codes. */
  readonly scale: number;
  /** The scale of the next fit: the 99.99 % quantile of all magnitudes appended. */
  readonly fittedScale: number;
  /** Share of all values that are beyond the scale, 0 to 1. */
  readonly clippedShare: number;
  /** Codes were converted since they were encoded, and would gain by `recode`. */
  readonly isStale: boolean;
  /** Slots that the next codes are made for; undefined when none are being made. */
  readonly recoded: number | undefined;
  /** Counts all changes but appended and removed slots. */
  readonly revision: number;
  readonly cachedRows: number;
  readonly memoryBytes: number;
  readonly maxLevel: number;
  readonly entryNode: number;
  readonly tapeBlocks: number;
}

/** Words of a `hnsw_state_t`. */
export const stateWords = 18;
const notRecoding = 0xffffffff;

/** Reads a `hnsw_state_t`. */
export function decodeState(words: Uint32Array): HnswState {
  const floats = new Float32Array(words.slice().buffer);
  return {
    slots: words[0]!,
    removed: words[1]!,
    indexed: words[2]!,
    nodes: words[3]!,
    nodesRemoved: words[4]!,
    removedWords: words[5]!,
    codeKind: codeKinds[words[6]!] ?? "f32",
    scale: floats[7]!,
    fittedScale: floats[8]!,
    clippedShare: floats[9]!,
    isStale: words[10] === 1,
    recoded: words[11] === notRecoding ? undefined : words[11]!,
    revision: words[12]!,
    cachedRows: words[13]!,
    memoryBytes: words[14]!,
    maxLevel: words[15]!,
    entryNode: words[16]!,
    tapeBlocks: words[17]!,
  };
}
