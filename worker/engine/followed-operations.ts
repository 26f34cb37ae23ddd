// Operations about a write that is under way.

import type { WriteProgress } from "../../src/protocol/followed-write.ts";
import { ok, type TicketHandler } from "./handler.ts";

export const progress: TicketHandler = {
  kind: "ticket",
  run: (ticket) => ok({ done: ticket?.done ?? 0 } satisfies WriteProgress),
};

export const cancel: TicketHandler = {
  kind: "ticket",
  run: (ticket) => {
    ticket?.cancel();
    return ok({});
  },
};
