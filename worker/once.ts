// What a worker loads when it is first used, and then has.

/**
 * `load`, carried out once: whoever asks later gets the same promise. One that failed is tried again by the
 * next call, since a network comes back. Parameters are those of the first call.
 */
export function loadOnce<Parameters extends readonly unknown[], Loaded>(
  load: (...parameters: Parameters) => Promise<Loaded>,
): (...parameters: Parameters) => Promise<Loaded> {
  let loading: Promise<Loaded> | undefined;
  return (...parameters) => {
    loading ??= load(...parameters).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}
