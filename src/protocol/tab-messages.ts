// What tabs that have one path open say to each other, on a channel named by the path alone. Builds of every
// version hear each other there, so the first two fields of a message never change.

import { handshakeVersion } from "./engine-port.ts";

interface Envelope {
  readonly chromalite: "tabs";
  /** `handshakeVersion` of the sender's build. */
  readonly version: number;
}

/** The tab that leads, and how it can be reached. */
export interface LeaderNotice {
  readonly tab: string;
  /** The broker that it is known to; null where it has none. */
  readonly broker: string | null;
}

export type TabMessage =
  | { readonly type: "who leads" }
  | ({ readonly type: "I lead" } & LeaderNotice)
  /** For the tab that leads: its engine is wanted on a BroadcastChannel of this name. */
  | { readonly type: "connect"; readonly tab: string; readonly wire: string };

export function channelName(path: string): string {
  return `chromalite:${path}`;
}

export function toEnvelope(message: TabMessage): TabMessage & Envelope {
  return { chromalite: "tabs", version: handshakeVersion, ...message };
}

/** A message of a tab of this build; the version alone where it is of another; undefined for anything else. */
export function openEnvelope(data: unknown): { version: number; message?: TabMessage } | undefined {
  if (!isEnvelope(data)) return undefined;
  const { version } = data;
  return version === handshakeVersion ? { version, message: data as TabMessage & Envelope } : { version };
}

function isEnvelope(data: unknown): data is Envelope {
  return (
    typeof data === "object" &&
    data !== null &&
    "chromalite" in data &&
    data.chromalite === "tabs" &&
    "version" in data &&
    typeof data.version === "number"
  );
}
