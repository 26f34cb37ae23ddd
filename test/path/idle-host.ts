// The host of a path's checkpoints that knows of nothing: for tests that look at what a path has stored.

import type { CheckpointHost } from "../../worker/path/images.ts";

export const idleHost: CheckpointHost = {
  catalog: () => null,
  record: () => null,
  images: () => undefined,
  load: async () => {},
  pause: async () => {},
};
