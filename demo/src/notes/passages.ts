// Cuts a text into passages short enough to mean one thing. A paragraph is one, unless it says too little
// for itself or too much; long ones are cut between sentences. A heading of Markdown goes with all that
// stands below it.

export interface Passage {
  readonly text: string;
  /** The nearest Markdown heading above, without its signs; empty where there is none. */
  readonly heading: string;
  /** Lines of the whole text, from 1. */
  readonly lineStart: number;
  readonly lineEnd: number;
}

/** A stretch of the text: characters `start` to `end`, without white space at the ends. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** About two sentences more would blur what a passage is about. */
const charactersMax = 400;

/** What is shorter takes the next paragraph along. */
const charactersMin = 60;

const heading = /^#{1,6}\s+(.+?)\s*#*$/;

/** Passages in the order of the text; none where it says nothing. */
export function passagesOf(text: string, isMarkdown: boolean): Passage[] {
  const lineAt = lineCounter(text);
  const passages: Passage[] = [];
  let above = "";
  let open: Span | undefined;

  const close = (): void => {
    if (!open) return;
    const { start, end } = open;
    passages.push({
      text: text.slice(start, end),
      heading: above,
      lineStart: lineAt(start),
      lineEnd: lineAt(end - 1),
    });
    open = undefined;
  };

  for (const paragraph of paragraphsOf(text)) {
    const title = isMarkdown ? heading.exec(text.slice(paragraph.start, paragraph.end))?.[1] : undefined;
    if (title !== undefined) {
      close();
      above = title;
      continue;
    }
    if (open && open.end - open.start >= charactersMin) close();
    for (const span of splitSpan(text, paragraph)) {
      if (open && span.end - open.start > charactersMax) close();
      open = { start: open?.start ?? span.start, end: span.end };
    }
  }
  close();
  return passages;
}

/** Paragraphs end at an empty line, and before and behind a heading. */
function* paragraphsOf(text: string): Generator<Span> {
  let open: Span | undefined;
  for (const { 0: line, index } of text.matchAll(/[^\n]+|\n/g)) {
    if (line === "\n") continue;
    const span = trimSpan(text, { start: index, end: index + line.length });
    const isEmpty = span.start >= span.end;
    const isHeading = heading.test(text.slice(span.start, span.end));
    if (open && (isEmpty || isHeading || text.slice(open.end, index).split("\n").length > 2)) {
      yield open;
      open = undefined;
    }
    if (isHeading) yield span;
    else if (!isEmpty) open = { start: open?.start ?? span.start, end: span.end };
  }
  if (open) yield open;
}

/** A paragraph as it is, or sentence by sentence, or a sentence without end word by word. */
function* splitSpan(text: string, span: Span): Generator<Span> {
  if (span.end - span.start <= charactersMax) {
    yield span;
    return;
  }
  const pieces = new Intl.Segmenter(undefined, { granularity: "sentence" }).segment(
    text.slice(span.start, span.end),
  );
  for (const { segment, index } of pieces) {
    const sentence = trimSpan(text, {
      start: span.start + index,
      end: span.start + index + segment.length,
    });
    if (sentence.start < sentence.end) yield* splitLong(text, sentence);
  }
}

function* splitLong(text: string, { start, end }: Span): Generator<Span> {
  while (end - start > charactersMax) {
    const space = text.lastIndexOf(" ", start + charactersMax);
    const cut = space > start ? space : start + charactersMax;
    yield trimSpan(text, { start, end: cut });
    start = trimSpan(text, { start: cut, end }).start;
  }
  yield { start, end };
}

function trimSpan(text: string, { start, end }: Span): Span {
  while (start < end && /\s/.test(text[start]!)) start++;
  while (end > start && /\s/.test(text[end - 1]!)) end--;
  return { start, end };
}

/** The line of an offset; offsets are asked in ascending order. */
function lineCounter(text: string): (offset: number) => number {
  let line = 1;
  let counted = 0;
  return (offset) => {
    for (; counted < offset; counted++) if (text[counted] === "\n") line++;
    return line;
  };
}
