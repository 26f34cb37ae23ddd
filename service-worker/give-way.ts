// A tab that opens the path of the Service Worker's engine gets in line for it and asks who leads
// (src/transport/tabs). A Service Worker leads nobody, since it may be ended at any time: it lets go.

import type { Transport } from "../src/protocol/operation.ts";
import { channelName, openEnvelope } from "../src/protocol/tab-messages.ts";
import { canonicalPath } from "../worker/storage/path.ts";

/** Closes `engine` whenever a tab, of whatever build, has or wants its path. */
export function giveWayToTabs(path: string, engine: Transport): void {
  const channel = new BroadcastChannel(channelName(canonicalPath(path)));
  channel.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (openEnvelope(data)) void engine.close();
  });
}
