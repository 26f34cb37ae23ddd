// A leading worker beside its page, on one channel: it speaks where the page does not.

import { afterEach, expect, test, vi } from "vitest";
import { channelName, openEnvelope, type TabMessage, toEnvelope } from "../../src/protocol/tab-messages.ts";
import { answerTabs } from "../../worker/answer-tabs.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const close of closing.splice(0)) close();
});

/** A tab on the channel, and what it hears. */
function tab(path: string) {
  const channel = new BroadcastChannel(channelName(path));
  const heard: TabMessage[] = [];
  channel.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    const message = openEnvelope(data)?.message;
    if (message) heard.push(message);
  });
  closing.push(() => channel.close());
  return { heard, say: (message: TabMessage) => channel.postMessage(toEnvelope(message)) };
}

/** Lets what was posted arrive, and then time pass. */
async function pass(ms: number): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await new Promise((next) => setImmediate(next));
  await vi.advanceTimersByTimeAsync(ms);
  for (let turn = 0; turn < 100; turn++) await new Promise((next) => setImmediate(next));
}

function lead(path: string) {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const wires: string[] = [];
  const stop = answerTabs(path, (wire) => wires.push(wire));
  closing.push(stop);
  return { wires, stop };
}

test("a worker whose page does not answer says that it leads, once, and is connected to", async () => {
  const { wires } = lead("stuck");
  const asking = tab("stuck");
  asking.say({ type: "who leads" });
  asking.say({ type: "who leads" });
  await pass(500);
  expect(asking.heard).toEqual([]);
  await pass(500);
  expect(asking.heard).toMatchObject([{ type: "I lead", broker: null }]);
  const [notice] = asking.heard;
  asking.say({ type: "connect", tab: "another tab", wire: "not for the worker" });
  asking.say({ type: "connect", tab: notice?.type === "I lead" ? notice.tab : "", wire: "a wire" });
  await pass(0);
  expect(wires).toEqual(["a wire"]);
});

test("a worker whose page answers says nothing", async () => {
  lead("awake");
  const asking = tab("awake");
  const page = tab("awake");
  asking.say({ type: "who leads" });
  page.say({ type: "I lead", tab: "page", broker: null });
  await pass(5000);
  expect(asking.heard).toMatchObject([{ tab: "page" }]);
});

test("a worker that is closed leads no more", async () => {
  const { stop } = lead("closed");
  const asking = tab("closed");
  asking.say({ type: "who leads" });
  await pass(0);
  stop();
  await pass(5000);
  expect(asking.heard).toEqual([]);
});
