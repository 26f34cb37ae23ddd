// One operation that an engine was given, until it is answered.

import type { Operation, Reply } from "../../src/protocol/operation.ts";
import type { Handler } from "./handler.ts";
import type { Ticket } from "./tickets.ts";

export interface Task {
  readonly operation: Operation;
  readonly handler: Handler;
  readonly isGroupable: boolean;
  readonly ticket: Ticket;
  readonly reply: (reply: Reply) => void;
}
