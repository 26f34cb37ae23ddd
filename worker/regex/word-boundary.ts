// Patterns with \b or \B over texts that are not ASCII. RE2 knows ASCII words only, so its compiled program
// is run here, as a set of states that advances with each character, with Rust's notion of a word.
// It reads the program of re2js 2.10: `rust-regex.test.ts` fails where an upgrade changes that.

/** What is read of re2js's instructions. */
export interface ProgramInstruction {
  readonly op: number;
  readonly out: number;
  readonly arg: number;
  matchRune(codePoint: number): boolean;
}

/** What is read of re2js's programs. */
export interface Program {
  readonly start: number;
  numInst(): number;
  getInst(at: number): ProgramInstruction;
}

/** Operations, by re2js's numbers. Instruction 0 fails. */
const Op = {
  alternative: 1,
  alternativeMatch: 2,
  capture: 3,
  emptyWidth: 4,
  match: 6,
  nothing: 7,
  oneOf: 8,
  one: 9,
  any: 10,
  anyButNewline: 11,
} as const;

/** Conditions between two characters, bits of an `emptyWidth`'s argument. */
const BEGIN_LINE = 1;
const END_LINE = 2;
const BEGIN_TEXT = 4;
const END_TEXT = 8;
const WORD_BOUNDARY = 16;
const NO_WORD_BOUNDARY = 32;

const NEWLINE = 10;
/** Before the first character and after the last one. */
const NO_CHARACTER = -1;

const wordCharacter = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u;

/** Runs one program; not reentrant. */
export class WordBoundaryMatcher {
  readonly #program: Program;
  /** The step in which a state was last added, by state. */
  readonly #addedAt: Int32Array;
  #step = 0;

  constructor(program: Program) {
    this.#program = program;
    this.#addedAt = new Int32Array(program.numInst());
  }

  /** Whether the program matches anywhere. Cost: up to the program's size for each character. */
  matches(text: string): boolean {
    this.#addedAt.fill(0);
    this.#step = 0;
    let states: number[] = [];
    let previous = NO_CHARACTER;
    for (let at = 0; ;) {
      const character = text.codePointAt(at) ?? NO_CHARACTER;
      this.#step++;
      // A match may begin at every character, besides those that are under way.
      const current = this.#follow([...states, this.#program.start], conditions(previous, character));
      if (current === "match") return true;
      if (character === NO_CHARACTER) return false;
      states = current.filter((state) => accepts(this.#program.getInst(state), character));
      states = states.map((state) => this.#program.getInst(state).out);
      previous = character;
      at += character > 0xffff ? 2 : 1;
    }
  }

  /** The states that read a character and are reached from `states` without reading one. */
  #follow(states: number[], holding: number): number[] | "match" {
    const reading: number[] = [];
    const pending = states;
    for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
      if (state === 0 || this.#addedAt[state] === this.#step) continue;
      this.#addedAt[state] = this.#step;
      const instruction = this.#program.getInst(state);
      switch (instruction.op) {
        case Op.match:
          return "match";
        case Op.alternative:
        case Op.alternativeMatch:
          pending.push(instruction.out, instruction.arg);
          break;
        case Op.capture:
        case Op.nothing:
          pending.push(instruction.out);
          break;
        case Op.emptyWidth:
          if ((instruction.arg & ~holding) === 0) pending.push(instruction.out);
          break;
        default:
          reading.push(state);
      }
    }
    return reading;
  }
}

function accepts(instruction: ProgramInstruction, character: number): boolean {
  switch (instruction.op) {
    case Op.oneOf:
    case Op.one:
      return instruction.matchRune(character);
    case Op.any:
      return true;
    case Op.anyButNewline:
      return character !== NEWLINE;
    default:
      return false;
  }
}

function conditions(previous: number, next: number): number {
  let holding = isWord(previous) === isWord(next) ? NO_WORD_BOUNDARY : WORD_BOUNDARY;
  if (previous === NO_CHARACTER) holding |= BEGIN_TEXT | BEGIN_LINE;
  if (previous === NEWLINE) holding |= BEGIN_LINE;
  if (next === NO_CHARACTER) holding |= END_TEXT | END_LINE;
  if (next === NEWLINE) holding |= END_LINE;
  return holding;
}

/** Whether a code point is part of a word, as \w and \b have it. */
export function isWord(character: number): boolean {
  return character !== NO_CHARACTER && wordCharacter.test(String.fromCodePoint(character));
}
