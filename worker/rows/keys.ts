// Names of metadata keys and their numbers, the same in all shards of a collection.

/** Numbers keys in the order of their first use. A key keeps its number when its last value goes. */
export class Keys {
  readonly #numberByName = new Map<string, number>();
  readonly #names: string[] = [];

  /** The key's number, if any record ever had the key. */
  getNumber(name: string): number | undefined {
    return this.#numberByName.get(name);
  }

  /** The key's number; a new key gets the next one. */
  numberOf(name: string): number {
    return this.#numberByName.get(name) ?? this.restore(this.#names.length, name);
  }

  /** Takes over a key of a stored shard. Several shards may hold the same key. */
  restore(number: number, name: string): number {
    this.#names[number] = name;
    this.#numberByName.set(name, number);
    return number;
  }

  mustGetName(number: number): string {
    const name = this.#names[number];
    if (name === undefined) throw new Error(`metadata key ${number} has no name`);
    return name;
  }
}
