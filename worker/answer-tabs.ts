// Answers the tabs that ask who leads where the page of this worker does not: it may stand at a dialog, or in a
// debugger, or compute. Whoever hears of the worker connects to it by a channel, past the page. Counterpart of
// src/transport/tabs/path-meeting.ts.

import { channelName, openEnvelope, type TabMessage, toEnvelope } from "../src/protocol/tab-messages.ts";

/** What the page may take to answer. */
const PAGE_ANSWER_MS = 700;

/**
 * From now on, until the returned function is called, this worker leads.
 * @param path     canonical
 * @param connect  brings a tab to the engine; its wire is a BroadcastChannel of this name
 */
export function answerTabs(path: string, connect: (wire: string) => void): () => void {
  const channel = new BroadcastChannel(channelName(path));
  const tab = crypto.randomUUID();
  const post = (message: TabMessage): void => channel.postMessage(toEnvelope(message));
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = (): void => {
    timer = undefined;
    post({ type: "I lead", tab, broker: null });
  };
  channel.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    const message = openEnvelope(data)?.message;
    if (message?.type === "who leads") timer ??= setTimeout(wait, PAGE_ANSWER_MS);
    if (message?.type === "connect" && message.tab === tab) connect(message.wire);
    if (message?.type !== "I lead") return;
    clearTimeout(timer);
    timer = undefined;
  });
  return () => {
    clearTimeout(timer);
    channel.close();
  };
}
