// The few parts of Node that the page's side uses there. Nothing of Node is imported: a bundler for
// the page would have to resolve it, and `getBuiltinModule` is there in Node 20.16 and newer.

/** A worker of node:worker_threads, as far as it is used. */
export interface NodeWorker {
  postMessage(message: unknown, transfer?: unknown[]): void;
  on(event: string, listener: (value: unknown) => void): void;
  off(event: string, listener: (value: unknown) => void): void;
  ref(): void;
  unref(): void;
  terminate(): Promise<number>;
}

interface NodeModules {
  "node:fs": {
    realpathSync(path: string): string;
    statSync(path: string, options: { throwIfNoEntry: false }): { isFile(): boolean } | undefined;
    readFileSync(path: string, encoding: "utf8"): string;
  };
  "node:path": {
    resolve(path: string): string;
    dirname(path: string): string;
    basename(path: string): string;
    join(...parts: string[]): string;
  };
  "node:util": { parseEnv(text: string): Readonly<Record<string, string>> };
  "node:worker_threads": {
    Worker: new (url: URL, options: { name: string; execArgv: readonly string[] }) => NodeWorker;
  };
}

interface NodeProcess {
  readonly env?: Readonly<Record<string, string | undefined>>;
  getBuiltinModule?<Name extends keyof NodeModules>(name: Name): NodeModules[Name];
}

function nodeProcess(): NodeProcess | undefined {
  return (globalThis as { process?: NodeProcess }).process;
}

/** A built-in module of Node, or undefined in a page. */
export function nodeModule<Name extends keyof NodeModules>(name: Name): NodeModules[Name] | undefined {
  return nodeProcess()?.getBuiltinModule?.(name);
}

/** A variable of the environment; in a page only where something defines `process.env`. */
export function environmentVariable(name: string): string | undefined {
  return nodeProcess()?.env?.[name];
}
