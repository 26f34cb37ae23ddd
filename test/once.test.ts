import { expect, test, vi } from "vitest";
import { loadOnce } from "../worker/once.ts";

test("what is asked for twice, at once and later, is loaded once", async () => {
  const load = vi.fn(async (folder: string) => ({ folder }));
  const get = loadOnce(load);
  const [first, second] = await Promise.all([get("a"), get("a")]);
  expect(await get("a")).toBe(first);
  expect(second).toBe(first);
  expect(load).toHaveBeenCalledTimes(1);
});

test("a load that failed is told to all who waited for it, and tried again by the next", async () => {
  const load = vi.fn(async () => "loaded").mockRejectedValueOnce(new Error("offline"));
  const get = loadOnce(load);
  const both = await Promise.allSettled([get(), get()]);
  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await get()).toBe("loaded");
  expect(load).toHaveBeenCalledTimes(2);
});
