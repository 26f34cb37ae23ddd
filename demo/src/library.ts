// The two collections of the page in one client, and what embeds for them. Both remember their embedding function by name, so
// that what is stored and what is asked always meet in the same space.

import { type ClientStorage, type Collection, PersistentClient } from "chromalite";
import { English } from "./english.ts";

export interface Library {
  readonly dictionary: Collection;
  readonly notes: Collection;
  readonly storage: ClientStorage;
  /** Embeds what is added and what is asked. */
  readonly english: English;
  /** Ends the embedder, and the client. */
  close(): Promise<void>;
}

/**
 * Opens what is stored, or makes it.
 *
 * @param edition  which data the dictionary is loaded from; one of another edition is dropped
 * @throws {ChromaliteError}  storage is unavailable, the worker does not start, …
 */
export async function openLibrary(path: string, edition: string): Promise<Library> {
  const client = new PersistentClient({ path });
  const english = new English();
  const close = async (): Promise<void> => {
    english.terminate();
    await client.close();
  };
  try {
    const dictionary = await openDictionary(client, english, edition);
    const notes = await client.getOrCreateCollection({ name: "notes", embeddingFunction: english });
    return { dictionary, notes, storage: client.storage, english, close };
  } catch (error) {
    // Else a second attempt would find the path held by the first.
    await close();
    throw error;
  }
}

async function openDictionary(
  client: PersistentClient,
  embeddingFunction: English,
  edition: string,
): Promise<Collection> {
  const wanted = { name: "dictionary", embeddingFunction, metadata: { edition } };
  const stored = await client.getOrCreateCollection(wanted);
  if (stored.metadata?.["edition"] === edition) return stored;
  await client.deleteCollection({ name: wanted.name });
  return client.createCollection(wanted);
}
