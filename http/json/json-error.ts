// What is wrong with a text that is no JSON, and where: as serde_json, the parser of Chroma's server, says it.

/** A place in a text that breaks the grammar. The problem is told in serde_json's words. */
export class JsonError extends Error {
  override readonly name = "JsonError";
  readonly #path: (string | number)[] = [];

  /**
   * @param end     behind what was read
   * @param misfit  whether the character there is what does not fit; its first byte counts as read
   */
  constructor(
    readonly problem: string,
    readonly end: number,
    readonly misfit = false,
  ) {
    super(problem);
  }

  /** Notes that the place lies inside this field or element; called from the inside out. */
  inside(key: string | number): this {
    this.#path.unshift(key);
    return this;
  }

  /** The error in full: `a.b[0]: expected value at line 1 column 17`, where columns count bytes of UTF-8. */
  describe(text: string): string {
    const before = text.slice(0, this.end) + (this.misfit && text[this.end] === "\n" ? "\n" : "");
    const lineStart = before.lastIndexOf("\n") + 1;
    const line = before.slice(0, lineStart).split("\n").length;
    const bytes = new TextEncoder().encode(before.slice(lineStart)).length;
    const column = this.misfit && lineStart <= this.end ? bytes + 1 : bytes;
    const path = this.#path.map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`)).join("");
    const place = path === "" ? "" : `${path.replace(/^\./, "")}: `;
    return `${place}${this.problem} at line ${line} column ${column}`;
  }
}
