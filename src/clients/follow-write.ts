// A write that its caller follows: told how far it is, and cancelled when its signal is aborted.

import { cancelOperation, progressOperation, type WriteProgress } from "../protocol/followed-write.ts";
import type { ApiClient, ApiMethod } from "../transport/operation-client.ts";
import { onAbort } from "./on-abort.ts";
import type { WriteOptions } from "./types.ts";

/** How often the engine is asked how far a write is, in milliseconds. */
const progressEveryMs = 100;

/** An API client for one write of records. A server's writes are followed only until they are sent. */
export function followWrite(apiClient: ApiClient, { signal, onProgress }: WriteOptions): ApiClient {
  if (signal === undefined && onProgress === undefined) return apiClient;
  const post: ApiMethod = async (request) => {
    signal?.throwIfAborted();
    const { length: total } = (request.body as { ids: readonly unknown[] }).ids;
    const following = apiClient.answersTickets === true ? new Following(apiClient) : undefined;
    const stop = following?.start({ signal, onDone: onProgress && ((done) => onProgress({ done, total })) });
    try {
      const reply = await apiClient.post({ ...request, ...following?.named });
      following?.assertHeard();
      onProgress?.({ done: total, total });
      return reply;
    } catch (error) {
      following?.assertHeard();
      if (signal?.aborted === true && (error as { code?: unknown }).code === "cancelled") throw signal.reason;
      throw error;
    } finally {
      stop?.();
    }
  };
  return { ...apiClient, post };
}

interface Follower {
  readonly signal: AbortSignal | undefined;
  readonly onDone: ((done: number) => void) | undefined;
}

/** One write under way. Whatever becomes of the questions, the write's own answer is what counts. */
class Following {
  readonly named = { ticket: crypto.getRandomValues(new BigUint64Array(1))[0]!.toString(36) };
  readonly #apiClient: ApiClient;
  #done = 0;
  #isAsking = false;
  #isOver = false;
  #isGivenUp = false;
  #thrown: { readonly error: unknown } | undefined;

  constructor(apiClient: ApiClient) {
    this.#apiClient = apiClient;
  }

  /** @returns  a function that ends it */
  start({ signal, onDone }: Follower): () => void {
    const cancel = (): void => void this.#cancel();
    const ignore = onAbort(signal, cancel);
    const timer = setInterval(() => {
      // The engine that heard of it may be gone: the one after it was sent the write again.
      if (this.#isGivenUp) cancel();
      else if (onDone) void this.#ask(onDone);
    }, progressEveryMs);
    return () => {
      this.#isOver = true;
      ignore();
      clearInterval(timer);
    };
  }

  /** Throws what a listener threw: it gave the write up by that. */
  assertHeard(): void {
    if (this.#thrown) throw this.#thrown.error;
  }

  async #ask(onDone: (done: number) => void): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    const { get } = this.#apiClient;
    const reply = await get({ url: progressOperation.route, path: this.named }).catch(() => undefined);
    this.#isAsking = false;
    const { done = 0 } = (reply?.data ?? {}) as Partial<WriteProgress>;
    // A write that is sent again begins anew in another engine; for whoever looks on it does not go back.
    if (this.#isOver || done <= this.#done) return;
    this.#done = done;
    try {
      if (!this.#thrown) onDone(done);
    } catch (error) {
      this.#thrown = { error };
      await this.#cancel();
    }
  }

  async #cancel(): Promise<void> {
    this.#isGivenUp = true;
    await this.#apiClient.delete({ url: cancelOperation.route, path: this.named }).catch(() => undefined);
  }
}
